// What becomes of one's own texts: "Delivery" in docs/protocol.md, from the client's side.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, endFrom, outcome, textFrom } from './support/stage.mjs';
import { keepStages, setBack } from './support/staged.mjs';

const staged = keepStages();

test('a text is sending until its ack, which makes it an event', async () => {
  const stage = staged(await Stage.paired());
  const said = outcome(stage.client.say('你好'));
  await stage.wait();
  assert.deepEqual(stage.line.last('say'), { t: 'say', cid: 1, text: '你好', pair: 'P1' });
  assert.deepEqual(stage.outbox(), [['你好', 'sending']]);

  stage.ack(stage.line.last('say'), 2);
  await stage.wait();

  assert.deepEqual(stage.outbox(), []);
  assert.equal(said.value.seq, 2);
  const last = stage.state.chat.events.at(-1);
  assert.deepEqual([last.seq, last.from, last.text, last.cid], [2, 'me', '你好', 1]);
  assert.deepEqual(stage.all('event').map((event) => event.seq), [2]);
});

test('cids go on above the last one that the server accepted', async () => {
  const stage = staged(await Stage.paired({ chat: { last_cid: 41 } }));
  stage.client.say('a');
  stage.client.say('b');
  await stage.wait();
  assert.deepEqual(stage.says(), [[42, 'a'], [43, 'b']]);
});

test('after a lost ack the same cid is said again, and either answer settles it', async () => {
  for (const way of ['ack', 'event']) {
    const stage = staged(await Stage.paired());
    const said = outcome(stage.client.say('a'));
    await stage.wait();
    stage.line.close(1006);
    await stage.wait();
    assert.deepEqual(stage.outbox(), [['a', 'sending']]);

    await stage.resume({ missed: way === 'event' ? [textFrom('me', 2, 'a', { cid: 1 })] : [] });
    assert.deepEqual(stage.says(), [[1, 'a']]);
    stage.ack({ pair: 'P1', cid: 1 }, 2, { dup: true });
    await stage.wait();

    assert.deepEqual(stage.outbox(), []);
    assert.deepEqual(stage.texts(), ['a']);
    assert.equal(said.state, 'resolved');
  }
});

test('what is said while offline is said in order after the resume', async () => {
  const stage = staged(await Stage.paired());
  stage.client.say('a');
  await stage.wait();
  stage.line.die();
  stage.client.say('b');
  stage.line.close(1006);
  await stage.wait(30);
  stage.line.on.close?.({ code: 1006 });
  stage.client.say('c');
  await stage.wait(30_000);
  await stage.resume();

  assert.deepEqual(stage.says(), [[1, 'a'], [2, 'b'], [3, 'c']]);
  assert.deepEqual(stage.outbox(), [['a', 'sending'], ['b', 'sending'], ['c', 'sending']]);
});

test('after a passing nack it waits and says all again in order with new cids', async () => {
  const stage = staged(await Stage.paired());
  for (const text of ['a', 'b', 'c']) stage.client.say(text);
  await stage.wait();
  const [a, b, c] = stage.line.all('say');
  stage.ack(a, 2);
  stage.nack(b, 'rate_limited', { retry_ms: 3000 });
  stage.nack(c, 'rate_limited', { retry_ms: 2990 });
  await stage.wait(50);
  stage.client.say('d');
  await stage.wait(2_900);
  assert.equal(stage.line.all('say').length, 3);
  assert.deepEqual(stage.outbox().map(([, state]) => state), ['sending', 'sending', 'sending']);

  await stage.wait(200);
  for (const [n, cid] of [4, 5, 6].entries()) {
    assert.equal(stage.line.last('say').cid, cid, 'one at a time: more would be refused again');
    stage.ack({ pair: 'P1', cid }, n + 3);
    await stage.wait();
  }

  assert.deepEqual(stage.says().slice(3), [[4, 'b'], [5, 'c'], [6, 'd']]);
  for (const text of ['e', 'f']) stage.client.say(text);
  await stage.wait();
  assert.equal(stage.line.all('say').length, 8, 'all at once again');
});

test('what is still in flight is answered before refused texts are said again', async () => {
  const stage = staged(await Stage.paired());
  for (const text of ['a', 'b']) stage.client.say(text);
  await stage.wait();
  const [a, b] = stage.line.all('say');
  stage.nack(a, 'store_unavailable', { retry_ms: 10 });
  await stage.wait(5_000);
  assert.equal(stage.line.all('say').length, 2);
  stage.nack(b, 'store_unavailable', { retry_ms: 10 });
  await stage.wait();
  assert.deepEqual(stage.says().slice(2), [[3, 'a'], [4, 'b']]);
});

