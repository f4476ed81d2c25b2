// What pages see of the client.
"use strict";

const { reuse } = require("./news.js");

/**
 * @param {import("./core").Core} core
 * @returns {import("./onechat").State}
 */
function stateOf(core) {
  const matching = core.matching;
  const before = core.news.last;
  return {
    connection: reuse(before && before.connection, {
      status: core.connection.status, why: core.isStopped() ? core.why : null,
      until: core.until, retry_at: core.connection.retryAt,
    }),
    welcomed: core.isWelcomed,
    user: matching.user(),
    topics: core.topics,
    limits: core.limits,
    away_ms: core.awayMs,
    waiting: matching.chat ? null : matching.search.shown(),
    chat: matching.chat && matching.chat.state(),
    ended: matching.old && matching.showsOld ? matching.old.state() : null,
  };
}

module.exports = { stateOf: stateOf };
