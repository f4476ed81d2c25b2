// The chat that the user has left, until the server has taken it. Said again on each connection;
// without it the partner would wait for somebody who is gone.
"use strict";

const errors = require("./errors.js");
const { Timers } = require("./timers.js");

/** @typedef {import("./errors").Deferred<void>} Settled */

class Leaving {
  /**
   * @param {import("./onechat").Clock} clock
   * @param {import("./asked").Asked} asked
   * @param {() => void} store
   */
  constructor(clock, asked, store) {
    this.asked = asked;
    this.store = store;
    this.timers = new Timers(clock);
    /** @type {string | null} */
    this.pair = null;
    /** @type {Settled} */
    this.settled = errors.deferred();
  }

  /**
   * @param {string} pair
   * @param {Settled} settled
   */
  begin(pair, settled) {
    this.done();  // an earlier one is over, or there could not be another
    this.pair = pair;
    this.settled = settled;
  }

  /**
   * In storage: the app was ended before the server had confirmed it.
   * @param {string} pair
   */
  found(pair) {
    if (this.pair === null) {
      this.pair = pair;
      this.settled = errors.deferred();
    }
  }

  say() {
    this.timers.clear("again");
    if (this.pair !== null) {
      this.asked.ask("leave", { pair: this.pair });
    }
  }

  /** @param {import("./asked").Refusal} refusal */
  refused(refusal) {
    if (refusal.mayRepeat) {
      this.timers.set("again", refusal.pause, () => this.say());
    } else {
      this.done();
    }
  }

  /** The server has taken it. */
  done() {
    if (this.pair !== null) {
      this.pair = null;
      this.timers.clear("again");
      this.settled.resolve(undefined);
      this.store();
    }
  }

  lost() {
    this.timers.clearAll();
  }

  /** @param {import("./onechat").ErrorCode} code */
  stop(code) {
    this.lost();
    if (this.pair !== null) {
      this.settled.reject(new errors.OnechatError(code));
      this.settled = errors.deferred();  // the next start goes on with it
    }
  }
}

module.exports = { Leaving: Leaving };
