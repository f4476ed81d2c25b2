// Joins the connection, the login, where the user stands and the current chat: what is said when a
// connection begins, who hears which frame, what is stored. `client.js` is its face for pages.
"use strict";

const protocol = require("./protocol.js");
const { Chat } = require("./chat.js");
const { Connection } = require("./connection.js");
const { Login } = require("./login.js");
const { Matching } = require("./matching.js");
const { News, reuse } = require("./news.js");
const { Requests } = require("./requests.js");
const { Stored } = require("./stored.js");
const { Timers } = require("./timers.js");
const { Typing } = require("./typing.js");

/** @typedef {import("./chat").Chat} Chat */
/** @typedef {import("./onechat").State} State */
/** @typedef {import("./onechat").StopReason} StopReason */
/** @typedef {import("./protocol").ServerMessage} ServerMessage */

const storeSoonMs = 1000;  // what may be lost with the app, since the server tells it again
const liveMs = 10000;      // silence after which a replay counts as over
const replayTellMs = 50;   // a thousand missed events are not a thousand states to show

/** Close codes that mean something the client said. */
const frameCodes = [1003, 1007, 1009];

/** What a failed login means: those here end the attempts. */
const finalLogins = ["login_failed", "login_risky", "bad_field", "forbidden"];

class Core {
  /** @param {Required<import("./onechat").ClientOptions>} options */
  constructor(options) {
    this.clock = options.clock;
    this.random = options.random;
    this.stored = new Stored(options.storage, options.log);
    this.timers = new Timers(this.clock);
    this.news = new News(() => this.makeState(), options.log, this.clock);
    this.login = new Login(options.login, this.stored, this.clock);
    this.connection = new Connection(options, {
      prepare: () => this.login.prepare(),
      opened: () => this.greet(),
      heard: (message) => this.heard(message),
      lost: (loss) => this.lost(loss),
      changed: () => this.changed(),
    });
    this.requests = new Requests(this.clock, (message) => this.say(message));
    this.typing = new Typing(this.clock, (on) => this.sayTyping(on));
    this.matching = new Matching({
      clock: this.clock,
      say: (message) => this.say(message),
      number: () => this.requests.number(),
      renew: () => this.connection.renew(),
      meet: (pair, partner) => this.makeChat(pair, partner),
      store: () => this.storeNow(),
      changed: () => this.changed(),
      tell: (name, what) => this.tellOfChat(name, what),
    });
    /** @type {StopReason | null} */
    this.why = "not_started";
    /** @type {number | null} */
    this.until = null;
    this.isWelcomed = false;
    this.isGreeted = false;  // on this connection
    this.isHidden = false;
    this.ids = 0;
    this.epoch = 0;
    this.clockOffset = 0;
    /** @type {readonly import("./protocol").TopicInfo[]} */
    this.topics = [];
    /** @type {import("./protocol").LimitsInfo} */
    this.limits = {
      text: protocol.LIMITS.textCodePointsMax, frame: protocol.LIMITS.clientFrameBytesMax,
      in_flight: protocol.LIMITS.inFlightMax, durability: "full",
    };
    this.awayMs = protocol.LIMITS.awayMs;
  }

  // ---- starting and stopping ----

  isStopped() {
    return this.connection.status === "stopped";
  }

  start() {
    this.why = null;
    this.until = null;
    this.isWelcomed = false;
    this.login.start();
    this.load();
    this.connection.start();
  }

  stop() {
    this.storeNow();
    this.disconnected(false);
    this.halt("asked", null);
    this.connection.stop();
  }

  /**
   * @param {StopReason} why
   * @param {number | null} until
   */
  halt(why, until) {
    this.why = why;
    this.until = until;
    this.timers.clearAll();
    this.requests.stop();
    this.matching.stop("stopped");
    this.changed();
  }

  /** Whoever comes next is somebody else. */
  forgetAll() {
    this.login.forget();
    this.matching.forget();
    this.storeNow();
  }

  // ---- a connection begins ----

