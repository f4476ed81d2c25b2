import assert from 'node:assert/strict';
import test from 'node:test';
import { Person, couple, meet } from './support/person.mjs';
import { withServer } from './support/server.mjs';

const quick = { flags: ['--match-round', '20ms', '--rematch-after', '0s'] };
const unlimited = { flags: [...quick.flags, '--rate-limits', 'off'] };
const numbers = (events) => events.map((event) => event.seq);
const upTo = (last, first = 1) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

test('a text said again is stored and shown once', () =>
  withServer(quick, async (server) => {
    const [one, two] = await couple(server.url);
    const text = { t: 'say', cid: 1, text: '一次', pair: one.pair };

    one.say(text);
    one.say(text); // before it is on disk
    const acks = [await one.hears('ack'), await one.hears('ack').catch(() => null)];
    one.say({ ...text, rid: 4 }); // and long after

    const again = await one.hears('ack', (ack) => ack.rid === 4);
    assert.deepEqual([again.seq, again.dup], [acks[0].seq, true]);
    assert.equal(again.at, acks[0].at);
    await two.text('好');
    assert.deepEqual(numbers(two.events()), [2]);
  }));

test('a number used for another text, or too old, is refused by its own name', () =>
  withServer(quick, async (server) => {
    const [one] = await couple(server.url);
    one.cid = 9;
    await one.text('ten');

    one.say({ t: 'say', cid: 10, text: 'other', pair: one.pair });
    assert.equal((await one.hears('nack')).code, 'cid_conflict');
    one.say({ t: 'say', cid: 3, text: 'late', pair: one.pair });
    assert.equal((await one.hears('nack')).code, 'cid_stale');
    one.say({ t: 'say', cid: 11, text: 'else', pair: 'no-such-pair' });
    const elsewhere = await one.hears('nack');
    assert.deepEqual([elsewhere.code, elsewhere.pair], ['not_paired', 'no-such-pair']);
  }));

test('a partner who vanished finds the same chat, and every text in order', () =>
  withServer(quick, async (server) => {
    const [one, two] = await couple(server.url);
    await one.text('a');
    await two.hears('event');
    await two.vanish();
    assert.equal((await one.hears('partner')).state, 'away');
    for (const text of ['b', 'c', 'd']) await one.text(text);

    const back = await Person.arrive(server.url, {
      token: two.token,
      held: { pair: two.pair, seq: 2, epoch: two.welcome.epoch },
    });
    const partner = await back.hears('partner');

    assert.equal(back.welcome.state, 'paired');
    assert.deepEqual(back.welcome.held, { pair: two.pair, keep: 2 });
    assert.equal(back.welcome.pair.resumed, true);
    assert.equal(back.welcome.pair.recent, undefined);
    assert.deepEqual(back.events().map((e) => [e.seq, e.text]), [[3, 'b'], [4, 'c'], [5, 'd']]);
    assert.equal(partner.state, 'here');
    assert.equal(back.all.indexOf(partner), 4, 'the missed events come before the partner');
    assert.equal((await one.hears('partner')).state, 'here');
    await one.text('e');
    assert.equal((await back.hears('event', (e) => e.text === 'e')).seq, 6);
  }));

test('without `held` the newest events come with the welcome', () =>
  withServer(unlimited, async (server) => {
    const [one, two] = await couple(server.url);
    for (let n = 0; n < 30; n++) await one.text(`${n}`);
    await two.vanish();

    const back = await Person.arrive(server.url, { token: two.token });
    await back.hears('partner');

    assert.deepEqual(numbers(back.welcome.pair.recent), upTo(31, 12));
    assert.equal(back.welcome.pair.last_seq, 31);
    assert.equal(back.events().length, 0);
    assert.equal(back.welcome.held, undefined);
  }));

