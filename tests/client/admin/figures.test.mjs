// Distributions out of /metrics, and the minutes that charts show.
import assert from 'node:assert/strict';
import test from 'node:test';
import { distributionIn, figureIn, quantile, since }
  from '../../../client/admin/source/logic/figures.js';
import { Live } from '../../../client/admin/source/logic/live.js';
import { Series, names } from '../../../client/admin/source/logic/series.js';

const text = `# HELP commit_seconds Time.
commit_seconds_bucket{le="0.001"} 10
commit_seconds_bucket{le="0.01"} 30
commit_seconds_bucket{le="+Inf"} 40
commit_seconds_sum 1.5
commit_seconds_count 40
other_commit_seconds_bucket{le="0.001"} 99
cpu_seconds_total 0.25
`;
const stats = (more = {}) =>
  ({ started: 1, people: 3, waiting: 1, chats: 1, texts: 0, ...more });

test('a distribution is read by its own name alone', () => {
  assert.deepEqual(distributionIn(text, 'commit_seconds'), [{ to: 0.001, count: 10 },
    { to: 0.01, count: 30 }, { to: Infinity, count: 40 }]);
  assert.deepEqual(distributionIn(text, 'nothing'), []);
  assert.equal(figureIn(text, 'cpu_seconds_total'), 0.25);
  assert.equal(figureIn(text, 'seconds_total'), undefined);
});

test('quantiles lie within their bucket; beyond the last limit is the last limit', () => {
  const all = distributionIn(text, 'commit_seconds');
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

test('disk and processor are only told where two looks have them', () => {
  const series = new Series();
  const disk = (n) => [{ to: 0.001, count: n }, { to: Infinity, count: n }];
  series.add(1000, stats(), { disk: disk(10), cpu: 1 });
  series.add(3000, stats(), { disk: disk(20), cpu: 1.5 });
  assert.equal(series.newest('median'), 0.0005);
  assert.equal(series.newest('cpu'), 0.25);
  series.add(5000, stats());
  assert.equal(series.newest('cpu'), null);
  series.add(7000, stats(), { disk: disk(30), cpu: 2 });
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
