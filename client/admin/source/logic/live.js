// Looks at the server every two seconds while the page is seen, and tells those who listen. Without
// /metrics, which a proxy may keep to itself, the chart of the processor stays empty.
import { figureIn } from './figures.js';
import { Series } from './series.js';

const every = 2000;

export class Live {
  #timer;
  #busy = false;
  #runs = false;
  #listeners = new Set();

  constructor(api, { now = Date.now } = {}) {
    Object.assign(this, { api, now, series: new Series(), stats: null, isLost: false });
    this.showsMore = 0; // how many want what only /metrics tells
  }

  start() {
    this.#runs = true;
    return this.look();
  }

  stop() {
    this.#runs = false;
    clearTimeout(this.#timer);
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // Once, now; the next one follows by itself. One look at a time.
  async look() {
    clearTimeout(this.#timer);
    if (this.#busy) return;
    this.#busy = true;
    try {
      const [stats, figures] = await Promise.all([this.api.get('/stats'),
        this.showsMore > 0 ? this.api.figures().catch(() => undefined) : undefined]);
      this.stats = stats;
      this.isLost = false;
      this.series.add(this.now(), stats, figures && {
        cpu: figureIn(figures, 'process_cpu_seconds_total'),
      });
    } catch {
      this.isLost = true;
    }
    this.#busy = false;
    for (const listener of [...this.#listeners]) listener();
    if (this.#runs) this.#timer = setTimeout(() => this.look(), every);
  }
}
