// What people do with their records: read them, list them, recall, clear, block, report, export.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Person, couple, meet } from './support/person.mjs';
import { withServer } from './support/server.mjs';

const quick = { flags: ['--match-round', '20ms', '--rematch-after', '0s'] };
const withQuick = (body) => withServer(quick, body);

const ask = async (person, message, answer) => {
  const rid = Math.floor(Math.random() * 2 ** 40);
  person.say({ ...message, rid });
  return person.hears(answer, (heard) => heard.rid === rid);
};
const refused = async (person, message) => (await ask(person, message, 'error')).code;
const leave = async (person) => {
  person.say({ t: 'leave', pair: person.pair });
  await person.hears('idle');
};

test('a record is read page by page, newest first, by its two people alone', () =>
  withQuick(async ({ url }) => {
    const [ann, ben] = await couple(url);
    for (let n = 1; n <= 12; n += 1) await (n % 2 ? ann : ben).text(`text ${n}`);

    const newest = await ask(ann, { t: 'history', pair: ann.pair, limit: 5 }, 'history');
    assert.deepEqual(newest.events.map((e) => `${e.text} ${e.from}`),
      ['text 8 partner', 'text 9 me', 'text 10 partner', 'text 11 me', 'text 12 partner']);
    assert.equal(newest.more, true);
    const before = newest.events[0].seq;
    const rest = await ask(ann, { t: 'history', pair: ann.pair, before, limit: 100 }, 'history');
    assert.deepEqual(rest.events.map((e) => e.seq), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.equal(rest.events[0].kind, 'start');
    assert.equal(rest.more, false);
    assert.equal('cid' in rest.events.find((e) => e.from === 'partner'), false);

    const eve = await Person.arrive(url);
    for (const t of ['history', 'clear', 'block', 'unblock']) {
      assert.equal(await refused(eve, { t, pair: ann.pair }), 'unknown_pair', t);
      assert.equal(await refused(eve, { t, pair: 'nobody' }), 'unknown_pair', t);
    }
    const report = { t: 'report', pair: ann.pair, reason: 'spam' };
    assert.equal(await refused(eve, report), 'unknown_pair');
  }));

test('pairs lists the people one has met, newest first, with what is unseen', () =>
  withQuick(async ({ url }) => {
    const ann = await Person.arrive(url);
    const others = [];
    for (let n = 0; n < 3; n += 1) {
      const other = await Person.arrive(url);
      await meet(ann, other);
      await other.text(`from ${n}`);
      await other.text(`again from ${n}`);
      if (n === 1) {
        ann.say({ t: 'seen', seq: 3, pair: ann.pair });
        assert.equal((await other.hears('seen')).seq, 3);
      }
      other.pairName = ann.pair;
      others.push(other);
      await leave(ann);
    }

    const first = await ask(ann, { t: 'pairs', limit: 2 }, 'pairs');
    assert.deepEqual(first.pairs.map((p) => p.pair), [others[2].pairName, others[1].pairName]);
    assert.deepEqual(first.pairs.map((p) => p.unseen), [2, 0]);
    assert.deepEqual(first.pairs.map((p) => p.last.text), ['again from 2', 'again from 1']);
    assert.deepEqual(first.pairs.map((p) => p.met), [1, 1]);
    assert.equal(first.more, true);
    const second = await ask(ann, { t: 'pairs', before: first.cursor }, 'pairs');
    assert.deepEqual(second.pairs.map((p) => p.pair), [others[0].pairName]);
    assert.equal(second.more, false);
    assert.equal('cursor' in second, false);
    assert.equal(await refused(ann, { t: 'pairs', before: 'not a cursor' }), 'bad_field');
    const nobody = await ask(await Person.arrive(url), { t: 'pairs' }, 'pairs');
    assert.deepEqual(nobody.pairs, []);
  }));

test('typing and seen reach the partner, and are ignored elsewhere', () =>
  withQuick(async ({ url }) => {
    const [ann, ben] = await couple(url);
    ann.say({ t: 'typing', on: true });
    assert.deepEqual(await ben.hears('typing'), { t: 'typing', pair: ann.pair, on: true });
    const { seq } = await ben.text('hi');
    ann.say({ t: 'seen', seq: 9999 });
    assert.equal((await ben.hears('seen')).seq, seq);
    ann.say({ t: 'seen', seq: 1 });
    ann.say({ t: 'typing', on: true, pair: 'another' });
    ann.say({ t: 'seen', seq: 9999, pair: 'another' });
    await ann.settled();
    await ben.settled();
    assert.deepEqual(ben.heard.filter((m) => ['seen', 'typing'].includes(m.t)), []);
    assert.deepEqual(ann.heard.filter((m) => m.t === 'error'), []);
  }));

test('a recalled text is gone for both, live and in the record', () =>
  withQuick(async ({ url }) => {
    const [ann, ben] = await couple(url);
    const { seq } = await ann.text('better not');
    const shown = await ben.hears('event', (e) => e.kind === 'text');
    assert.equal(shown.text, 'better not');

    const told = await ask(ann, { t: 'recall', seq }, 'event');
    assert.equal(told.kind, 'recall');
    assert.equal(told.from, 'me');
    assert.equal(told.ref, seq);
    const toBen = await ben.hears('event', (e) => e.kind === 'recall');
    assert.deepEqual([toBen.ref, toBen.from, toBen.seq], [seq, 'partner', told.seq]);

    for (const person of [ann, ben]) {
      const page = await ask(person, { t: 'history', pair: ann.pair }, 'history');
      const gone = page.events.find((e) => e.seq === seq);
      assert.equal(gone.gone, 'recall');
      assert.equal('text' in gone, false);
    }
    assert.equal(await refused(ann, { t: 'recall', seq }), 'too_late');
    assert.equal(await refused(ben, { t: 'recall', seq: seq + 1 }), 'too_late');
    assert.equal(await refused(ben, { t: 'recall', seq: 999 }), 'too_late');
    const dup = await ask(ann, { t: 'say', cid: 1, text: 'better not', pair: ann.pair }, 'ack');
    assert.equal(dup.dup, true);
  }));

test('who clears a record never sees it again, and the partner keeps theirs', () =>
  withQuick(async ({ url }) => {
    const [ann, ben] = await couple(url);
    const old = ann.pair;
    await ann.text('remember me');

    await ask(ann, { t: 'clear', pair: old }, 'cleared');
    assert.equal((await ben.hears('partner', (p) => p.state === 'left')).reason, 'left');
    assert.ok(ann.all.findIndex((m) => m.t === 'event' && m.kind === 'end') <
      ann.all.findIndex((m) => m.t === 'cleared'));
    assert.equal(await refused(ann, { t: 'history', pair: old }), 'unknown_pair');
    assert.deepEqual((await ask(ann, { t: 'pairs' }, 'pairs')).pairs, []);
    const kept = await ask(ben, { t: 'history', pair: old }, 'history');
    assert.deepEqual(kept.events.map((e) => e.kind), ['start', 'text', 'end']);

    const [again] = await meet(ann, ben);
    assert.notEqual(again.pair, old);
    assert.deepEqual([again.met, again.recent.map((e) => e.seq)], [0, [1]]);
  }));

test('who is blocked is never met again, until the block is taken back', () =>
  withQuick(async ({ url }) => {
    const [ann, ben] = await couple(url);
    const pair = ann.pair;
    const blocked = await ask(ann, { t: 'block', pair }, 'blocked');
    assert.deepEqual([blocked.pair, blocked.on], [pair, true]);
    assert.equal((await ben.hears('partner', (p) => p.state === 'left')).reason, 'left');
    await ben.settled();
    assert.deepEqual(ben.all.filter((m) => m.t === 'blocked'), []);

    ann.say({ t: 'find' });
    ben.say({ t: 'find' });
    await ann.hears('waiting');
    await ben.hears('waiting');
    const carl = await Person.arrive(url);
    carl.say({ t: 'find' });
    await carl.matched(); // a round has passed, and the two who wait are not a pair
    const matches = (person) => person.all.filter((m) => m.t === 'matched').length;
    assert.equal([ann, ben].filter((person) => matches(person) === 2).length, 1);
    const { pairs } = await ask(ann, { t: 'pairs' }, 'pairs');
    assert.equal(pairs.find((p) => p.pair === pair).blocked, true);

    await leave(carl);
    carl.leaveForGood();
    assert.equal((await ask(ann, { t: 'unblock', pair }, 'blocked')).on, false);
    for (const person of [ann, ben]) {
      person.say({ t: 'find' });
      person.heard = person.heard.filter((m) => m.t !== 'matched');
    }
    const rematch = await ann.hears('matched');
    assert.deepEqual([rematch.pair, rematch.met], [pair, 1]);
  }));

test('a block outlives a restart', async () => {
  await withQuick(async (server) => {
    const [ann, ben] = await couple(server.url);
    await ask(ann, { t: 'block', pair: ann.pair }, 'blocked');
    await server.kill();
    await withServer({ ...quick, data: server.data }, async ({ url }) => {
      const again = await Person.arrive(url, { token: ann.token });
      const other = await Person.arrive(url, { token: ben.token });
      again.say({ t: 'find' });
      other.say({ t: 'find' });
      await again.hears('waiting');
      await other.hears('waiting');
      const carl = await Person.arrive(url);
      carl.say({ t: 'find' });
      await carl.matched();
      assert.equal([again, other].filter((p) => p.all.some((m) => m.t === 'matched')).length, 1);
    });
  });
});

test('a report needs a shared encounter, and nobody but its author hears of it', () =>
  withQuick(async ({ url }) => {
    const [ann, ben] = await couple(url, { nickname: 'Mallory' });
    await ben.text('something bad');
    const report = { t: 'report', pair: ann.pair, reason: 'abuse' };
    await ask(ann, { ...report, note: 'look at this' }, 'reported');
    await ask(ann, { t: 'report', pair: ann.pair, reason: 'spam' }, 'reported');
    await ben.settled();
    assert.deepEqual(ben.all.filter((m) => m.t === 'reported' || m.t === 'error'), []);
    assert.equal((await ask(ann, { t: 'history', pair: ann.pair }, 'history')).events.length, 2);
  }));

test('an export holds the account and one\'s own texts, and nothing of a partner', () =>
  withQuick(async ({ url }) => {
    const [ann, ben] = await couple(url);
    await ann.text('mine');
    await ben.text('not mine');
    await ann.text('mine too');
    const { seq } = await ann.text('taken back');
    await ask(ann, { t: 'recall', seq }, 'event');

    ann.say({ t: 'export', rid: 7 });
    const records = [];
    let page;
    do {
      page = await ann.hears('exported');
      assert.equal(page.rid, 7);
      records.push(...page.records);
    } while (page.more);
    assert.deepEqual(records.map((r) => r.kind), ['account', 'text', 'text']);
    assert.equal(records[0].provider, 'guest');
    assert.deepEqual(records.slice(1).map((r) => [r.text, r.pair]),
      [['mine', ann.pair], ['mine too', ann.pair]]);
  }));

test('accepted subscribe messages are noted', () =>
  withQuick(async ({ url }) => {
    const ann = await Person.arrive(url);
    await ask(ann, { t: 'notify', templates: ['tmpl-1', 'tmpl-2'] }, 'noted');
  }));

test('after a logout the token is no good, and the partner sees that one left', () =>
  withQuick(async ({ url }) => {
    const [ann, ben] = await couple(url);
    await ask(ann, { t: 'logout' }, 'idle');
    assert.equal((await ann.closed).code, 4501);
    assert.equal((await ben.hears('partner', (p) => p.state === 'left')).reason, 'left');
    for (const token of [ann.token]) {
      const back = await Person.connect(url);
      back.say({ t: 'hello', v: 1, token });
      assert.equal((await back.hears('bye')).code, 4501);
    }
    const fresh = await Person.arrive(url); // a guest who never searched can log out as well
    await ask(fresh, { t: 'logout' }, 'idle');
    await fresh.closed;
    const back = await Person.connect(url);
    back.say({ t: 'hello', v: 1, token: fresh.token });
    assert.equal((await back.hears('bye')).code, 4501);
  }));
