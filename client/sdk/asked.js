// What was asked on this connection and is not answered yet, by `rid`: so an `idle` or an `error` is
// known for what it answers. A lost connection forgets it; who asked asks again on the next one.
"use strict";

class Asked {
  /**
   * @param {(message: any) => boolean} say
   * @param {() => number} number
   */
  constructor(say, number) {
    this.say = say;
    this.number = number;
    /** @type {Map<number, string>} */
    this.open = new Map();
  }

  /**
   * @param {string} what
   * @param {object} fields
   */
  ask(what, fields) {
    const rid = this.number();
    if (this.say(Object.assign({ t: what, rid: rid }, fields))) {
      this.open.set(rid, what);
    }
  }

  /**
   * @param {number | undefined} rid
   * @returns {string | undefined} what it answers
   */
  answered(rid) {
    const what = rid === undefined ? undefined : this.open.get(rid);
    if (rid !== undefined) {
      this.open.delete(rid);
    }
    return what;
  }

  /** @param {string} what */
  isOnTheWay(what) {
    return Array.from(this.open.values()).indexOf(what) >= 0;
  }

  forget() {
    this.open.clear();
  }
}

/**
 * @typedef {object} Refusal
 * @property {import("./protocol").ServerError} error
 * @property {boolean} mayRepeat
 * @property {number} pause until then
 */

const againMs = 2000;  // after a refusal that does not say

/**
 * @param {import("./protocol").ServerError} error
 * @returns {Refusal}
 */
function refusal(error) {
  return {
    error: error,
    mayRepeat: error.retry_ms !== undefined || error.code === "store_unavailable" ||
      error.code === "platform_busy" || error.code === "rate_limited",
    pause: error.retry_ms === undefined ? againMs : error.retry_ms,
  };
}

module.exports = { Asked: Asked, refusal: refusal };
