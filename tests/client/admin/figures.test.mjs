// Distributions out of /stats, figures out of /metrics, and the minutes that charts show.
import assert from 'node:assert/strict';
import test from 'node:test';
import { distributionOf, figureIn, quantile, since }
  from '../../../client/admin/source/logic/figures.js';
import { Live } from '../../../client/admin/source/logic/live.js';
import { Series, names } from '../../../client/admin/source/logic/series.js';

const text = `# HELP cpu_seconds_total Time.
cpu_seconds_total 0.25
other_cpu_seconds_total 99
`;
const acks = (...counts) => [1000, 10_000, undefined].map((us, n) =>
  ({ ...(us && { to_us: us }), count: counts[n] }));
const stats = (more = {}) =>
  ({ started: 1, people: 3, waiting: 1, chats: 1, texts: 0, acks: acks(0, 0, 0), ...more });

test('times are seconds, and the last class has no end', () => {
  assert.deepEqual(distributionOf(acks(10, 30, 40)), [{ to: 0.001, count: 10 },
    { to: 0.01, count: 30 }, { to: Infinity, count: 40 }]);
});

test('a figure is read by its own name alone', () => {
  assert.equal(figureIn(text, 'cpu_seconds_total'), 0.25);
  assert.equal(figureIn(text, 'seconds_total'), undefined);
});

test('quantiles lie within their bucket; beyond the last limit is the last limit', () => {
  const all = distributionOf(acks(10, 30, 40));
  assert.equal(quantile(all, 0.25), 0.001);
  assert.equal(quantile(all, 0.5).toFixed(6), '0.005500');
  assert.equal(quantile(all, 0.99), 0.01);
  assert.equal(quantile([], 0.5), null);
  assert.equal(quantile(all.map((one) => ({ ...one, count: 0 })), 0.5), null);
});

test('what came between two looks is counted; after a restart, all of it', () => {
  const before = [{ to: 1, count: 5 }, { to: Infinity, count: 6 }];
  const now = [{ to: 1, count: 7 }, { to: Infinity, count: 9 }];
  assert.deepEqual(since(before, now), [{ to: 1, count: 2 }, { to: Infinity, count: 3 }]);
  assert.deepEqual(since(now, before), before);
  assert.deepEqual(since([], now), now);
});

test('texts per second come from two looks', () => {
  const series = new Series();
  series.add(1000, stats({ texts: 10 }));
  assert.equal(series.newest('rate'), null);
  series.add(3000, stats({ texts: 30 }));
  assert.equal(series.newest('rate'), 10);
  assert.equal(series.newest('people'), 3);
});

test('a pause or a restart leaves a gap, and no rate over it', () => {
  for (const [later, more] of [[60_000, {}], [3000, { started: 2 }]]) {
    const series = new Series();
    series.add(1000, stats({ texts: 100 }));
    series.add(later, stats({ texts: 5, ...more }));
    assert.deepEqual(series.values.people, [3, null, 3]);
    assert.equal(series.newest('rate'), null);
    assert.ok(series.at.every((at, n) => n === 0 || at > series.at[n - 1]));
  }
});

test('the processor is only told where two looks have it', () => {
  const series = new Series();
  series.add(1000, stats(), { cpu: 1 });
  series.add(3000, stats(), { cpu: 1.5 });
  assert.equal(series.newest('cpu'), 0.25);
  series.add(5000, stats());
  assert.equal(series.newest('cpu'), null);
  series.add(7000, stats(), { cpu: 2 });
  assert.equal(series.newest('cpu'), null);
});

test('the time to an ack is that of the acks between two looks, without any none', () => {
  const series = new Series();
  series.add(1000, stats({ acks: acks(1000, 1000, 1000) }));
  assert.equal(series.newest('median'), null);
  series.add(3000, stats({ acks: acks(1000, 1100, 1100) }));
  assert.equal(series.newest('median').toFixed(6), '0.005500');
  assert.equal(series.newest('late').toFixed(6), '0.009550');
  series.add(5000, stats({ acks: acks(1000, 1100, 1100) }));
  assert.deepEqual([series.newest('median'), series.newest('late')], [null, null]);
  series.add(7000, stats({ started: 2, acks: acks(5, 5, 5) }));
  assert.equal(series.newest('median'), null);
});

test('only so many points are kept, all rows alike', () => {
  const series = new Series(5);
  for (let n = 0; n < 50; n += 1) series.add(n * 2000, stats());
  assert.equal(series.at.length, 5);
  for (const name of names) assert.equal(series.values[name].length, 5);
  assert.equal(series.columns('people', 'rate').length, 3);
});

test('where /metrics is not to be had, the other figures are', async () => {
  const api = { get: async () => stats(), figures: () => Promise.reject(new Error('forbidden')) };
  const live = new Live(api, { now: () => 1000 });
  live.showsMore = 1;
  await live.look();
  assert.deepEqual([live.isLost, live.series.newest('people')], [false, 3]);
});

test('one look at a time; listeners hear of good and bad ones', async () => {
  let answer;
  const asked = [];
  const api = { get: (path) => {
    asked.push(path);
    return new Promise((resolve, reject) => {
      answer = { resolve, reject };
    });
  }, figures: async () => asked.push('/metrics') && text };
  const live = new Live(api, { now: () => 1000 });
  let heard = 0;
  live.listen(() => { heard += 1; });

  const first = live.look();
  await live.look();
  assert.deepEqual(asked, ['/stats']);
  answer.resolve(stats());
  await first;
  assert.deepEqual([heard, live.isLost, live.stats.people], [1, false, 3]);

  live.showsMore = 1;
  const second = live.look();
  assert.deepEqual(asked.slice(1).sort(), ['/metrics', '/stats']);
  answer.reject(new Error('away'));
  await second;
  assert.deepEqual([heard, live.isLost, live.stats.people], [2, true, 3]);
});
