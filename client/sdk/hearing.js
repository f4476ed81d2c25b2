// What follows from each frame of the server: who is told, and what is stored.
"use strict";

/** @typedef {import("./core").Core} Core */
/** @typedef {import("./protocol").ServerMessage} ServerMessage */

/** What a failed login means: those here end the attempts. */
const finalLogins = ["login_failed", "login_risky", "bad_field", "forbidden"];

/**
 * @param {Core} core
 * @param {ServerMessage} message
 */
function hear(core, message) {
  const request = core.requests.answered(message);
  if (request) {
    follow(core, request, message);
  }
  switch (message.t) {
    case "welcome": core.welcomed(message); break;
    case "waiting": core.matching.waiting(message); break;
    case "matched": matched(core, message); break;
    case "idle": core.matching.idle(message); break;
    case "event": happened(core, message); break;
    case "ack": acked(core, message); break;
    case "nack": nacked(core, message); break;
    case "partner": partner(core, message); break;
    case "typing": typed(core, message); break;
    case "seen": seen(core, message); break;
    case "pong": core.clockOffset = message.now - core.clock.now(); break;
    case "error":
      if (!request) {
        refused(core, message);
      }
      break;
    default:  // an answer to a request, or newer than this client
  }
}

/**
 * What an answer changes besides. The end of the current chat is not always told by `idle`.
 * @param {Core} core
 * @param {any} request
 * @param {ServerMessage} answer
 */
function follow(core, request, answer) {
  const chat = core.matching.chat;
  const ends = answer.t === "cleared" || answer.t === "blocked" && answer.on;
  if (ends && chat && chat.pair === request.pair) {
    core.matching.end(chat, { by: "me", reason: "left" }, true);
  }
  if (answer.t === "erased" || answer.t === "idle" && request.t === "logout") {
    core.forgetAll();
    core.giveUp(answer.t === "erased" ? "erased" : "logged_out");
  }
}

/**
 * @param {Core} core
 * @param {import("./protocol").ServerMatched} message
 */
function matched(core, message) {
  core.matching.matched(message);
  const chat = core.matching.chat;
  if (chat && chat.pair === message.pair) {
    chat.outbox.inFlightMax = core.limits.in_flight;
    chat.outbox.open(message.last_cid, false);
    chat.outbox.live();
  }
}

/**
 * @param {Core} core
 * @param {import("./protocol").ServerEvent} message
 */
function happened(core, message) {
  const chat = core.matching.chatOf(message.pair);
  if (!chat) {
    return;
  }
  const event = eventOf(message);
  const taken = chat.take(event);
  if (chat === core.matching.chat) {
    if (taken === "new") {
      core.news.tell("event", () => event);
    }
    core.stillReplayed(chat);
  }
  if (event.kind === "end" && taken !== "held") {
    core.matching.heardEnd(chat);
  }
  core.kept.storeSoon();
  core.changed();
}

/**
 * @param {import("./protocol").ServerEvent} message
 * @returns {import("./protocol").EventBody}
 */
function eventOf(message) {
  const event = Object.assign({}, message);
  delete (/** @type {any} */ (event)).t;
  delete event.rid;
  return event;
}

/**
 * @param {Core} core
 * @param {import("./protocol").ServerAck} ack
 */
function acked(core, ack) {
  const chat = core.matching.chatOf(ack.pair);
  const said = chat && chat.outbox.find(ack.cid);
  if (said) {
    happened(core, {
      t: "event", pair: ack.pair, seq: ack.seq, at: ack.at, from: "me", kind: "text",
      text: said.text, cid: ack.cid,
    });
  }
}

/**
 * @param {Core} core
 * @param {import("./protocol").ServerNack} nack
 */
function nacked(core, nack) {
  const matching = core.matching;
  const chat = nack.pair === undefined ? matching.chat : matching.chatOf(nack.pair);
  if (chat && chat.outbox.refused(nack)) {
    chat.changed();
    core.kept.storeNow();
    core.changed();
  }
}

/**
 * @param {Core} core
 * @param {import("./protocol").ServerPartner} message
 */
function partner(core, message) {
  core.matching.partner(message);
  const chat = core.matching.chat;
  if (chat && chat.pair === message.pair) {
    core.becomeLive(chat);
  }
}

/**
 * @param {Core} core
 * @param {import("./protocol").ServerTyping} message
 */
function typed(core, message) {
  const chat = core.matching.chat;
  if (chat && chat.pair === message.pair && !chat.end) {
    const set = (/** @type {boolean} */ on) => {
      chat.typing = on;
      chat.changed();
      core.changed();
    };
    set(message.on);
    core.typing.heard(message.on, () => set(false));
  }
}

/**
 * @param {Core} core
 * @param {import("./protocol").ServerSeen} message
 */
function seen(core, message) {
  const chat = core.matching.chatOf(message.pair);
  if (chat && message.seq > chat.partnerSeen) {
    chat.partnerSeen = message.seq;
    chat.changed();
    core.changed();
  }
}

/**
 * @param {Core} core
 * @param {import("./protocol").ServerError} error
 */
function refused(core, error) {
  if (core.matching.refused(error) || core.isGreeted || error.code === "not_ready") {
    return;
  }
  if (error.code === "bad_field" && core.mended(error.field || "")) {
    core.connection.renew();
  } else if (finalLogins.indexOf(error.code) < 0) {
    core.connection.renew(error.retry_ms);
  } else {
    const code = error.code;
    core.giveUp(code === "login_risky" || code === "login_failed" ? code : "protocol_error");
  }
}

module.exports = { hear: hear };
