// The user's search: what is wanted, what the server says of it, and that the user gave it up.
// Neither is certain before the server has answered.
"use strict";

const errors = require("./errors.js");
const { Timers } = require("./timers.js");

/** @typedef {import("./onechat").ErrorCode} ErrorCode */
/** @typedef {import("./onechat").Wanted} Wanted */
/** @typedef {import("./onechat").WaitingState} WaitingState */

/**
 * @typedef {object} Wish
 * @property {Wanted} wanted
 * @property {WaitingState} shown
 * @property {boolean} isConfirmed
 * @property {import("./errors").Deferred<void>} settled
 */

/** What the same search would be refused for again. */
const wrong = ["bad_field", "too_long", "unknown_topic", "forbidden"];

class Search {
  /**
   * @param {{
   *   clock: import("./onechat").Clock, changed: () => void, renew: () => void,
   * }} outside `renew`: takes another connection
   * @param {import("./asked").Asked} asked
   */
  constructor(outside, asked) {
    this.outside = outside;
    this.asked = asked;
    this.timers = new Timers(outside.clock);
    /** @type {Wish | null} */
    this.wish = null;
    /** @type {import("./errors").Deferred<void> | null} */
    this.cancelling = null;
  }

  /** @returns {WaitingState | null} */
  shown() {
    return this.wish && this.wish.shown;
  }

  // ---- searching ----

  /**
   * @param {Wanted} wanted
   * @returns {Promise<void>}
   */
  want(wanted) {
    if (!this.asked.isOnTheWay("cancel")) {
      this.cancelled();  // or it would cancel this search
    }
    const before = this.wish;
    if (before) {
      before.settled.reject(new errors.OnechatError("superseded"));
    }
    /** @type {Wish} */
    const wish = {
      wanted: wanted,
      shown: before ? before.shown : { since: this.outside.clock.now(), tier: 0, pool: null },
      isConfirmed: false,
      settled: errors.deferred(),
    };
    this.wish = wish;
    this.outside.changed();
    return wish.settled.promise;
  }

  say() {
    this.timers.clear("again");
    if (this.wish) {
      this.asked.ask("find", this.wish.wanted);
    }
  }

  /**
   * @param {import("./protocol").ServerWaiting} message
   * @param {boolean} isAnswer
   */
  heard(message, isAnswer) {
    if (!this.wish) {
      return;  // it crosses a `cancel`
    }
    const since = this.outside.clock.now() - message.waited_ms;
    this.wish.shown = { since: since, tier: message.tier, pool: message.pool };
    if (isAnswer) {
      this.confirm();
    }
    this.outside.changed();
  }

  confirm() {
    if (this.wish && !this.wish.isConfirmed) {
      this.wish.isConfirmed = true;
      this.wish.settled.resolve(undefined);
    }
  }

  /** There is a chat. */
  found() {
    this.confirm();
    this.wish = null;
    this.timers.clear("again");
  }

  /** The server says that nothing is searched for, unasked. */
  lapse() {
    if (this.wish && this.wish.isConfirmed) {
      this.wish = null;
    }
  }

  /** @param {ErrorCode} code */
  end(code) {
    if (this.wish) {
      this.wish.settled.reject(new errors.OnechatError(code));
      this.wish = null;
      this.timers.clear("again");
    }
  }

  // ---- giving up ----

  /** @returns {Promise<void>} */
  cancel() {
    if (!this.wish) {
      return this.cancelling ? this.cancelling.promise : Promise.resolve();
    }
    this.end("superseded");
    this.sayCancel();
    this.outside.changed();
    return /** @type {import("./errors").Deferred<void>} */ (this.cancelling).promise;
  }

  sayCancel() {
    this.cancelling = this.cancelling || errors.deferred();
    this.asked.ask("cancel", {});
  }

  cancelled() {
    this.timers.clear("cancel");
    if (this.cancelling) {
      this.cancelling.resolve(undefined);
      this.cancelling = null;
    }
  }

  // ---- refusals ----

  /**
   * @param {import("./asked").Refusal} refusal
   * @param {boolean} mayRepeat
   */
  refused(refusal, mayRepeat) {
    const error = refusal.error;
    if (!this.wish) {
      return;
    }
    if (error.code === "already_paired") {
      this.outside.renew();  // we are not where the server thinks we are: hear it anew
    } else if (mayRepeat && wrong.indexOf(error.code) < 0) {
      this.timers.set("again", refusal.mayRepeat ? refusal.pause : 0, () => this.say());
    } else {
      this.wish.settled.reject(new errors.OnechatError(error.code, error));
      this.wish = null;
      // The refusal of a change leaves the place of an earlier search.
      this.sayCancel();
    }
  }

  /** @param {import("./asked").Refusal} refusal */
  refusedCancel(refusal) {
    if (!refusal.mayRepeat || this.wish) {
      this.cancelled();
    } else {
      this.timers.set("cancel", refusal.pause, () => {
        if (this.cancelling) {
          this.sayCancel();
        }
      });
    }
  }

  // ---- connections ----

  /** The server has a place in the pool for the user. */
  foundWaiting() {
    if (this.wish) {
      this.cancelled();
      if (!this.wish.isConfirmed) {
        this.say();
      }
    } else if (this.cancelling) {
      this.sayCancel();
    } else {
      this.want({});
      this.confirm();
    }
  }

  /** The server has none. */
  foundIdle() {
    this.cancelled();
    this.say();
  }

  /** @param {boolean} becauseOfFrame the server closed because of something that was said */
  lost(becauseOfFrame) {
    if (becauseOfFrame && (this.asked.isOnTheWay("find") || this.asked.isOnTheWay("next"))) {
      this.end("frame_refused");
    }
    this.timers.clearAll();
  }

  /** @param {ErrorCode} code */
  stop(code) {
    this.end(code);
    if (this.cancelling) {
      this.cancelling.reject(new errors.OnechatError(code));
      this.cancelling = null;
    }
  }
}

module.exports = { Search: Search };
