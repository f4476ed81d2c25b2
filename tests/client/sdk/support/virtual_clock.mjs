// Time that passes when a test says so. Promises are settled between any two timers.
const turn = () => new Promise((resolve) => setImmediate(resolve));

export class VirtualClock {
  constructor(start = 1_700_000_000_000) {
    this.time = start;
    this.timers = new Map();
    this.made = 0;
  }

  now() {
    return this.time;
  }

  setTimeout(wake, ms) {
    const id = ++this.made;
    this.timers.set(id, { at: this.time + Math.max(0, ms), id, wake });
    return id;
  }

  clearTimeout(id) {
    this.timers.delete(id);
  }

  async advance(ms) {
    const end = this.time + ms;
    await turn();
    for (;;) {
      let next;
      for (const timer of this.timers.values()) {
        if (timer.at > end) continue;
        if (!next || timer.at < next.at || (timer.at === next.at && timer.id < next.id)) {
          next = timer;
        }
      }
      if (!next) break;
      this.time = Math.max(this.time, next.at);
      this.timers.delete(next.id);
      next.wake();
      await turn();
    }
    this.time = end;
  }

  // The app was frozen: time went on, and timers are late.
  freeze(ms) {
    this.time += ms;
  }
}
