// How long to wait before the next connection: at random between half a second and a ceiling that
// doubles up to 20 s, so that people who lost the server together don't come back together.
"use strict";

const pauseMin = 500;
const pauseMax = 20000;

class Backoff {
  /** @param {() => number} random */
  constructor(random) {
    this.random = random;
    this.ceiling = 2 * pauseMin;
  }

  /** @returns {number} */
  next() {
    const pause = pauseMin + this.random() * (this.ceiling - pauseMin);
    this.ceiling = Math.min(2 * this.ceiling, pauseMax);
    return Math.round(pause);
  }

  reset() {
    this.ceiling = 2 * pauseMin;
  }
}

module.exports = { Backoff: Backoff };