test('a full pipe is tried again after the next acks, in order', async () => {
  const stage = staged(await Stage.paired());
  for (const text of ['a', 'b', 'c']) stage.client.say(text);
  await stage.wait();
  const [a, b, c] = stage.line.all('say');
  stage.nack(b, 'in_flight_full');
  stage.nack(c, 'in_flight_full');
  await stage.wait(1000);
  assert.equal(stage.line.all('say').length, 3);
  stage.ack(a, 2);
  await stage.wait();
  if (stage.line.all('say').length === 3) await stage.wait(2_000);
  assert.deepEqual(stage.says().slice(3), [[4, 'b'], [5, 'c']]);
});

test('never more than 64 are without an ack, and never more than 100 wait', async () => {
  const stage = staged(await Stage.paired());
  const said = [];
  for (let n = 1; n <= 101; ++n) said.push(outcome(stage.client.say(`t${n}`)));
  await stage.wait();
  assert.equal(said[100].code, 'outbox_full');
  assert.equal(stage.line.all('say').length, 64);

  stage.ack({ pair: 'P1', cid: 1 }, 2);
  await stage.wait();
  assert.equal(stage.line.all('say').length, 65);
});

test('a refusal for good fails the text; retry says it last, discard forgets it', async () => {
  const stage = staged(await Stage.paired());
  const first = outcome(stage.client.say('bad'));
  stage.client.say('good');
  await stage.wait();
  stage.nack(stage.line.all('say')[0], 'blocked_text');
  stage.ack(stage.line.all('say')[1], 2);
  await stage.wait();
  assert.equal(first.code, 'blocked_text');
  assert.deepEqual(stage.outbox(), [['bad', 'failed', 'blocked_text']]);
  const { id } = stage.state.chat.outbox[0];

  const again = outcome(stage.client.retry(id));
  await stage.wait();
  assert.deepEqual(stage.says().at(-1), [3, 'bad']);
  assert.deepEqual(stage.outbox(), [['bad', 'sending']]);
  stage.nack(stage.line.last('say'), 'blocked_text');
  await stage.wait();
  assert.equal(again.code, 'blocked_text');

  stage.client.discard(id);
  assert.deepEqual(stage.outbox(), []);
  assert.equal(outcome(stage.client.retry(id)).state, 'pending');
});

test('a refusal of the cid alone gives the text another one', async () => {
  for (const code of ['cid_stale', 'cid_conflict']) {
    const stage = staged(await Stage.paired());
    stage.client.say('a');
    await stage.wait();
    stage.nack(stage.line.last('say'), code);
    await stage.wait();
    assert.deepEqual(stage.says(), [[1, 'a'], [2, 'a']]);

    for (let n = 0; n < 10; ++n) {
      stage.nack(stage.line.last('say'), code);
      await stage.wait();
    }
    assert.deepEqual(stage.outbox(), [['a', 'failed', code]]);
  }
});

test('a text in doubt is not renumbered before the replay tells its fate', async () => {
  const stage = staged(await Stage.paired());
  for (const text of ['a', 'b']) stage.client.say(text);
  await stage.wait();
  stage.nack(stage.line.all('say')[0], 'rate_limited', { retry_ms: 100 });
  await stage.wait(20);
  stage.line.close(1006); // the answer to b is lost: it was stored
  await stage.resume({ live: false });
  assert.deepEqual(stage.says(), []);

  stage.line.say({ t: 'event', ...textFrom('me', 2, 'b', { cid: 2 }) });
  stage.line.say({ t: 'partner', pair: 'P1', state: 'here' });
  await stage.wait();

  assert.deepEqual(stage.says(), [[3, 'a']]);
  assert.deepEqual(stage.texts(), ['b']);
});

test('a text in doubt that the replay lacks is said after those before it', async () => {
  const stage = staged(await Stage.paired());
  for (const text of ['a', 'b']) stage.client.say(text);
  await stage.wait();
  stage.nack(stage.line.all('say')[0], 'rate_limited', { retry_ms: 100 });
  await stage.wait(20);
  stage.line.close(1006);
  await stage.resume();
  assert.deepEqual(stage.says(), [[3, 'a']]);
  stage.ack({ pair: 'P1', cid: 3 }, 2);
  await stage.wait();
  assert.deepEqual(stage.says(), [[3, 'a'], [4, 'b']]);
});

