// The small rules of the operator's page.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ago, count, duration, exactTime, percent, seconds, time }
  from '../../../client/admin/source/logic/format.js';
import { pieces } from '../../../client/admin/source/logic/hostile.js';
import { Later } from '../../../client/admin/source/logic/later.js';
import { reasonIn } from '../../../client/admin/source/logic/reason.js';
import { addressOf, placeOf, subjectOf } from '../../../client/admin/source/logic/route.js';

test('an address names a place and a number, and nothing else', () => {
  for (const [hash, place] of [
    ['', { name: 'overview' }], ['#', { name: 'overview' }], ['#/', { name: 'overview' }],
    ['#/reports', { name: 'reports' }], ['#/reports/3', { name: 'report', id: '3' }],
    ['#/pairs/5/7', { name: 'pair', id: '5', seq: '7' }],
    ['#/users/12', { name: 'user', id: '12' }], ['#/pairs/5', { name: 'pair', id: '5' }],
  ]) {
    assert.deepEqual(placeOf(hash), place);
    assert.equal(addressOf(place.name, place.id, place.seq), hash.length > 2 ? hash : '#/');
  }
  for (const hash of ['#/pairs', '#/users/x', '#/users/0', '#/users/1/2', '#/users/1?query=a',
    '#/users/1e3', '#/users/../audit', '#/constructor', '#/tokens/ann',
    '#/users/1234567890123456789']) {
    assert.deepEqual(placeOf(hash), { name: 'unknown' }, hash);
  }
});

test('the target of an audit row leads to its page', () => {
  assert.deepEqual(subjectOf('pair 5 event 7'), { name: 'pair', id: '5', seq: '7' });
  assert.deepEqual(subjectOf('user 12'), { name: 'user', id: '12', seq: undefined });
  for (const target of ['session 3', 'token ann', 'user', 'users 3', 'user 0', 'user 3 x', '']) {
    assert.equal(subjectOf(target), undefined);
  }
});

test('a reason is one line of 3 to 500 characters, counted as people do', () => {
  assert.equal(reasonIn('  complaint 77 '), 'complaint 77');
  assert.equal(reasonIn('two\nlines\u0000'), 'two lines');
  assert.equal(reasonIn('🐱🐱🐱'), '🐱🐱🐱');
  assert.equal(reasonIn('🐱🐱'), undefined);
  assert.equal(reasonIn('ab'), undefined);
  assert.equal(reasonIn('x'.repeat(500)).length, 500);
  assert.equal(reasonIn('x'.repeat(501)), undefined);
});

test('what turns the writing is named; everything else is left as it was written', () => {
  assert.deepEqual(pieces('a\u202eb'), ['a', { code: 'U+202E' }, 'b']);
  assert.deepEqual(pieces('\u2066\u0007'), [{ code: 'U+2066' }, { code: 'U+0007' }]);
  for (const text of ['plain', 'مرحبا', '👨‍👩‍👧 ❤️', 'tab\tand\nline', '<b>&amp;</b>',
    'Z\u0352\u034a']) {
    assert.deepEqual(pieces(text), [text]);
  }
  assert.deepEqual(pieces(''), []);
});

// A clock in the hand.
class Clock {
  now = 0;
  due = new Set();
  set = (run, wait) => {
    const one = { run, at: this.now + wait };
    this.due.add(one);
    return one;
  };

  clear = (one) => this.due.delete(one);

  tick(time) {
    this.now += time;
    for (const one of [...this.due]) if (one.at <= this.now && this.due.delete(one)) one.run();
  }
}

test('a decision that waits can be taken back, until it is carried out', async () => {
  const clock = new Clock();
  const later = new Later(clock);
  const done = [];
  let told = 0;
  later.listen(() => { told += 1; });

  const undo = later.put('report 1', async (leaving) => { done.push(['one', leaving]); }, 8000);
  assert.ok(later.holds('report 1'));
  clock.tick(7999);
  assert.deepEqual(done, []);
  assert.equal(undo(), true);
  assert.equal(undo(), false);
  assert.ok(!later.holds('report 1'));
  clock.tick(10_000);
  assert.deepEqual(done, []);

  const late = later.put('report 1', async (leaving) => { done.push(['two', leaving]); }, 8000);
  clock.tick(8000);
  assert.deepEqual(done, [['two', false]]);
  assert.equal(late(), false);
  assert.ok(told >= 4);
});

test('a second decision of the same name takes the first one\'s place', async () => {
  const clock = new Clock();
  const later = new Later(clock);
  const done = [];
  const first = later.put('a', async () => { done.push(1); }, 10);
  later.put('a', async () => { done.push(2); }, 10);
  assert.equal(first(), false);
  clock.tick(10);
  assert.deepEqual(done, [2]);
});

test('all that waits is carried out when the page is left, once', async () => {
  const clock = new Clock();
  const later = new Later(clock);
  const done = [];
  for (const name of ['a', 'b']) {
    later.put(name, async (leaving) => { done.push([name, leaving]); }, 8000);
  }
  await later.flush();
  clock.tick(8000);
  assert.deepEqual(done, [['a', true], ['b', true]]);
});

test('numbers and times are told in the reader\'s language', () => {
  const now = Date.UTC(2026, 10, 27, 10, 0, 0);
  assert.equal(count(12345.67, 'en'), '12,345.7');
  assert.equal(percent(0.042, 'en'), '4 %');
  assert.equal(seconds(0.0042, 'en'), '4.2 ms');
  assert.equal(seconds(1.5, 'en'), '1.5 s');
  assert.equal(seconds(null, 'en'), '–');
  assert.equal(duration(3 * 3600e3, 'en'), '3 hours');
  assert.match(duration(2 * 86400e3, 'zh'), /2\s?天/);
  assert.equal(ago(now - 120e3, 'en', now), '2 minutes ago');
  assert.equal(ago(now + 3 * 86400e3, 'en', now), 'in 3 days');
  assert.equal(ago(now - 1000, 'en', now), 'now');
  assert.ok(!time(now, 'en', now).includes('2026'));
  assert.ok(time(now - 400 * 86400e3, 'en', now).includes('2025'));
  assert.match(exactTime(now, 'en'), /:\d\d:\d\d/);
});
