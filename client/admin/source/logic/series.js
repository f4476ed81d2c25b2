// The last minutes of the figures, for charts. Bounded; a pause leaves a gap, never a slope.
import { distributionOf, quantile, since } from './figures.js';

const gapAfter = 7000; // three looks missed
export const names = ['people', 'waiting', 'chats', 'rate', 'cpu', 'median', 'late'];

export class Series {
  constructor(pointsMax = 300) {
    this.pointsMax = pointsMax;
    this.at = []; // seconds, as charts want them
    this.values = Object.fromEntries(names.map((name) => [name, []]));
    this.last = null;
  }

  // `median` and `late` are of the acks between two looks. `more`: { cpu: seconds used }, when
  // somebody looks at it.
  add(now, stats, more = {}) {
    const { last } = this;
    const goesOn = last && last.started === stats.started && now - last.now < gapAfter;
    if (last && !goesOn) this.#push(last.now + 1, {});
    const acks = distributionOf(stats.acks);
    const row = { people: stats.people, waiting: stats.waiting, chats: stats.chats };
    if (goesOn && now > last.now) {
      row.rate = Math.max(0, stats.texts - last.texts) * 1000 / (now - last.now);
      if (more.cpu >= last.cpu) row.cpu = (more.cpu - last.cpu) * 1000 / (now - last.now);
      const fresh = since(last.acks, acks);
      row.median = quantile(fresh, 0.5);
      row.late = quantile(fresh, 0.95);
    }
    this.#push(now, row);
    this.last = { now, ...more, acks, started: stats.started, texts: stats.texts };
  }

  // For a chart: the times, then one row of values for each name.
  columns(...wanted) {
    return [this.at, ...wanted.map((name) => this.values[name])];
  }

  // The newest value that there is.
  newest(name) {
    return this.values[name].at(-1) ?? null;
  }

  #push(now, row) {
    this.at.push(now / 1000);
    for (const name of names) this.values[name].push(row[name] ?? null);
    if (this.at.length > this.pointsMax) {
      this.at.shift();
      for (const name of names) this.values[name].shift();
    }
  }
}
