// Where the user stands: idle, searching or in a chat, and what of it the user has asked for but
// the server has not confirmed. What is unconfirmed is said again on each new connection.
"use strict";

const errors = require("./errors.js");
const { Timers } = require("./timers.js");

/** @typedef {import("./chat").Chat} Chat */
/** @typedef {import("./onechat").Wanted} Wanted */
/** @typedef {import("./onechat").WaitingState} WaitingState */
/** @typedef {import("./protocol").MatchedBody} MatchedBody */
/** @typedef {import("./protocol").ServerError} ServerError */

/**
 * @typedef {object} Search
 * @property {Wanted} wanted
 * @property {WaitingState} shown
 * @property {boolean} isConfirmed
 * @property {import("./errors").Deferred<void>} settled
 */

/**
 * A chat that the user has left.
 * @typedef {object} Leaving
 * @property {string} pair
 * @property {import("./errors").Deferred<void>} settled
 */

/**
 * @typedef {object} Outside
 * @property {import("./onechat").Clock} clock
 * @property {(message: any) => boolean} say
 * @property {() => number} number
 * @property {() => void} renew
 * @property {(pair: string, partner: import("./protocol").PartnerInfo) => Chat} meet
 * @property {() => void} store
 * @property {() => void} changed
 * @property {(name: "matched" | "ended", what: {chat: Chat, resumed: boolean}) => void} tell
 */

const againMs = 2000;      // after a refusal that does not say
const fateMs = 15000;      // for what is still to come of a chat that ended meanwhile

class Matching {
  /** @param {Outside} outside */
  constructor(outside) {
    this.outside = outside;
    this.timers = new Timers(outside.clock);
    /** @type {Chat | null} */
    this.chat = null;
    /** The one before, for what still comes of it. @type {Chat | null} */
    this.old = null;
    this.showsOld = false;
    /** @type {Search | null} */
    this.search = null;
    /** @type {Leaving | null} */
    this.leaving = null;
    /** @type {import("./errors").Deferred<void> | null} */
    this.cancelling = null;
    /** What was said on this connection and is not answered, by rid. @type {Map<number, string>} */
    this.said = new Map();
  }

  /** @returns {import("./protocol").UserState} */
  user() {
    return this.chat ? "paired" : this.search ? "waiting" : "idle";
  }

  /**
   * @param {string} pair
   * @returns {Chat | null}
   */
  chatOf(pair) {
    if (this.chat && this.chat.pair === pair) {
      return this.chat;
    }
    return this.old && this.old.pair === pair ? this.old : null;
  }

  /** The chat of which `hello` asks what was missed. @returns {Chat | null} */
  held() {
    return this.chat || (this.old && !this.old.isFinished ? this.old : null);
  }

  // ---- what the user asks ----

  /**
   * @param {Wanted} wanted
   * @returns {Promise<void>}
   */
  find(wanted) {
    if (this.chat) {
      return errors.rejected("already_paired");
    }
    this.showsOld = false;
    this.want(wanted);
    this.sayFind();
    return /** @type {Search} */ (this.search).settled.promise;
  }

  /** @param {Wanted} wanted */
  want(wanted) {
    if (!this.isOnTheWay("cancel")) {
      this.cancelled();  // or it would cancel this search
    }
    const before = this.search;
    if (before) {
      before.settled.reject(new errors.OnechatError("superseded"));
    }
    this.search = {
      wanted: wanted,
      shown: before ? before.shown : { since: this.outside.clock.now(), tier: 0, pool: null },
      isConfirmed: false,
      settled: errors.deferred(),
    };
    this.outside.changed();
  }

  /** @returns {Promise<void>} */
  cancel() {
    if (this.chat) {
      return this.leave();
    }
    if (!this.search) {
      return this.cancelling ? this.cancelling.promise : Promise.resolve();
    }
    this.endSearch("superseded");
    if (!this.cancelling) {
      this.cancelling = errors.deferred();
    }
    this.ask("cancel", {});
    this.outside.changed();
    return this.cancelling.promise;
  }

