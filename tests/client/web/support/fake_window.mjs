// A window with a history that, like a real one, tells of a journey only later.

export class FakeWindow extends EventTarget {
  entries = [null];
  at = 0;
  document = Object.assign(new EventTarget(), { hidden: false });

  constructor() {
    super();
    const { entries } = this;
    const window = this;
    this.history = {
      get state() {
        return structuredClone(entries[window.at]);
      },
      pushState(state) {
        entries.splice(++window.at, entries.length, state);
      },
      replaceState(state) {
        entries[window.at] = state;
      },
      go(delta) {
        setImmediate(() => window.travel(delta));
      },
    };
  }

  travel(delta) {
    const to = this.at + delta;
    if (to < 0 || to >= this.entries.length) return;
    this.at = to;
    this.dispatchEvent(Object.assign(new Event('popstate'), { state: this.history.state }));
  }
}