test('texts of the older connection reach the newer one as events from me', () =>
  withServer(unlimited, async (server) => {
    const [one, two] = await couple(server.url);
    for (let cid = 1; cid <= 50; cid++) {
      one.say({ t: 'say', cid, text: `${cid}`, pair: one.pair });
    }
    const newer = await Person.arrive(server.url, {
      token: one.token,
      held: { pair: one.pair, seq: 1, epoch: one.welcome.epoch },
    });
    await newer.hears('partner');

    const shown = newer.events();
    assert.deepEqual(numbers(shown), upTo(shown.length + 1, 2));
    assert.ok(shown.every((event) => event.from === 'me' && event.cid === event.seq - 1));
    newer.cid = 50;
    await newer.text('51');
    await two.hears('event', (event) => event.text === '51');
    assert.deepEqual(numbers(two.events()), upTo(two.events().length + 1, 2));
  }));

test('of many missed events only the newest thousand come, and the gap is told', () =>
  withServer(unlimited, async (server) => {
    const [one, two] = await couple(server.url);
    await two.vanish();
    for (let n = 0; n < 1200; n += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, k) => one.text(`${n + k}`)));
    }

    const back = await Person.arrive(server.url, {
      token: two.token,
      held: { pair: two.pair, seq: 1, epoch: two.welcome.epoch },
    });
    await back.hears('partner');

    assert.deepEqual(back.welcome.held, { pair: two.pair, keep: 1, gap: true });
    assert.deepEqual(numbers(back.events()), upTo(1201, 202));
  }));

test('a chat that ended meanwhile is shown up to its end', () =>
  withServer(quick, async (server) => {
    const [one, two] = await couple(server.url);
    await two.vanish();
    await one.text('bye');
    one.say({ t: 'leave' });
    await one.hears('idle');

    const back = await Person.arrive(server.url, {
      token: two.token,
      held: { pair: two.pair, seq: 1, epoch: two.welcome.epoch },
    });
    await back.hears('event', (event) => event.kind === 'end');
    await back.settled();

    assert.equal(back.welcome.state, 'idle');
    assert.deepEqual(back.events(two.pair).map((e) => e.kind), ['text', 'end']);
    assert.ok(!back.all.some((message) => message.t === 'partner'));
  }));

test('an unknown pair, and a pair of other people, is kept from the asker', () =>
  withServer(quick, async (server) => {
    const [one] = await couple(server.url);
    const stranger = await Person.arrive(server.url);

    for (const pair of [one.pair, 'never-was']) {
      const asker = await Person.arrive(server.url, {
        token: stranger.token,
        held: { pair, seq: 5, epoch: one.welcome.epoch },
      });
      await asker.settled();
      assert.deepEqual(asker.welcome.held, { pair, keep: 0 });
      assert.equal(asker.events(pair).length, 0);
    }
  }));

test('a killed server gives back the chat, and nothing that was acked is lost', () =>
  withServer(quick, async (first) => {
    const [one, two] = await couple(first.url);
    for (const text of ['a', 'b', 'c']) await one.text(text);
    const seen = (await two.hears('event', (event) => event.text === 'c')).seq;
    await first.kill();

    await withServer({ ...quick, data: first.data }, async (second) => {
      const held = { pair: one.pair, seq: seen, epoch: one.welcome.epoch };
      const back = await Person.arrive(second.url, { token: one.token, held });
      assert.equal(back.welcome.state, 'paired');
      assert.equal(back.welcome.held.keep, seen);
      assert.equal((await back.hears('partner')).state, 'away');

      const other = await Person.arrive(second.url, { token: two.token, held });
      assert.equal((await back.hears('partner')).state, 'here');
      back.say({ t: 'say', cid: 3, text: 'c', pair: back.pair }); // was its ack heard? say it again
      assert.equal((await back.hears('ack')).dup, true);
      await back.text('d');
      assert.equal((await other.hears('event')).text, 'd');
      assert.deepEqual(numbers(other.events()), [5]);
    });
  }));

test('someone away for too long loses the seat, and both are told', () =>
  withServer({ flags: ['--match-round', '20ms', '--away', '300ms'] }, async (server) => {
    const [one, two] = await couple(server.url);
    await two.vanish();
    assert.equal((await one.hears('partner')).state, 'away');

    const end = await one.hears('event', (event) => event.kind === 'end');
    const left = await one.hears('partner');
    assert.deepEqual([end.from, end.reason], ['system', 'timeout']);
    assert.deepEqual([left.state, left.reason], ['left', 'timeout']);

    const back = await Person.arrive(server.url, {
      token: two.token,
      held: { pair: two.pair, seq: 1, epoch: two.welcome.epoch },
    });
    assert.equal(back.welcome.state, 'idle');
    assert.equal((await back.hears('event')).reason, 'timeout');
  }));