  greet() {
    const chat = this.matching.held();
    const held = chat && { pair: chat.pair, seq: chat.record.through, epoch: this.epoch };
    this.connection.say(Object.assign(
      { t: "hello", v: protocol.VERSION }, this.login.hello(), held ? { held: held } : {}));
  }

  /** @param {import("./protocol").ServerWelcome} message */
  welcomed(message) {
    this.login.welcomed(message.token);
    this.epoch = message.epoch;
    this.clockOffset = message.now - this.clock.now();
    this.topics = message.topics;
    this.limits = message.limits;
    this.awayMs = message.away_ms;
    this.isWelcomed = true;
    this.isGreeted = true;
    const held = message.held;
    const known = held ? this.matching.chatOf(held.pair) : null;
    if (held && known) {
      known.keep(held.keep, held.gap === true);
    }
    this.connection.welcomed(message.heartbeat_ms);
    this.matching.welcomed(message);
    const chat = this.matching.chat;
    if (chat && message.pair) {
      chat.outbox.inFlightMax = message.limits.in_flight;
      const hasGap = held !== undefined && held.gap === true || message.pair.recent !== undefined;
      chat.outbox.open(message.pair.last_cid, hasGap);
      if (chat.seen > 0) {
        this.say({ t: "seen", seq: chat.seen, pair: chat.pair });
      }
      this.awaitLive(chat);
    }
    this.requests.flush();
    if (this.isHidden) {
      this.say({ t: "away" });
    }
    this.storeNow();
  }

  /** @param {Chat} chat */
  awaitLive(chat) {
    this.timers.set("live", liveMs, () => this.becomeLive(chat));
  }

  /** @param {Chat} chat */
  becomeLive(chat) {
    this.timers.clear("live");
    if (chat === this.matching.chat && this.isGreeted) {
      chat.outbox.isOpen = true;
      chat.outbox.live();
    }
  }

  // ---- a connection ends ----

  /** @param {boolean} becauseOfFrame */
  disconnected(becauseOfFrame) {
    const chat = this.matching.chat;
    if (chat) {
      chat.outbox.close(becauseOfFrame);
      chat.typing = false;
      chat.changed();
    }
    this.isGreeted = false;
    this.timers.clear("live");
    this.timers.clear("pump");
    this.typing.spoke();
    this.typing.heard(false, () => {});
    this.matching.lost(becauseOfFrame);
    this.requests.lost(becauseOfFrame);
  }

  /**
   * @param {{code: number, until: number | null}} loss
   * @returns {"pause" | "soon" | "stop"}
   */
  lost(loss) {
    const becauseOfFrame = frameCodes.indexOf(loss.code) >= 0;
    if (becauseOfFrame && !this.isGreeted) {
      this.login.forget();  // of the hello only the token can be what the server can't read
    }
    this.disconnected(becauseOfFrame);
    if (loss.code === protocol.CLOSE_CODES.login_required) {
      if (this.login.refused()) {
        return "soon";
      }
      this.halt("login_required", null);
      return "stop";
    }
    if (protocol.shouldReconnect(loss.code)) {
      return "pause";
    }
    if (loss.code === protocol.CLOSE_CODES.erased) {
      this.forgetAll();
    }
    this.halt(stopReason(loss.code), loss.until);
    return "stop";
  }

  // ---- saying ----

  /**
   * @param {object} message
   * @returns {boolean} false before the welcome
   */
  say(message) {
    return this.isGreeted && this.connection.say(message);
  }

  /** @param {boolean} on */
  sayTyping(on) {
    if (this.matching.chat) {
      this.say({ t: "typing", on: on, pair: this.matching.chat.pair });
    }
  }

  /** `ping` does not bring one back, and there may be nothing else to say. */
  sayHere() {
    const chat = this.matching.chat;
    this.say(Object.assign({ t: "typing", on: false }, chat ? { pair: chat.pair } : {}));
  }

  // ---- hearing ----