  /** @returns {Promise<void>} */
  leave() {
    if (!this.chat) {
      return this.leaving ? this.leaving.settled.promise : this.cancel();
    }
    const leaving = this.part(this.chat);
    this.ask("leave", { pair: leaving.pair });
    return leaving.settled.promise;
  }

  /**
   * @param {Wanted} wanted
   * @returns {Promise<void>}
   */
  next(wanted) {
    if (!this.chat) {
      return this.find(wanted);
    }
    const leaving = this.part(this.chat);
    this.showsOld = false;
    this.want(wanted);
    this.ask("next", Object.assign({ pair: leaving.pair }, wanted));
    return /** @type {Search} */ (/** @type {unknown} */ (this.search)).settled.promise;
  }

  /**
   * @param {Chat} chat
   * @returns {Leaving}
   */
  part(chat) {
    const leaving = this.leaveBehind(chat.pair, errors.deferred());
    this.end(chat, { by: "me", reason: "left" }, false);
    return leaving;
  }

  /**
   * @param {string} pair
   * @param {Leaving["settled"]} settled
   * @returns {Leaving}
   */
  leaveBehind(pair, settled) {
    this.left();  // an earlier one is over, or there could not be another
    this.leaving = { pair: pair, settled: settled };
    return this.leaving;
  }

  /**
   * @param {Chat} chat
   * @param {NonNullable<import("./onechat").ChatState["end"]>} how
   * @param {boolean} isFinished nothing more comes of it
   */
  end(chat, how, isFinished) {
    if (this.old && !this.old.isFinished && this.old !== chat) {
      this.finishOld(this.old);
    }
    this.chat = null;
    this.old = chat;
    this.showsOld = true;
    chat.finish(how);
    if (isFinished) {
      this.finishOld(chat);
    } else {
      this.awaitFate();
    }
    this.outside.store();
    this.outside.changed();
    this.outside.tell("ended", { chat: chat, resumed: false });
  }

  /** Of a pair that the server does not know any more not even the end is told. */
  awaitFate() {
    const old = this.old;
    if (old && !old.isFinished) {
      this.timers.set("fate", fateMs, () => this.finishOld(old));
    }
  }

  /** @param {Chat} chat */
  finishOld(chat) {
    chat.isFinished = true;
    chat.outbox.finish();
    chat.changed();
    this.timers.clear("fate");
    this.outside.store();
    this.outside.changed();
  }

  // ---- saying it ----

  /**
   * @param {string} what
   * @param {object} fields
   */
  ask(what, fields) {
    const rid = this.outside.number();
    if (this.outside.say(Object.assign({ t: what, rid: rid }, fields))) {
      this.said.set(rid, what);
    }
  }

  sayFind() {
    this.timers.clear("again");
    if (this.search) {
      this.ask("find", this.search.wanted);
    }
  }

  sayLeave() {
    this.timers.clear("leave");
    if (this.leaving) {
      this.ask("leave", { pair: this.leaving.pair });
    }
  }

  // ---- what the server says ----

  /** @param {import("./protocol").ServerWaiting} message */
  waiting(message) {
    const what = this.answered(message.rid);
    if (what !== undefined) {
      this.left();
    }
    if (!this.search) {
      return;  // it crosses a `cancel`
    }
    this.search.shown = {
      since: this.outside.clock.now() - message.waited_ms, tier: message.tier, pool: message.pool,
    };
    if (what === "find" || what === "next") {
      this.confirmSearch();
    }
    this.outside.changed();
  }

  confirmSearch() {
    if (this.search && !this.search.isConfirmed) {
      this.search.isConfirmed = true;
      this.search.settled.resolve(undefined);
    }
  }

  /** @param {import("./onechat").ErrorCode} code */
  endSearch(code) {
    if (this.search) {
      this.search.settled.reject(new errors.OnechatError(code));
      this.search = null;
      this.timers.clear("again");
    }
  }

  /** @param {MatchedBody} body */
  matched(body) {
    if (this.cancelling) {
      this.leaveUnseen(body);
      return;
    }
    this.begin(body, false);
  }