test('going to the background is told, and so is coming back', () =>
  withServer(quick, async (server) => {
    const [one, two] = await couple(server.url);

    two.say({ t: 'away' });
    assert.equal((await one.hears('partner')).state, 'away');
    two.say({ t: 'ping' });
    await two.text('back');

    assert.equal((await one.hears('partner')).state, 'here');
  }));

test('more than 64 texts in flight are refused until one is on disk', () =>
  withServer(unlimited, async (server) => {
    const [one, two] = await couple(server.url);
    const frames = upTo(200).map((cid) => ({ t: 'say', cid, text: `${cid}`, pair: one.pair }));
    for (const frame of frames) one.say(frame);

    for (const { cid } of frames) {
      await Promise.any([
        one.hears('ack', (ack) => ack.cid === cid),
        one.hears('nack', (nack) => nack.cid === cid),
      ]);
    }
    const acks = one.all.filter((message) => message.t === 'ack');
    const nacks = one.all.filter((message) => message.t === 'nack');
    assert.ok(acks.length >= 64 && nacks.length > 0);
    assert.deepEqual(acks.map((ack) => ack.cid).slice(0, 64), upTo(64));
    assert.ok(nacks.every((nack) => nack.code === 'in_flight_full'));
    one.cid = 200;
    const [first] = nacks;
    await one.text(`${first.cid}`); // the first refused one, said again
    await one.text('room again');
    await two.hears('event', (event) => event.text === 'room again');
    assert.deepEqual(numbers(two.events()), upTo(two.events().length + 1, 2));
  }));

test('a server that drains tells everybody when to come back, and loses nothing', () =>
  withServer(quick, async (first) => {
    const [one, two] = await couple(first.url);
    const idle = await Person.arrive(first.url);
    for (let cid = 1; cid <= 20; cid++) one.say({ t: 'say', cid, text: `${cid}`, pair: one.pair });
    await one.hears('ack');

    const status = await first.stop();

    assert.equal(status, 0);
    for (const person of [one, two, idle]) {
      assert.deepEqual(await person.closed, { code: 4000, reason: 'restarting' });
      const bye = await person.hears('bye').catch(() => person.all.at(-1));
      assert.equal(bye.t, 'bye');
      assert.ok(bye.retry_ms >= 500 && bye.retry_ms <= 5000);
    }
    await withServer({ ...quick, data: first.data }, async (second) => {
      const acked = Math.max(...one.all.filter((m) => m.t === 'ack').map((m) => m.seq));
      const back = await Person.arrive(second.url, { token: one.token });
      assert.equal(back.welcome.state, 'paired');
      assert.ok(back.welcome.pair.last_seq >= acked);
    });
  }));

test('a wrong token disturbs nobody', () =>
  withServer(quick, async (server) => {
    const [one, two] = await couple(server.url);
    const forged = one.token.slice(0, -1) + (one.token.endsWith('A') ? 'B' : 'A');

    const thief = await Person.connect(server.url);
    thief.say({ t: 'hello', v: 1, token: forged });
    assert.equal((await thief.hears('bye')).code, 4501);
    assert.equal((await thief.closed).code, 4501);

    await one.text('undisturbed');
    assert.equal((await two.hears('event')).text, 'undisturbed');
    assert.ok(!two.all.some((message) => message.t === 'partner'));
  }));

test('a rematch goes on where the numbers stopped', () =>
  withServer(quick, async (server) => {
    const [one, two] = await couple(server.url);
    await one.text('a');
    one.say({ t: 'leave' });
    await one.hears('idle');
    await two.hears('partner');

    const [again] = await meet(one, two);
    assert.equal(again.last_cid, 1);
    one.say({ t: 'say', cid: 1, text: 'a', pair: one.pair });

    const ack = await one.hears('ack');
    assert.deepEqual([ack.seq, ack.dup], [2, true]);
  }));