  /** @param {ServerMessage} message */
  heard(message) {
    const request = this.requests.answered(message);
    if (request) {
      this.follow(request, message);
    }
    switch (message.t) {
      case "welcome": this.welcomed(message); break;
      case "waiting": this.matching.waiting(message); break;
      case "matched": this.matched(message); break;
      case "idle": this.matching.idle(message); break;
      case "event": this.event(message); break;
      case "ack": this.acked(message); break;
      case "nack": this.nacked(message); break;
      case "partner": this.partner(message); break;
      case "typing": this.typed(message); break;
      case "seen": this.seen(message); break;
      case "error":
        if (!request) {
          this.refused(message);
        }
        break;
      default:  // an answer to a request, or newer than this client
    }
  }

  /**
   * What an answer changes besides. The end of the current chat is not always told by `idle`.
   * @param {any} request
   * @param {ServerMessage} answer
   */
  follow(request, answer) {
    const ends = answer.t === "cleared" || answer.t === "blocked" && answer.on;
    if (ends && this.matching.chat && this.matching.chat.pair === request.pair) {
      this.matching.end(this.matching.chat, { by: "me", reason: "left" }, true);
    }
    if (answer.t === "erased" || answer.t === "idle" && request.t === "logout") {
      this.forgetAll();
      this.disconnected(false);
      this.halt(answer.t === "erased" ? "erased" : "logged_out", null);
      this.connection.stop();
    }
  }

  /** @param {import("./protocol").ServerMatched} message */
  matched(message) {
    this.matching.matched(message);
    const chat = this.matching.chat;
    if (chat && chat.pair === message.pair) {
      chat.outbox.inFlightMax = this.limits.in_flight;
      chat.outbox.open(message.last_cid, false);
      chat.outbox.live();
    }
  }

  /** @param {import("./protocol").ServerEvent} message */
  event(message) {
    const chat = this.matching.chatOf(message.pair);
    if (!chat) {
      return;
    }
    const event = eventOf(message);
    const taken = chat.take(event);
    if (chat === this.matching.chat) {
      if (taken === "new") {
        this.news.tell("event", () => event);
      }
      if (this.timers.has("live")) {
        this.awaitLive(chat);
      }
    }
    if (event.kind === "end" && taken !== "held") {
      this.matching.heardEnd(chat);
    }
    this.storeSoon();
    this.changed();
  }

  /** @param {import("./protocol").ServerAck} ack */
  acked(ack) {
    const chat = this.matching.chatOf(ack.pair);
    const said = chat && chat.outbox.find(ack.cid);
    if (said) {
      this.event({
        t: "event", pair: ack.pair, seq: ack.seq, at: ack.at, from: "me", kind: "text",
        text: said.text, cid: ack.cid,
      });
    }
  }

  /** @param {import("./protocol").ServerNack} nack */
  nacked(nack) {
    const chat = nack.pair === undefined ? this.matching.chat : this.matching.chatOf(nack.pair);
    if (chat && chat.outbox.refused(nack)) {
      chat.changed();
      this.storeNow();
      this.changed();
    }
  }

  /** @param {import("./protocol").ServerPartner} message */
  partner(message) {
    this.matching.partner(message);
    const chat = this.matching.chat;
    if (chat && chat.pair === message.pair) {
      this.becomeLive(chat);
    }
  }

  /** @param {import("./protocol").ServerTyping} message */
  typed(message) {
    const chat = this.matching.chat;
    if (chat && chat.pair === message.pair && !chat.end) {
      const set = (/** @type {boolean} */ on) => {
        chat.typing = on;
        chat.changed();
        this.changed();
      };
      set(message.on);
      this.typing.heard(message.on, () => set(false));
    }
  }

  /** @param {import("./protocol").ServerSeen} message */
  seen(message) {
    const chat = this.matching.chatOf(message.pair);
    if (chat && message.seq > chat.partnerSeen) {
      chat.partnerSeen = message.seq;
      chat.changed();
      this.changed();
    }
  }

