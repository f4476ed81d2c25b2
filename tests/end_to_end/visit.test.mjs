import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { Person, couple, meet } from './support/person.mjs';
import { withServer } from './support/server.mjs';

const atOnce = { flags: ['--match-round', '0s', '--rematch-after', '0s'] };
const quick = { flags: ['--match-round', '20ms', '--rematch-after', '0s'] };

test('two strangers meet, talk, part, meet again and see the past chat', () =>
  withServer(quick, async (server) => {
    const one = await Person.arrive(server.url);
    const two = await Person.arrive(server.url);
    assert.equal(one.welcome.state, 'idle');
    assert.equal(one.welcome.topics.length, 12);

    one.say({ t: 'find', topics: ['music', 'night'], nickname: '小明', avatar: 'fox', rid: 5 });
    const waiting = await one.hears('waiting');
    assert.equal(waiting.rid, 5);
    assert.equal(waiting.tier, 0);
    assert.equal(waiting.pool, '0');
    two.say({ t: 'find', topics: ['night'] });
    const [a, b] = await Promise.all([one.matched(), two.matched()]);
    assert.equal(a.pair, b.pair);
    assert.ok(a.pair.length >= 16, 'a pair is named by 96 random bits or more');
    assert.equal(a.topic, 'night');
    assert.equal(a.met, 0);
    assert.equal(b.partner.nickname, '小明');
    assert.equal(b.partner.avatar, 'fox');
    assert.equal(a.partner.nickname, undefined);
    assert.notEqual(a.partner.alias, b.partner.alias);
    const { length, 0: start } = a.recent;
    assert.deepEqual([length, start.seq, start.kind, start.from], [1, 1, 'start', 'system']);

    const ack = await one.text('你好，陌生人');
    const heard = await two.hears('event');
    assert.deepEqual([heard.seq, heard.from, heard.kind], [2, 'partner', 'text']);
    assert.equal(heard.text, '你好，陌生人');
    assert.equal(heard.cid, undefined, "the partner's numbers are not mine to see");
    assert.deepEqual([ack.seq, ack.at, ack.dup], [2, heard.at, undefined]);
    await two.text('你好呀');

    one.say({ t: 'leave', pair: one.pair, rid: 9 });
    const end = await one.hears('event', (event) => event.kind === 'end');
    assert.deepEqual([end.from, end.reason, end.seq], ['me', 'left', 4]);
    assert.equal((await one.hears('idle')).rid, 9);
    const left = await two.hears('partner');
    assert.deepEqual([left.state, left.reason], ['left', 'left']);
    const order = two.all.filter((m) => m.t === 'partner' || m.kind === 'end').map((m) => m.t);
    assert.deepEqual(order, ['event', 'partner'], 'the end comes before `partner left`');

    const [again] = await meet(one, two);
    assert.equal(again.pair, a.pair);
    assert.equal(again.met, 1);
    assert.equal(again.partner.alias, a.partner.alias);
    assert.equal(again.last_cid, 1);
    assert.deepEqual(
      again.recent.map((event) => [event.seq, event.kind, event.from, event.text]),
      [
        [1, 'start', 'system', undefined],
        [2, 'text', 'me', '你好，陌生人'],
        [3, 'text', 'partner', '你好呀'],
        [4, 'end', 'me', undefined],
        [5, 'start', 'system', undefined],
      ]);
  }));

test('the past chat outlives the server', () =>
  withServer(quick, async (first) => {
    const [one, two] = await couple(first.url);
    await one.text('第一次');
    one.say({ t: 'leave' });
    await one.hears('idle');
    assert.equal(await first.stop(), 0);

    await withServer({ ...quick, data: first.data }, async (second) => {
      const back = await Person.arrive(second.url, { token: one.token });
      const other = await Person.arrive(second.url, { token: two.token });
      assert.ok(back.welcome.epoch > one.welcome.epoch);

      const [again] = await meet(back, other);
      assert.equal(again.pair, one.pair);
      assert.equal(again.recent[1].text, '第一次');
    });
  }));

test('`next` leaves and searches in one step, and never skips an unseen partner', () =>
  withServer(quick, async (server) => {
    const [one, two] = await couple(server.url);
    const three = await Person.arrive(server.url);

    one.say({ t: 'next', pair: one.pair });
    await one.hears('waiting');
    assert.equal((await two.hears('partner')).state, 'left');
    three.say({ t: 'find' });
    const matched = await one.matched();
    assert.ok(matched.pair);
    one.say({ t: 'next', pair: two.pair, rid: 3 }); // the second tap of a double tap

    const refused = await one.hears('error');
    assert.deepEqual([refused.code, refused.rid], ['not_paired', 3]);
    assert.ok(!one.all.some((message) => message.t === 'idle'), '`next` is not answered with idle');
  }));

test('a person who searches twice, or from two devices, never meets themself', () =>
  withServer(atOnce, async (server) => {
    const one = await Person.arrive(server.url);
    one.say({ t: 'find' });
    const first = await one.hears('waiting');
    one.say({ t: 'find', topics: ['music'] });
    const second = await one.hears('waiting');
    assert.equal(second.since, first.since, 'a repeated find keeps its place');
    const again = await Person.arrive(server.url, { token: one.token });
    assert.equal((await one.hears('bye')).code, 4500);
    assert.deepEqual(await one.closed, { code: 4500, reason: 'replaced' });
    assert.equal(again.welcome.state, 'waiting');
    assert.equal((await again.hears('waiting')).since, first.since);
    again.say({ t: 'find' });
    await again.settled();

    const stranger = await Person.arrive(server.url);
    stranger.say({ t: 'find' });
    const met = await stranger.matched();

    assert.equal((await again.matched()).pair, met.pair);
    assert.equal(again.all.filter((message) => message.t === 'matched').length, 1);
  }));

test('find while paired is refused and disturbs nobody', () =>
  withServer(quick, async (server) => {
    const [one, two] = await couple(server.url);

    one.say({ t: 'find', rid: 1 });

    assert.equal((await one.hears('error')).code, 'already_paired');
    await one.text('still here');
    assert.equal((await two.hears('event')).text, 'still here');
  }));

test('whoever is gone is not matched any more', () =>
  withServer(atOnce, async (server) => {
    const ghost = await Person.arrive(server.url);
    ghost.say({ t: 'find' });
    await ghost.hears('waiting');
    ghost.vanish();
    const one = await Person.arrive(server.url);
    const two = await Person.arrive(server.url);

    const [a, b] = await meet(one, two); // the ghost waits longer and would be served first

    assert.equal(a.pair, b.pair);
  }));

test('topics may be Chinese, however they are composed', () =>
  withServer({ flags: ['--match-round', '20ms', '--topic', '压力=压力|说说', '--topic', 'ABC=字母'] },
    async (server) => {
      const one = await Person.arrive(server.url);
      assert.deepEqual(one.welcome.topics[0], { id: '压力', title: '压力', hint: '说说', waiting: '0' });
      one.say({ t: 'find', topics: ['压力', 'ＡＢＣ'] });
      await one.hears('waiting');
      one.say({ t: 'find', topics: ['没有'], rid: 2 });

      const refused = await one.hears('error');
      assert.deepEqual([refused.code, refused.rid, refused.field], ['unknown_topic', 2, 'topics']);
    }));

test('what is kept is for its owner alone', () =>
  withServer(quick, async (server) => {
    await couple(server.url);

    for (const name of ['keys', 'onechat.db', 'lock']) {
      const { mode } = await stat(join(server.data, name));
      assert.equal(mode & 0o777, 0o600, name);
    }
  }));
