// Decisions that the server could not take back wait here for a moment, in which they still can be.
// They are carried out when it has passed, or at once when the page is left.
export const undoTime = 8000;

export class Later {
  #waiting = new Map();
  #listeners = new Set();
  #clock;

  // `clock`: { set(run, wait), clear(key) }, for tests.
  constructor(clock = {
    set: (run, wait) => setTimeout(run, wait), clear: (key) => clearTimeout(key),
  }) {
    this.#clock = clock;
  }

  // Calls `act(leaving)` once, unless the returned function is called before: that tells whether
  // it came in time. One decision of a name at a time; a second takes the first's place.
  put(name, act, wait = undoTime) {
    this.#take(name);
    const run = async (leaving) => {
      this.#take(name);
      await act(leaving);
      this.#tell();
    };
    const one = { run, timer: this.#clock.set(() => run(false), wait) };
    this.#waiting.set(name, one);
    this.#tell();
    return () => {
      const inTime = this.#waiting.get(name) === one;
      if (inTime) this.#take(name);
      this.#tell();
      return inTime;
    };
  }

  holds(name) {
    return this.#waiting.has(name);
  }

  // When something begins to wait, is taken back or is done.
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // Nobody can take anything back any more: the page is left.
  flush() {
    return Promise.all([...this.#waiting.values()].map(({ run }) => run(true)));
  }

  #take(name) {
    this.#clock.clear(this.#waiting.get(name)?.timer);
    this.#waiting.delete(name);
  }

  #tell() {
    for (const listener of [...this.#listeners]) listener();
  }
}