  /** @param {import("./protocol").ServerError} error */
  refused(error) {
    if (this.matching.refused(error) || this.isGreeted) {
      return;
    }
    if (error.code === "not_ready") {
      return;
    }
    if (finalLogins.indexOf(error.code) < 0) {
      this.connection.renew(error.retry_ms);
      return;
    }
    this.disconnected(false);
    this.halt(error.code === "login_risky" ? "login_risky" : error.code === "login_failed"
      ? "login_failed" : "protocol_error", null);
    this.connection.stop();
  }

  // ---- the chat in storage ----

  /**
   * @param {string} pair
   * @param {import("./protocol").PartnerInfo} partner
   * @returns {Chat}
   */
  makeChat(pair, partner) {
    /** @type {Chat} */
    const chat = new Chat(pair, partner, {
      now: () => this.clock.now(),
      say: (cid, said) => this.say({ t: "say", cid: cid, text: said, pair: pair }),
      wake: (ms) => this.timers.set("pump", ms, () => {
        chat.outbox.rested();
        this.changed();
      }),
      store: () => this.storeNow(),
    });
    return chat;
  }

  /** @returns {string} unique in a chat, also over restarts of the app */
  makeId() {
    return this.clock.now().toString(36) + Math.floor(this.random() * 1e9).toString(36) +
      (++this.ids).toString(36);
  }

  /** Another page with the same storage may have gone on with the chat meanwhile. */
  load() {
    const stored = this.stored.chat();
    const chat = this.matching.chat;
    if (!stored) {
      return;
    }
    if (stored.left) {
      this.matching.foundLeft(stored.pair);
    } else if (chat && chat.pair === stored.pair) {
      chat.outbox.load(stored.texts);
      chat.changed();
    } else if (!chat) {
      this.epoch = stored.epoch;
      this.matching.chat = this.makeChat(stored.pair, stored.partner);
      this.matching.chat.load(stored);
    }
  }

  storeNow() {
    this.timers.clear("store");
    const leaving = this.matching.leaving;
    if (this.matching.chat) {
      this.stored.setChat(this.matching.chat.toStore(this.epoch));
    } else if (leaving) {
      this.stored.setChat({
        pair: leaving.pair, partner: { alias: "", avatar: "" }, topic: null, met: 0, seq: 0,
        epoch: this.epoch, left: true, texts: [],
      });
    } else {
      this.stored.setChat(null);
    }
  }

  storeSoon() {
    if (!this.timers.has("store")) {
      this.timers.set("store", storeSoonMs, () => this.storeNow());
    }
  }

  // ---- telling ----

  changed() {
    this.news.pause = this.timers.has("live") ? replayTellMs : 0;
    this.news.changed();
  }

  /**
   * @param {"matched" | "ended"} name
   * @param {{chat: Chat, resumed: boolean}} what
   */
  tellOfChat(name, what) {
    this.news.tell(name, () => name === "matched"
      ? { chat: what.chat.state(), resumed: what.resumed } : what.chat.state());
  }

  /** @returns {State} */
  makeState() {
    const matching = this.matching;
    const before = this.news.last;
    return {
      connection: reuse(before && before.connection, {
        status: this.connection.status, why: this.isStopped() ? this.why : null,
        until: this.until, retry_at: this.connection.retryAt,
      }),
      welcomed: this.isWelcomed,
      user: matching.user(),
      topics: this.topics,
      limits: this.limits,
      away_ms: this.awayMs,
      waiting: matching.chat || !matching.search ? null : matching.search.shown,
      chat: matching.chat && matching.chat.state(),
      ended: matching.old && matching.showsOld ? matching.old.state() : null,
    };
  }
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
 * @param {number} code
 * @returns {StopReason}
 */
function stopReason(code) {
  /** @type {Readonly<Record<string, number>>} */
  const codes = protocol.CLOSE_CODES;
  const name = Object.keys(codes).find((one) => codes[one] === code);
  return /** @type {StopReason} */ (name || "protocol_error");
}

module.exports = { Core: Core };
