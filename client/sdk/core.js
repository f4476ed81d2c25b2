// Joins the connection, the login, where the user stands and the current chat: what happens when a
// connection begins and ends. `hearing.js` has the frames between; `client.js` is its face for pages.
"use strict";

const protocol = require("./protocol.js");
const { Chat } = require("./chat.js");
const { Connection } = require("./connection.js");
const { hear } = require("./hearing.js");
const { KeptChat } = require("./kept_chat.js");
const { Login } = require("./login.js");
const { Matching } = require("./matching.js");
const { News } = require("./news.js");
const { Requests } = require("./requests.js");
const { stateOf } = require("./shown.js");
const { Stored } = require("./stored.js");
const { Timers } = require("./timers.js");
const { Typing } = require("./typing.js");

/** @typedef {import("./chat").Chat} Chat */
/** @typedef {import("./onechat").StopReason} StopReason */

const liveMs = 10000;      // silence after which a replay counts as over
const replayTellMs = 50;   // a thousand missed events are not a thousand states to show

/** Close codes that mean something the client said. */
const frameCodes = [1003, 1007, 1009];

class Core {
  /** @param {Required<import("./onechat").ClientOptions>} options */
  constructor(options) {
    this.clock = options.clock;
    this.random = options.random;
    this.stored = new Stored(options.storage, options.log);
    this.timers = new Timers(this.clock);
    this.kept = new KeptChat(this);
    this.news = new News(() => stateOf(this), options.log, this.clock);
    this.login = new Login(options.login, this.stored, this.clock);
    this.connection = new Connection(options, {
      prepare: () => this.login.prepare(),
      opened: () => this.greet(),
      heard: (message) => hear(this, message),
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
      store: () => this.kept.storeNow(),
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
    this.kept.load();
    this.connection.start();
  }

  stop() {
    this.kept.storeNow();
    this.giveUp("asked");
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

  /** @param {StopReason} why */
  giveUp(why) {
    this.disconnected(false);
    this.halt(why, null);
    this.connection.stop();
  }

  /** Whoever comes next is somebody else. */
  forgetAll() {
    this.login.forget();
    this.matching.forget();
    this.kept.storeNow();
  }

  /**
   * Of a hello only what was stored can be what the server can't read.
   * @param {string} field which it names
   * @returns {boolean} whether another hello may do
   */
  mended(field) {
    if (/^held/.test(field) && this.matching.held()) {
      this.matching.forget();
      this.kept.storeNow();
      return true;
    }
    const hadToken = this.login.token !== null;
    this.login.forget();
    return hadToken;
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
    this.kept.storeNow();
  }

  /** @param {Chat} chat */
  awaitLive(chat) {
    this.timers.set("live", liveMs, () => this.becomeLive(chat));
  }

  /** Something came: the replay, if there is one, goes on. @param {Chat} chat */
  stillReplayed(chat) {
    if (this.timers.has("live")) {
      this.awaitLive(chat);
    }
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

  // ---- the chat ----

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
      store: () => this.kept.storeNow(),
    });
    return chat;
  }

  /** @returns {string} unique in a chat, also over restarts of the app */
  makeId() {
    return this.clock.now().toString(36) + Math.floor(this.random() * 1e9).toString(36) +
      (++this.ids).toString(36);
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
