// The events of one pair that this client holds: a window of the pair's record, from `base` (not
// included) without a gap to `through`, and what came ahead of own texts still waiting for an ack.
"use strict";

/** @typedef {import("./protocol").EventBody} EventBody */

const eventsMax = 2000;  // in memory; the server has them all

class Record {
  /**
   * @param {number} base
   * @param {EventBody[]} [events] those behind `base`
   */
  constructor(base, events) {
    /** @type {EventBody[]} */
    this.events = [];
    /** @type {Map<number, EventBody>} */
    this.bySeq = new Map();
    this.base = base;
    this.through = base;
    this.gap = false;
    this.isBroken = false;
    this.isComplete = false;
    /** What `keep` took away, by seq: its `at`. @type {Map<number, number>} */
    this.dropped = new Map();
    (events || []).forEach((event) => this.add(event));
  }

  /** @param {number} seq */
  has(seq) {
    return !this.isBroken && (seq <= this.base || this.bySeq.has(seq));
  }

  /** @returns {boolean} */
  hasOlder() {
    return this.base > 0 && !this.isComplete && this.events.length < eventsMax;
  }

  /** @returns {number} */
  last() {
    return this.events.length > 0 ? this.events[this.events.length - 1].seq : this.base;
  }

  /**
   * @param {EventBody} event
   * @returns {boolean} whether it is one that was never held before
   */
  add(event) {
    if (this.isBroken) {
      this.isBroken = false;
      this.base = event.seq - 1;
      this.through = this.base;
    }
    if (this.has(event.seq)) {
      return false;
    }
    let place = this.events.length;
    while (place > 0 && this.events[place - 1].seq > event.seq) {
      --place;
    }
    this.events.splice(place, 0, event);
    this.bySeq.set(event.seq, event);
    this.trim();
    while (this.bySeq.has(this.through + 1)) {
      ++this.through;
    }
    if (event.kind === "recall" && event.ref !== undefined) {
      this.takeBack(event.ref);
    }
    const again = this.dropped.get(event.seq) === event.at;
    this.dropped.delete(event.seq);
    return !again;
  }

  /** @param {number} seq */
  takeBack(seq) {
    const text = this.bySeq.get(seq);
    if (!text || text.kind !== "text" || text.gone) {
      return;
    }
    const gone = Object.assign({}, text, { gone: "recall" });
    delete gone.text;
    this.bySeq.set(seq, gone);
    this.events[this.events.indexOf(text)] = gone;
  }

  trim() {
    if (this.events.length > eventsMax) {
      const oldest = /** @type {EventBody} */ (this.events.shift());
      this.bySeq.delete(oldest.seq);
      this.base = oldest.seq;
      this.through = Math.max(this.through, this.base);
      this.isComplete = false;
    }
  }

  /**
   * The server's answer to `held`: nothing newer than this is certain to exist.
   * @param {number} seq
   * @param {boolean} gap what follows does not begin behind it
   */
  keep(seq, gap) {
    this.dropped.clear();
    this.events.forEach((event) => {
      if (event.seq > seq) {
        this.dropped.set(event.seq, event.at);
        this.bySeq.delete(event.seq);
      }
    });
    this.events = this.events.filter((event) => event.seq <= seq);
    this.base = Math.min(this.base, seq);
    this.through = Math.min(this.through, seq);
    if (gap) {
      this.events = [];
      this.bySeq.clear();
      this.gap = true;
      this.isBroken = true;
      this.isComplete = false;
    }
  }

  /**
   * @param {EventBody[]} events oldest first, all older than those held
   * @param {boolean} more
   */
  prepend(events, more) {
    const older = events.filter((event) => event.seq <= this.base);
    older.forEach((event) => this.bySeq.set(event.seq, event));
    this.events = older.concat(this.events);
    if (older.length > 0) {
      this.base = older[0].seq - 1;
    }
    this.isComplete = !more;
    this.gap = this.gap && more;
  }
}

module.exports = { Record: Record };
