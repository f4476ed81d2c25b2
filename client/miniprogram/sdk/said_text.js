// One own text on its way to the server, and what its state and its refusals mean.
"use strict";

const errors = require("./errors.js");

/** @typedef {import("./onechat").ErrorCode} ErrorCode */
/** @typedef {import("./protocol").EventBody} EventBody */
/** @typedef {import("./stored").StoredText} StoredText */

/**
 * A text; `cid` is 0 when it needs a new one, `cids` are all under which it was ever said.
 * @typedef {object} Text
 * @property {string} id
 * @property {string} text
 * @property {number} at
 * @property {"sending" | "failed"} state
 * @property {ErrorCode | null} code
 * @property {number} cid
 * @property {number[]} cids
 * @property {boolean} isSaid on this connection, and not answered
 * @property {boolean} isPast of an earlier chat of the pair: it is not said in this one
 * @property {number} renumbered how often it was refused for its cid
 * @property {import("./errors").Deferred<EventBody>} settled
 */

/**
 * @param {StoredText} stored
 * @returns {Text}
 */
function made(stored) {
  return {
    id: stored.id, text: stored.text, at: stored.at, state: stored.state, code: stored.code,
    cid: stored.cid, cids: stored.cids, isSaid: false, isPast: false, renumbered: 0,
    settled: errors.deferred(),
  };
}

/**
 * @param {Text} text
 * @returns {StoredText}
 */
function stored(text) {
  return {
    id: text.id, text: text.text, at: text.at, state: text.state, code: text.code,
    cid: text.cid, cids: text.cids,
  };
}

/**
 * @param {Text} text
 * @returns {boolean} whether it is to be said in this chat
 */
function isWaiting(text) {
  return text.state === "sending" && !text.isPast;
}

/**
 * Whether a text without a number stands before one that may have been accepted already.
 * @param {Text[]} texts
 */
function isOutOfOrder(texts) {
  let unnumbered = false;
  return texts.some((text) => {
    if (!isWaiting(text)) {
      return false;
    }
    unnumbered = unnumbered || text.cid === 0;
    return unnumbered && text.cid !== 0;
  });
}

/**
 * @param {import("./protocol").ServerNack} nack
 * @returns {boolean}
 */
function mayRepeat(nack) {
  return nack.retry_ms !== undefined || nack.code === "in_flight_full" ||
    nack.code === "rate_limited" || nack.code === "store_unavailable" ||
    nack.code === "platform_busy" || nack.code === "not_ready";
}

module.exports = {
  isOutOfOrder: isOutOfOrder, isWaiting: isWaiting, made: made, mayRepeat: mayRepeat,
  stored: stored,
};