  /**
   * A chat that came into being while the user gave up: its partner must not wait in vain.
   * @param {MatchedBody} body
   */
  leaveUnseen(body) {
    const settled = this.cancelling || errors.deferred();
    this.cancelling = null;
    this.leaveBehind(body.pair, settled);
    this.outside.store();
  }

  /**
   * @param {MatchedBody} body
   * @param {boolean} resumed
   */
  begin(body, resumed) {
    if (this.chat) {
      this.end(this.chat, { by: "system", reason: null }, false);
    }
    this.left();
    this.confirmSearch();
    this.search = null;
    this.showsOld = false;
    this.timers.clear("again");
    this.chat = this.outside.meet(body.pair, body.partner);
    this.chat.describe(body);
    this.outside.store();
    this.outside.changed();
    this.outside.tell("matched", { chat: this.chat, resumed: resumed });
  }

  /** @param {import("./protocol").ServerIdle} message */
  idle(message) {
    const what = this.answered(message.rid);
    if (this.leaving && this.old && !this.old.isFinished) {
      this.finishOld(this.old);
    }
    this.left();
    if (what !== "leave") {
      this.cancelled();
    }
    if (this.chat && what === undefined) {
      this.end(this.chat, { by: "system", reason: null }, true);
    }
    if (this.search && this.search.isConfirmed && what === undefined) {
      this.search = null;
    }
    this.outside.changed();
  }

  cancelled() {
    this.timers.clear("cancel");
    if (this.cancelling) {
      this.cancelling.resolve(undefined);
      this.cancelling = null;
    }
  }

  /** The server has taken the leave. */
  left() {
    if (this.leaving) {
      this.leaving.settled.resolve(undefined);
      this.leaving = null;
      this.timers.clear("leave");
      this.outside.store();
    }
  }

  /**
   * @param {import("./protocol").ServerPartner} message
   */
  partner(message) {
    const chat = this.chatOf(message.pair);
    if (!chat) {
      return;
    }
    if (message.state !== "left") {
      chat.setPartnerState(message.state);
    } else if (chat === this.chat) {
      const by = message.reason === "timeout" ? "system" : "partner";
      this.end(chat, { by: by, reason: message.reason || null }, true);
    } else {
      this.finishOld(chat);
    }
    this.outside.changed();
  }

  /** An event `end` was heard. @param {Chat} chat */
  heardEnd(chat) {
    if (chat === this.old) {
      this.finishOld(chat);
    } else if (chat.outbox.isLive) {
      chat.outbox.dismiss();  // a replayed one may belong to an earlier chat of the pair
    }
  }

  /**
   * @param {number | undefined} rid
   * @returns {string | undefined} what it answers
   */
  answered(rid) {
    const what = rid === undefined ? undefined : this.said.get(rid);
    if (rid !== undefined) {
      this.said.delete(rid);
    }
    return what;
  }

  /**
   * @param {ServerError} message
   * @returns {boolean} whether it was about one of these
   */
  refused(message) {
    const what = this.answered(message.rid);
    if (what === undefined) {
      return false;
    }
    const mayRepeat = message.retry_ms !== undefined || message.code === "store_unavailable" ||
      message.code === "platform_busy" || message.code === "rate_limited";
    const pause = message.retry_ms === undefined ? againMs : message.retry_ms;
    if (what === "cancel") {
      this.refusedCancel(mayRepeat, pause);
    } else if (what === "leave") {
      this.refusedLeave(mayRepeat, pause);
    } else {
      if (what === "next") {
        this.sayLeave();  // the user has seen the last of this chat, whatever becomes of the search
      }
      this.refusedSearch(message, what === "next" || mayRepeat, mayRepeat ? pause : 0);
    }
    this.outside.changed();
    return true;
  }

  /**
   * @param {boolean} mayRepeat
   * @param {number} pause
   */
  refusedCancel(mayRepeat, pause) {
    if (!mayRepeat || this.search) {
      this.cancelled();
    } else {
      this.timers.set("cancel", pause, () => {
        if (this.cancelling) {
          this.ask("cancel", {});
        }
      });
    }
  }

  /**
   * @param {boolean} mayRepeat
   * @param {number} pause
   */
  refusedLeave(mayRepeat, pause) {
    if (!mayRepeat) {
      this.left();
    } else {
      this.timers.set("leave", pause, () => this.sayLeave());
    }
  }

