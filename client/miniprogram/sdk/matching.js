// Where the user stands: idle, searching or in a chat, and what of it the user has asked for but
// the server has not confirmed. What is unconfirmed is said again on each new connection.
"use strict";

const errors = require("./errors.js");
const { Asked, refusal } = require("./asked.js");
const { Leaving } = require("./leaving.js");
const { Search } = require("./search.js");
const { Timers } = require("./timers.js");

/** @typedef {import("./chat").Chat} Chat */
/** @typedef {import("./onechat").Wanted} Wanted */
/** @typedef {import("./protocol").MatchedBody} MatchedBody */

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

const fateMs = 15000;  // for what is still to come of a chat that ended meanwhile

class Matching {
  /** @param {Outside} outside */
  constructor(outside) {
    this.outside = outside;
    this.timers = new Timers(outside.clock);
    this.asked = new Asked(outside.say, outside.number);
    this.search = new Search(outside, this.asked);
    this.leaving = new Leaving(outside.clock, this.asked, () => outside.store());
    /** @type {Chat | null} */
    this.chat = null;
    /** The one before, for what still comes of it. @type {Chat | null} */
    this.old = null;
    this.showsOld = false;
  }

  /** @returns {import("./protocol").UserState} */
  user() {
    return this.chat ? "paired" : this.search.wish ? "waiting" : "idle";
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
    const found = this.search.want(wanted);
    this.search.say();
    return found;
  }

  /** @returns {Promise<void>} */
  cancel() {
    return this.chat ? this.leave() : this.search.cancel();
  }

  /** @returns {Promise<void>} */
  leave() {
    if (!this.chat) {
      return this.leaving.pair !== null ? this.leaving.settled.promise : this.cancel();
    }
    this.part(this.chat);
    this.leaving.say();
    return this.leaving.settled.promise;
  }

  /**
   * @param {Wanted} wanted
   * @returns {Promise<void>}
   */
  next(wanted) {
    if (!this.chat) {
      return this.find(wanted);
    }
    const pair = this.chat.pair;
    this.part(this.chat);
    this.showsOld = false;
    const found = this.search.want(wanted);
    this.asked.ask("next", Object.assign({ pair: pair }, wanted));
    return found;
  }

  /** @param {Chat} chat */
  part(chat) {
    this.leaving.begin(chat.pair, errors.deferred());
    this.end(chat, { by: "me", reason: "left" }, false);
  }

  // ---- the end of a chat ----

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

  // ---- what the server says ----

  /** @param {import("./protocol").ServerWaiting} message */
  waiting(message) {
    const what = this.asked.answered(message.rid);
    if (what !== undefined) {
      this.leaving.done();
    }
    this.search.heard(message, what === "find" || what === "next");
  }

  /** @param {MatchedBody} body */
  matched(body) {
    if (this.search.cancelling) {
      this.leaveUnseen(body);
    } else {
      this.begin(body, false);
    }
  }

  /**
   * A chat that came into being while the user gave up: its partner must not wait in vain.
   * @param {MatchedBody} body
   */
  leaveUnseen(body) {
    const settled = this.search.cancelling || errors.deferred();
    this.search.cancelling = null;
    this.leaving.begin(body.pair, settled);
    if (!this.asked.isOnTheWay("cancel")) {
      this.leaving.say();  // else the `cancel` does it
    }
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
    this.leaving.done();
    this.search.found();
    this.showsOld = false;
    this.chat = this.outside.meet(body.pair, body.partner);
    this.chat.describe(body);
    this.outside.store();
    this.outside.changed();
    this.outside.tell("matched", { chat: this.chat, resumed: resumed });
  }

  /** @param {import("./protocol").ServerIdle} message */
  idle(message) {
    const what = this.asked.answered(message.rid);
    if (this.leaving.pair !== null && this.old && !this.old.isFinished) {
      this.finishOld(this.old);
    }
    this.leaving.done();
    if (what !== "leave") {
      this.search.cancelled();
    }
    if (this.chat && what === undefined) {
      this.end(this.chat, { by: "system", reason: null }, true);
    }
    if (what === undefined) {
      this.search.lapse();
    }
    this.outside.changed();
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
   * @param {import("./protocol").ServerError} message
   * @returns {boolean} whether it was about one of these
   */
  refused(message) {
    const what = this.asked.answered(message.rid);
    if (what === undefined) {
      return false;
    }
    const why = refusal(message);
    if (what === "leave") {
      this.leaving.refused(why);
    } else if (what === "cancel") {
      if (this.leaving.pair !== null && !this.search.cancelling) {
        // It would have left the chat that crossed it.
        const pause = why.mayRepeat ? why.pause : 0;
        this.leaving.refused({ error: message, mayRepeat: true, pause: pause });
      } else {
        this.search.refusedCancel(why);
      }
    } else {
      if (what === "next") {
        this.leaving.say();  // the user has seen the last of this chat, whatever becomes of the search
      }
      this.search.refused(why, what === "next" || why.mayRepeat);
    }
    this.outside.changed();
    return true;
  }

  // ---- connections ----

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
      this.leaving.done();
      if (welcome.state === "waiting") {
        this.search.foundWaiting();
      } else {
        this.search.foundIdle();
      }
    }
    this.awaitFate();
    this.outside.changed();
  }

  /** @param {MatchedBody} body */
  foundPaired(body) {
    if (this.leaving.pair === body.pair) {
      this.search.cancelled();  // in a chat there is no search to be cancelled
      this.leaveAgain(body.pair);
      return;
    }
    this.leaving.done();
    if (this.search.cancelling && !this.search.wish) {
      this.leaveUnseen(body);
      return;
    }
    this.search.cancelled();
    if (!this.chat && this.old && this.old.pair === body.pair && !body.recent) {
      this.chat = this.old;  // its end was told, and then lost with the server
      this.chat.isFinished = false;
      this.old = null;
    }
    if (this.chat && this.chat.pair === body.pair) {
      this.search.end("already_paired");
      this.chat.describe(body);
    } else {
      this.begin(body, true);
    }
  }

  /** @param {string} pair */
  leaveAgain(pair) {
    if (this.search.wish) {
      this.asked.ask("next", Object.assign({ pair: pair }, this.search.wish.wanted));
    } else {
      this.leaving.say();
    }
  }

  /** @param {boolean} becauseOfFrame the server closed because of something that was said */
  lost(becauseOfFrame) {
    this.search.lost(becauseOfFrame);
    this.leaving.lost();
    this.asked.forget();
    this.timers.clearAll();
  }

  /** @param {import("./onechat").ErrorCode} code */
  stop(code) {
    this.lost(false);
    this.search.stop(code);
    this.leaving.stop(code);
  }

  // ---- storage ----

  /**
   * Another page with the same storage has gone on, to this chat or to none: it knows better.
   * @param {Chat | null} chat
   */
  takeOver(chat) {
    if (this.chat) {
      this.chat.finish({ by: "system", reason: null });
      this.chat.outbox.finish();
    }
    this.chat = chat;
    this.showsOld = false;
  }

  /** The user is no more. */
  forget() {
    [this.chat, this.old].forEach((chat) => chat && chat.outbox.finish());
    this.chat = null;
    this.old = null;
    this.leaving.done();
  }
}

module.exports = { Matching: Matching };