test('a text survives the app, is said again with its cid, and settles', async () => {
  const stage = staged(await Stage.paired());
  stage.client.say('a');
  await stage.wait();
  stage.client.say('b');

  stage.killApp();
  stage.client.start();
  assert.deepEqual(stage.outbox(), [['a', 'sending'], ['b', 'sending']]);
  await stage.resume({ missed: [textFrom('me', 2, 'a', { cid: 1 })], more: { last_cid: 1 } });

  assert.deepEqual(stage.says(), [[1, 'a'], [2, 'b']]);
  stage.ack({ pair: 'P1', cid: 1 }, 2, { dup: true });
  stage.ack({ pair: 'P1', cid: 2 }, 3);
  await stage.wait();
  assert.deepEqual(stage.texts(), ['a', 'b']);
  assert.deepEqual(stage.outbox(), []);
  await stage.wait(1000);
  stage.killApp();
  stage.client.start();
  assert.deepEqual(stage.outbox(), []);
});

test('texts die with their chat, also when it ended while the app was dead', async () => {
  const stage = staged(await Stage.paired());
  const first = outcome(stage.client.say('a'));
  await stage.wait();
  stage.line.say(endFrom('partner', 2));
  stage.line.say({ t: 'partner', pair: 'P1', state: 'left', reason: 'left' });
  await stage.wait();
  assert.equal(first.code, 'chat_over');
  assert.deepEqual(stage.outbox(stage.state.ended), [['a', 'failed', 'chat_over']]);
  assert.equal(outcome(stage.client.say('b')).state, 'pending');

  const other = staged(await Stage.paired());
  other.client.say('a');
  await other.wait();
  other.client.say('b');
  other.killApp();
  other.client.start();
  await other.welcome({ held: { pair: 'P1', keep: 1 } });
  other.line.say({ t: 'event', ...textFrom('me', 2, 'a', { cid: 1 }) });
  other.line.say(endFrom('partner', 3, 'timeout'));
  await other.wait();
  assert.deepEqual(other.texts(other.state.ended), ['a']);
  assert.deepEqual(other.outbox(other.state.ended), [['b', 'failed', 'chat_over']]);
  assert.deepEqual(other.state.ended.end, { by: 'partner', reason: 'timeout' });
  other.killApp();
  other.client.start();
  assert.equal(other.state.chat, null);
});

test('a pair that the server does not know ends its chat for good', async () => {
  const stage = staged(await Stage.paired());
  const said = outcome(stage.client.say('a'));
  stage.line.close(1006);
  await stage.welcome({ held: { pair: 'P1', keep: 0 } });
  assert.equal(stage.state.user, 'idle');
  await stage.wait(20_000);
  assert.equal(said.code, 'chat_over');
});

test('after 1009 or 1007 it comes back without the text that caused it', async () => {
  for (const code of [1003, 1007, 1009]) {
    const stage = staged(await Stage.paired());
    const said = outcome(stage.client.say('strange'));
    await stage.wait();
    stage.line.close(code);
    await stage.resume();
    assert.deepEqual(stage.says(), []);
    assert.equal(said.code, 'frame_refused');
    stage.client.say('usual');
    await stage.wait();
    assert.deepEqual(stage.says(), [[2, 'usual']]);
  }
});

test('when one of several caused it, they are said one by one until it is found', async () => {
  const stage = staged(await Stage.paired());
  for (const text of ['a', 'strange', 'c']) stage.client.say(text);
  await stage.wait();
  stage.line.close(1009);
  await stage.resume();
  assert.deepEqual(stage.says(), [[1, 'a']]);
  stage.ack({ pair: 'P1', cid: 1 }, 2);
  await stage.wait();
  assert.deepEqual(stage.says(), [[1, 'a'], [2, 'strange']]);
  stage.line.close(1009);
  await stage.resume({ more: { last_cid: 1 } });
  assert.deepEqual(stage.says(), [[3, 'c']]);
  assert.deepEqual(stage.outbox()[0], ['strange', 'failed', 'frame_refused']);
  stage.ack({ pair: 'P1', cid: 3 }, 3);
  await stage.wait();
  for (const text of ['d', 'e']) stage.client.say(text);
  await stage.wait();
  assert.equal(stage.line.all('say').length, 3);
});

test('the server is spared what it would refuse', async () => {
  const stage = staged(await Stage.paired());
  assert.equal((await stage.client.say('😀'.repeat(2001)).catch((error) => error)).code, 'too_long');
  assert.equal((await stage.client.say('').catch((error) => error)).code, 'bad_field');
  stage.client.say('😀'.repeat(2000));
  stage.client.say('half \ud83d and \u0000 nothing');
  await stage.wait();
  assert.equal(stage.line.all('say').length, 2);
  assert.equal(stage.line.last('say').text, 'half \ufffd and  nothing');
});

test('a nack or an ack of another pair settles nothing', async () => {
  const stage = staged(await Stage.paired());
  stage.client.say('a');
  await stage.wait();
  stage.nack({ pair: 'P0', cid: 1 }, 'blocked_text');
  stage.ack({ pair: 'P0', cid: 1 }, 2);
  await stage.wait();
  assert.deepEqual(stage.outbox(), [['a', 'sending']]);
});

