// Typing, both ways: one's own is said seldom, the partner's is forgotten when it isn't renewed,
// since either may get lost.
"use strict";

const { Timers } = require("./timers.js");

const sayEvery = 3000;
const idleAfter = 5000;    // nothing was typed for so long: not typing any more
const forgetAfter = 8000;

class Typing {
  /**
   * @param {import("./onechat").Clock} clock
   * @param {(on: boolean) => void} say
   */
  constructor(clock, say) {
    this.clock = clock;
    this.say = say;
    this.timers = new Timers(clock);
    this.isOn = false;
    this.saidAt = 0;
  }

  /** @param {boolean} on */
  typed(on) {
    if (!on) {
      if (this.isOn) {
        this.spoke();
        this.say(false);
      }
      return;
    }
    const now = this.clock.now();
    if (!this.isOn || now - this.saidAt >= sayEvery) {
      this.isOn = true;
      this.saidAt = now;
      this.say(true);
    }
    this.timers.set("idle", idleAfter, () => this.typed(false));
  }

  /** A text says by itself that the typing is over, and so do other connections and chats. */
  spoke() {
    this.isOn = false;
    this.timers.clear("idle");
  }

  /**
   * @param {boolean} on
   * @param {() => void} forget
   */
  heard(on, forget) {
    if (on) {
      this.timers.set("partner", forgetAfter, forget);
    } else {
      this.timers.clear("partner");
    }
  }
}

module.exports = { Typing: Typing };