  /**
   * @param {ServerError} message
   * @param {boolean} mayRepeat
   * @param {number} pause
   */
  refusedSearch(message, mayRepeat, pause) {
    if (!this.search) {
      return;
    }
    const isWrong = message.code === "bad_field" || message.code === "too_long" ||
      message.code === "unknown_topic" || message.code === "forbidden";
    if (message.code === "already_paired") {
      this.outside.renew();  // we are not where the server thinks we are: hear it anew
    } else if (mayRepeat && !isWrong) {
      this.timers.set("again", pause, () => this.sayFind());
    } else {
      this.search.settled.reject(new errors.OnechatError(message.code, message));
      this.search = null;
      // The refusal of a change leaves the place of an earlier search.
      this.cancelling = this.cancelling || errors.deferred();
      this.ask("cancel", {});
    }
  }

  // ---- connections ----

  /** @param {boolean} becauseOfFrame the server closed because of something that was said */
  lost(becauseOfFrame) {
    if (becauseOfFrame && (this.isOnTheWay("find") || this.isOnTheWay("next"))) {
      this.endSearch("frame_refused");
    }
    this.said.clear();
    this.timers.clearAll();
  }

  /**
   * In storage: the app was ended before the server had confirmed that the user left.
   * @param {string} pair
   */
  foundLeft(pair) {
    if (!this.chat && !this.leaving) {
      this.leaving = { pair: pair, settled: errors.deferred() };
    }
  }

  /** The user is no more. */
  forget() {
    this.chat = null;
    this.old = null;
    this.left();
  }

  /** @param {string} what */
  isOnTheWay(what) {
    return Array.from(this.said.values()).indexOf(what) >= 0;
  }

  /** @param {import("./onechat").ErrorCode} code */
  stop(code) {
    this.lost(false);
    this.endSearch(code);
    if (this.leaving) {
      this.leaving.settled.reject(new errors.OnechatError(code));
      this.leaving.settled = errors.deferred();  // the next start goes on with it
    }
    if (this.cancelling) {
      this.cancelling.reject(new errors.OnechatError(code));
      this.cancelling = null;
    }
  }

  /**
   * @param {import("./protocol").ServerWelcome} welcome
   */
  welcomed(welcome) {
    if (welcome.state === "paired" && welcome.pair) {
      this.foundPaired(welcome.pair);
    } else {
      if (this.chat) {
        const chat = this.chat;
        this.end(chat, { by: "system", reason: null }, chat.end !== null);
      }
      this.left();
      if (welcome.state === "waiting") {
        this.foundWaiting();
      } else {
        this.cancelled();
        this.sayFind();
      }
    }
    this.awaitFate();
    this.outside.changed();
  }

  /** @param {MatchedBody} body */
  foundPaired(body) {
    if (this.leaving && this.leaving.pair === body.pair) {
      this.cancelled();  // in a chat there is no search to be cancelled
      this.leaveAgain();
      return;
    }
    this.left();
    if (this.cancelling && !this.search) {
      this.leaveUnseen(body);
      this.sayLeave();
      return;
    }
    this.cancelled();
    if (!this.chat && this.old && this.old.pair === body.pair && !body.recent) {
      this.chat = this.old;  // its end was told, and then lost with the server
      this.chat.isFinished = false;
      this.old = null;
    }
    if (this.chat && this.chat.pair === body.pair) {
      this.endSearch("already_paired");
      this.chat.describe(body);
    } else {
      this.begin(body, true);
    }
  }

  leaveAgain() {
    if (this.search && this.leaving) {
      this.ask("next", Object.assign({ pair: this.leaving.pair }, this.search.wanted));
    } else {
      this.sayLeave();
    }
  }

  foundWaiting() {
    if (this.search) {
      this.cancelled();
      if (!this.search.isConfirmed) {
        this.sayFind();
      }
    } else if (this.cancelling) {
      this.ask("cancel", {});
    } else {
      this.want({});
      this.confirmSearch();
    }
  }
}

module.exports = { Matching: Matching };