test('two pages with one storage do not say a text twice', async () => {
  const one = staged(await Stage.paired());
  one.line.die();
  one.client.say('a');
  await one.wait();
  const two = staged(new Stage({ clock: one.clock, wx: one.wx }));
  one.line.isDead = false;
  const mine = one.line;
  two.client.start();
  await two.resume();
  mine.say({ t: 'bye', code: 4500, reason: 'replaced' });
  await two.wait();
  assert.deepEqual(two.says(), [[1, 'a']]);
  two.ack({ pair: 'P1', cid: 1 }, 2);
  await two.wait(1000);

  two.client.stop();
  one.client.start();
  await one.resume({ missed: [textFrom('me', 2, 'a', { cid: 1 })], more: { last_cid: 1 } });

  assert.deepEqual(one.says(), []);
  assert.deepEqual(one.texts(), ['a']);
  assert.deepEqual(one.outbox(), []);
});

test('a text of another device with the same cid does not settle this one', async () => {
  const stage = staged(await Stage.paired());
  const said = outcome(stage.client.say('mine'));
  await stage.wait();
  stage.line.close(1006);
  const other = textFrom('me', 2, 'of the other', { cid: 1 });
  await stage.resume({ missed: [other], more: { last_cid: 1 } });
  stage.nack(stage.line.last('say'), 'cid_conflict');
  await stage.wait();
  assert.deepEqual(stage.says(), [[1, 'mine'], [2, 'mine']]);
  assert.equal(said.state, 'pending');
});

test('a clock set back in the silence after a refusal keeps no later text waiting', async () => {
  const stage = staged(await Stage.paired());
  stage.client.say('a');
  await stage.wait();
  stage.nack(stage.line.last('say'), 'rate_limited', { retry_ms: 3000 });
  await stage.wait(20);
  setBack(stage);
  stage.client.say('b');
  await stage.wait(3_100);
  assert.deepEqual(stage.says(), [[1, 'a'], [2, 'a']]);
});

test('what was not taken in one chat is not said in a later one of the same two', async () => {
  const stage = staged(await Stage.paired());
  const taken = outcome(stage.client.say('taken'));
  await stage.wait();
  stage.line.die();
  const lost = outcome(stage.client.say('for then'));
  stage.client.show();
  const again = [
    textFrom('me', 2, 'taken', { cid: 1 }), { ...endFrom('partner', 3), t: undefined },
    { seq: 4, at: 4, from: 'system', kind: 'start' },
  ];
  await stage.resume({ missed: again, more: { met: 1, last_cid: 1, last_seq: 4 } });
  assert.deepEqual(stage.says(), []);
  assert.equal(taken.state, 'resolved');
  assert.equal(lost.code, 'chat_over');
  assert.deepEqual(stage.outbox(), [['for then', 'failed', 'chat_over']]);

  stage.client.retry(stage.state.chat.outbox[0].id);
  await stage.wait();
  assert.deepEqual(stage.says().map(([, text]) => text), ['for then'], 'as its owner says');
});

test('a text is stored once before it is said, with the number that it is said with', async () => {
  const stage = staged(await Stage.paired());
  const written = [];
  const { setStorageSync } = stage.wx;
  stage.wx.setStorageSync = (key, value) => {
    written.push(JSON.parse(value).texts[0].cid);
    setStorageSync.call(stage.wx, key, value);
  };
  stage.client.say('a');
  assert.deepEqual(written, [1]);
});

test('storage that takes nothing loses no text while the app lives', async () => {
  const stage = staged(await Stage.paired());
  stage.wx.storageIsBroken = true;
  stage.client.say('a');
  stage.client.say('b');
  await stage.wait();
  stage.line.close(1006);
  await stage.resume();
  assert.deepEqual(stage.says(), [[1, 'a'], [2, 'b']]);
});

test('texts for the chat that another page went on to are not lost with that page', async () => {
  const one = staged(await Stage.paired());
  const stored = {
    pair: 'P2', partner: { alias: 'y', avatar: 'cat' }, topic: null, met: 0, seq: 1, epoch: 1000,
    left: false, texts: [
      { id: 'x1', text: 'for the new one', at: 1, state: 'sending', code: null, cid: 0, cids: [] },
    ],
  };
  one.line.bye(4500);
  await one.wait();
  one.wx.values.set('onechat:chat', JSON.stringify(stored));
  one.client.start();
  assert.equal(one.state.chat.pair, 'P2');
  await one.resume({ more: { pair: 'P2', recent: undefined } });
  assert.deepEqual(one.line.all('say').map(({ pair, text }) => [pair, text]),
    [['P2', 'for the new one']]);
});
