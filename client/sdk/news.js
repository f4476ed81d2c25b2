// Tells pages what happened: what follows from one frame or one call is told once, when it is done.
"use strict";

/** @typedef {import("./onechat").ClientEvents} ClientEvents */
/** @typedef {import("./onechat").State} State */

class News {
  /**
   * @param {() => State} makeState
   * @param {(sentence: string) => void} log
   * @param {import("./onechat").Clock} clock
   */
  constructor(makeState, log, clock) {
    this.makeState = makeState;
    this.log = log;
    this.clock = clock;
    /** How long news are collected; 0: for one turn. */
    this.pause = 0;
    /** @type {Map<string, Set<(what: any) => void>>} */
    this.listeners = new Map();
    /** What waits to be told: what came in one turn, or in `pause`. @type {(() => void)[]} */
    this.waiting = [];
    this.isDue = false;
    this.isStale = true;
    /** @type {State | null} */
    this.last = null;
  }

  /**
   * @param {string} name
   * @param {(what: any) => void} heard
   * @returns {() => void}
   */
  on(name, heard) {
    const listeners = this.listeners.get(name) || new Set();
    // Each call is its own, also with the same function.
    const listener = (/** @type {any} */ what) => heard(what);
    this.listeners.set(name, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  /** @returns {State} */
  state() {
    if (this.isStale || !this.last) {
      this.isStale = false;
      this.last = reuse(this.last, this.makeState());
    }
    return this.last;
  }

  changed() {
    this.isStale = true;
    this.schedule();
  }

  /**
   * @param {keyof ClientEvents} name
   * @param {() => any} what made when it is told
   */
  tell(name, what) {
    this.waiting.push(() => this.emit(name, what()));
    this.schedule();
  }

  schedule() {
    if (!this.isDue) {
      this.isDue = true;
      if (this.pause > 0) {
        this.clock.setTimeout(() => this.flush(), this.pause);
      } else {
        Promise.resolve().then(() => this.flush());
      }
    }
  }

  flush() {
    this.isDue = false;
    const waiting = this.waiting;
    this.waiting = [];
    const before = this.last;
    const state = this.state();
    waiting.forEach((tell) => tell());
    if (state !== before) {
      this.emit("state", state);
    }
  }

  /**
   * @param {string} name
   * @param {any} what
   */
  emit(name, what) {
    (this.listeners.get(name) || new Set()).forEach((heard) => {
      try {
        heard(what);
      } catch (error) {
        this.log("A listener of `" + name + "` failed: " + String(error));
      }
    });
  }
}

/**
 * The older object when nothing in it is different, so that pages can compare by identity.
 * @template T
 * @param {T | null} older
 * @param {T} newer
 * @returns {T}
 */
function reuse(older, newer) {
  if (!older || !newer) {
    return newer;
  }
  const a = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (older));
  const b = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (newer));
  const isSame = Object.keys(a).length === Object.keys(b).length &&
    Object.keys(b).every((key) => a[key] === b[key]);
  return isSame ? older : newer;
}

module.exports = { News: News, reuse: reuse };
