// Named timers over the clock that was put in: setting one again takes the place of the older.
"use strict";

class Timers {
  /** @param {import("./onechat").Clock} clock */
  constructor(clock) {
    this.clock = clock;
    /** @type {Map<string, any>} */
    this.running = new Map();
  }

  /**
   * @param {string} name
   * @param {number} ms
   * @param {() => void} wake
   */
  set(name, ms, wake) {
    this.clear(name);
    const timer = this.clock.setTimeout(() => {
      this.running.delete(name);
      wake();
    }, Math.max(0, ms));
    this.running.set(name, timer);
  }

  /** @param {string} name */
  has(name) {
    return this.running.has(name);
  }

  /** @param {string} name */
  clear(name) {
    if (this.running.has(name)) {
      this.clock.clearTimeout(this.running.get(name));
      this.running.delete(name);
    }
  }

  clearAll() {
    Array.from(this.running.keys()).forEach((name) => this.clear(name));
  }
}

module.exports = { Timers: Timers };
