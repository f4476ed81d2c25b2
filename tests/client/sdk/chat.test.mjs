// Matching, the record of a chat and all else that a page shows.
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Stage, chatBody, endFrom, outcome, start, textFrom } from './support/stage.mjs';

const stages = [];
function staged(stage) {
  stages.push(stage);
  return stage;
}
afterEach(() => {
  for (const stage of stages.splice(0)) assert.deepEqual(stage.wx.breaches, []);
});

const waiting = { t: 'waiting', since: 1, waited_ms: 500, tier: 1, pool: '1-4' };
const left = { t: 'partner', pair: 'P1', state: 'left', reason: 'left' };
const answer = (stage, type, more) =>
  stage.line.say({ rid: stage.line.last(type).rid, ...more });

// ---- searching ----

test('a search shows at once, and what the server says of it', async () => {
  const stage = staged(await Stage.online());
  const found = outcome(stage.client.find({
    topics: ['films'], nickname: ' 小明\ud83d ', avatar: 'cat',
  }));
  assert.equal(stage.state.user, 'waiting');
  assert.equal(stage.state.waiting.pool, null);
  await stage.wait();
  const { rid, ...find } = stage.line.last('find');
  assert.deepEqual(find, { t: 'find', topics: ['films'], nickname: '小明\ufffd', avatar: 'cat' });

  answer(stage, 'find', waiting);
  await stage.wait();
  assert.equal(found.state, 'resolved');
  assert.equal(stage.state.waiting.tier, 1);
  assert.equal(stage.state.waiting.pool, '1-4');
  assert.ok(stage.clock.now() - stage.state.waiting.since >= 500);
});

test('who was waiting and is found idle searches again, with the nickname', async () => {
  const stage = staged(await Stage.online());
  stage.client.find({ nickname: '小明' });
  await stage.wait();
  answer(stage, 'find', waiting);
  await stage.wait();

  stage.line.close(1006);
  await stage.welcome({ state: 'idle' });
  assert.equal(stage.line.last('find').nickname, '小明');
  answer(stage, 'find', waiting);
  await stage.wait();

  stage.line.close(1006);
  await stage.welcome({ state: 'waiting' });
  assert.equal(stage.line.last('find'), undefined);
  assert.equal(stage.state.user, 'waiting');
});

test('a search asked for while offline is said when there is a connection', async () => {
  const stage = staged(new Stage());
  stage.client.start();
  const found = outcome(stage.client.find());
  await stage.welcome();
  assert.equal(stage.line.all('find').length, 1);
  answer(stage, 'find', waiting);
  await stage.wait();
  assert.equal(found.state, 'resolved');
});

test('a refusal that passes is waited out, one that does not ends the search', async () => {
  const stage = staged(await Stage.online());
  const found = outcome(stage.client.find());
  await stage.wait();
  answer(stage, 'find', { t: 'error', code: 'rate_limited', text: 'x', retry_ms: 5000 });
  await stage.wait(4_900);
  assert.equal(stage.state.user, 'waiting');
  assert.equal(stage.line.all('find').length, 1);
  await stage.wait(300);
  assert.equal(stage.line.all('find').length, 2);

  answer(stage, 'find', { t: 'error', code: 'unknown_topic', text: 'x', field: 'topics' });
  await stage.wait();
  assert.equal(found.code, 'unknown_topic');
  assert.equal(found.error.field, 'topics');
  assert.equal(stage.state.user, 'idle');
  assert.equal(stage.line.all('cancel').length, 1);
});

test('a cancelled search is over at once, and a match that crosses it is left', async () => {
  const stage = staged(await Stage.online());
  const found = outcome(stage.client.find());
  const cancelled = outcome(stage.client.cancel());
  assert.equal(stage.state.user, 'idle');
  stage.line.say({ t: 'matched', ...chatBody() });
  await stage.wait();
  assert.equal(found.code, 'superseded');
  assert.equal(stage.state.chat, null);
  assert.deepEqual(stage.all('matched'), []);

  stage.line.close(1006); // before the server heard of it
  await stage.welcome({ state: 'paired', pair: { ...chatBody(), resumed: true } });
  assert.equal(stage.line.last('leave').pair, 'P1');
  assert.equal(stage.state.chat, null);
  answer(stage, 'leave', { t: 'idle' });
  await stage.wait();
  assert.equal(cancelled.state, 'resolved');
});

test('a cancel that got lost is said again', async () => {
  const stage = staged(await Stage.online());
  stage.client.find();
  await stage.wait();
  stage.line.die();
  const cancelled = outcome(stage.client.cancel());
  stage.client.show();
  await stage.welcome({ state: 'waiting' });
  assert.equal(stage.line.all('cancel').length, 1);
  assert.equal(stage.state.user, 'idle');
  answer(stage, 'cancel', { t: 'idle' });
  await stage.wait();
  assert.equal(cancelled.state, 'resolved');
});

// ---- leaving ----

test('a chat that is left is over at once and shown until the next search', async () => {
  const stage = staged(await Stage.paired());
  const done = outcome(stage.client.leave());
  assert.equal(stage.state.user, 'idle');
  assert.deepEqual(stage.state.ended.end, { by: 'me', reason: 'left' });
  await stage.wait();
  assert.equal(stage.line.last('leave').pair, 'P1');
  answer(stage, 'leave', { t: 'idle' });
  await stage.wait();
  assert.equal(done.state, 'resolved');
  assert.equal(stage.all('ended').length, 1);

  stage.client.find();
  assert.equal(stage.state.ended, null);
});

test('a text on its way when the user leaves is still answered', async () => {
  const stage = staged(await Stage.paired());
  const said = outcome(stage.client.say('bye'));
  await stage.wait();
  stage.client.leave();
  await stage.wait();
  stage.ack({ pair: 'P1', cid: 1 }, 2);
  stage.line.say(endFrom('me', 3));
  answer(stage, 'leave', { t: 'idle' });
  await stage.wait();
  assert.equal(said.state, 'resolved');
  assert.deepEqual(stage.texts(stage.state.ended), ['bye']);
});

test('who finds themself in a chat they left leaves again, also as a new app', async () => {
  for (const dies of [false, true]) {
    const stage = staged(await Stage.paired());
    stage.line.die();
    stage.client.leave();
    await stage.wait();
    if (dies) {
      stage.killApp();
      stage.client.start();
    } else {
      stage.client.show();
    }
    await stage.welcome({ state: 'paired', pair: { ...chatBody(), resumed: true } });
    assert.equal(stage.line.last('leave').pair, 'P1');
    assert.equal(stage.state.user, 'idle');
    answer(stage, 'leave', { t: 'idle' });
    await stage.wait();
    stage.killApp();
    stage.client.start();
    await stage.welcome({ state: 'paired', pair: { ...chatBody(), resumed: true } });
    assert.equal(stage.line.last('leave'), undefined, 'it met them again');
  }
});

test('next names the chat it leaves, and is said again as next', async () => {
  const stage = staged(await Stage.paired());
  const found = outcome(stage.client.next({ topics: ['films'] }));
  assert.equal(stage.state.user, 'waiting');
  assert.equal(stage.state.ended, null);
  await stage.wait();
  assert.equal(stage.line.last('next').pair, 'P1');
  stage.line.close(1006);
  await stage.welcome({ state: 'paired', pair: { ...chatBody(), resumed: true } });
  assert.deepEqual(stage.line.last('next').topics, ['films']);
  answer(stage, 'next', waiting);
  await stage.wait();
  assert.equal(found.state, 'resolved');
});

test('a refused next still leaves, and searches later', async () => {
  const stage = staged(await Stage.paired());
  stage.client.next();
  await stage.wait();
  answer(stage, 'next', { t: 'error', code: 'rate_limited', text: 'x', retry_ms: 3000 });
  await stage.wait();
  assert.equal(stage.line.last('leave').pair, 'P1');
  answer(stage, 'leave', { t: 'idle' });
  assert.equal(stage.line.all('find').length, 1);
  await stage.wait(3_100);
  assert.equal(stage.line.all('find').length, 2);
  assert.equal(stage.state.user, 'waiting');
});

test('a partner who leaves ends the chat', async () => {
  const stage = staged(await Stage.paired());
  stage.line.say({ t: 'typing', pair: 'P1', on: true });
  await stage.wait();
  assert.equal(stage.state.chat.typing, true);
  stage.line.say(endFrom('partner', 2));
  stage.line.say(left);
  await stage.wait();
  const { ended } = stage.state;
  assert.deepEqual(ended.end, { by: 'partner', reason: 'left' });
  assert.equal(ended.typing, false);
  assert.equal(ended.partner_state, 'left');
  assert.equal(stage.state.user, 'idle');
  assert.equal(stage.all('ended').length, 1);
});

// ---- the record ----

test('events come once and in order, whatever is repeated', async () => {
  const stage = staged(await Stage.paired());
  stage.client.say('mine');
  await stage.wait();
  stage.line.say({ t: 'event', ...textFrom('partner', 3, 'theirs') });
  stage.line.say({ t: 'event', ...textFrom('partner', 3, 'theirs') });
  await stage.wait();
  stage.ack({ pair: 'P1', cid: 1 }, 2);
  await stage.wait();
  assert.deepEqual(stage.texts(), ['mine', 'theirs']);
  assert.equal(stage.all('event').length, 2);
});

test('held is what came without a gap, with the epoch of the last welcome', async () => {
  const stage = staged(await Stage.paired());
  stage.client.say('mine');
  await stage.wait();
  for (const seq of [3, 4]) stage.line.say({ t: 'event', ...textFrom('partner', seq, `t${seq}`) });
  await stage.wait();
  stage.line.close(1006);
  await stage.greeted();
  assert.deepEqual(stage.line.heard[0].held, { pair: 'P1', seq: 1, epoch: 1000 });
});

test('everything above keep is dropped, and told once when it comes again', async () => {
  const stage = staged(await Stage.paired());
  for (const seq of [2, 3, 4]) {
    stage.line.say({ t: 'event', ...textFrom('partner', seq, `t${seq}`) });
  }
  await stage.wait();
  stage.line.close(1006);
  stage.epoch = 2000;
  await stage.resume({ keep: 2, missed: [
    textFrom('partner', 3, 't3'), textFrom('partner', 4, 'another', { at: 99 }),
  ] });
  assert.deepEqual(stage.texts(), ['t2', 't3', 'another']);
  assert.deepEqual(stage.all('event').map((event) => event.text), ['t2', 't3', 't4', 'another']);
  stage.line.close(1006);
  await stage.greeted();
  assert.deepEqual(stage.line.heard[0].held, { pair: 'P1', seq: 4, epoch: 2000 });
});

test('what a crash has taken is gone', async () => {
  const stage = staged(await Stage.paired());
  for (const seq of [2, 3]) stage.line.say({ t: 'event', ...textFrom('partner', seq, `t${seq}`) });
  await stage.wait();
  stage.line.close(1006);
  await stage.resume({ keep: 2 });
  assert.deepEqual(stage.texts(), ['t2']);
});

test('after a gap the newer events stand alone and older gets the rest', async () => {
  const stage = staged(await Stage.paired());
  stage.line.say({ t: 'event', ...textFrom('partner', 2, 'old') });
  await stage.wait();
  stage.line.close(1006);
  await stage.resume({ gap: true, missed: [textFrom('partner', 500, 'new')] });
  assert.deepEqual(stage.texts(), ['new']);
  assert.equal(stage.state.chat.gap, true);
  assert.equal(stage.state.chat.has_older, true);
  stage.line.say({ t: 'event', ...textFrom('partner', 501, 'newer') });

  const more = outcome(stage.client.older(100));
  await stage.wait();
  const { before, limit, pair } = stage.line.last('history');
  assert.deepEqual({ before, limit, pair }, { before: 500, limit: 100, pair: 'P1' });
  answer(stage, 'history', { t: 'history', pair: 'P1', more: false, events: [
    textFrom('partner', 498, 'x'), textFrom('partner', 499, 'y'),
  ] });
  await stage.wait();
  assert.equal(more.value, false);
  assert.deepEqual(stage.texts(), ['x', 'y', 'new', 'newer']);
  assert.equal(stage.state.chat.gap, false);
  stage.line.close(1006);
  await stage.greeted();
  assert.equal(stage.line.heard[0].held.seq, 501);
});

test('a recalled text loses its words', async () => {
  const stage = staged(await Stage.paired());
  stage.line.say({ t: 'event', ...textFrom('partner', 2, 'oops') });
  const recall = { seq: 3, at: 3, from: 'partner', kind: 'recall', ref: 2 };
  stage.line.say({ t: 'event', pair: 'P1', ...recall });
  await stage.wait();
  const [text] = stage.state.chat.events.filter((event) => event.kind === 'text');
  assert.equal(text.gone, 'recall');
  assert.equal('text' in text, false);
});

test('memory is bounded: the oldest events go and can be had again', async () => {
  const stage = staged(await Stage.paired());
  for (let seq = 2; seq <= 2101; ++seq) {
    stage.line.say({ t: 'event', ...textFrom('partner', seq, `t${seq}`) });
  }
  await stage.wait();
  assert.equal(stage.state.chat.events.length, 2000);
  assert.equal(stage.state.chat.events[0].seq, 102);
});

test('the nickname outlives a restart of the server', async () => {
  const stage = staged(await Stage.paired({
    chat: { partner: { alias: '小狐', avatar: 'fox', nickname: '阿明' } },
  }));
  stage.line.close(1006);
  await stage.resume();
  assert.equal(stage.state.chat.partner.nickname, '阿明');
});

test('a chat is found again by a new app, and another one ends it', async () => {
  const stage = staged(await Stage.paired());
  stage.killApp();
  stage.client.start();
  assert.equal(stage.state.user, 'paired');
  assert.equal(stage.state.welcomed, false);
  await stage.welcome({
    state: 'paired', held: { pair: 'P1', keep: 0 },
    pair: { ...chatBody({ pair: 'P2', recent: [{ ...start, pair: 'P2' }] }), resumed: true },
  });
  assert.equal(stage.state.chat.pair, 'P2');
  assert.equal(stage.all('ended')[0].pair, 'P1');
  assert.equal(stage.all('matched').at(-1).resumed, true);
});

test('a chat whose end a crash has taken goes on', async () => {
  const stage = staged(await Stage.paired());
  stage.line.say(endFrom('partner', 2));
  stage.line.say(left);
  await stage.wait();
  stage.line.close(1006);
  await stage.welcome({ state: 'paired', pair: { ...chatBody(), resumed: true } });
  assert.equal(stage.state.user, 'paired');
  assert.equal(stage.state.chat.end, null);
  const said = outcome(stage.client.say('still here?'));
  await stage.wait();
  assert.equal(stage.line.all('say').length, 1);
  assert.equal(said.state, 'pending');
});

// ---- typing, seen, presence ----

test('typing is said seldom, ends by itself, and a text says that it is over', async () => {
  const stage = staged(await Stage.paired());
  for (let n = 0; n < 50; ++n) {
    stage.client.typing(true);
    await stage.wait(100);
  }
  assert.equal(stage.line.all('typing').length, 2);
  await stage.wait(6_000);
  assert.deepEqual(stage.line.last('typing'), { t: 'typing', on: false, pair: 'P1' });

  stage.client.typing(true);
  stage.client.say('x');
  await stage.wait(10_000);
  assert.deepEqual(stage.line.all('typing').map(({ on }) => on), [true, true, false, true]);
});

test("the partner's typing ends by a text, by away, by leaving and by itself", async () => {
  const stage = staged(await Stage.paired());
  const types = async () => {
    stage.line.say({ t: 'typing', pair: 'P1', on: true });
    await stage.wait();
    assert.equal(stage.state.chat.typing, true);
  };
  await types();
  stage.line.say({ t: 'event', ...textFrom('partner', 2, 'x') });
  await stage.wait();
  assert.equal(stage.state.chat.typing, false);
  await types();
  stage.line.say({ t: 'partner', pair: 'P1', state: 'away' });
  await stage.wait();
  assert.equal(stage.state.chat.typing, false);
  assert.equal(stage.state.chat.partner_state, 'away');
  await types();
  await stage.wait(9_000);
  assert.equal(stage.state.chat.typing, false);
});

test('seen goes forward only, names the pair, and is said again after a resume', async () => {
  const stage = staged(await Stage.paired());
  stage.line.say({ t: 'event', ...textFrom('partner', 2, 'x') });
  await stage.wait();
  stage.client.seen();
  stage.client.seen(1);
  stage.client.seen();
  await stage.wait();
  assert.deepEqual(stage.line.all('seen'), [{ t: 'seen', seq: 2, pair: 'P1' }]);
  stage.line.say({ t: 'seen', pair: 'P1', seq: 1 });
  await stage.wait();
  assert.equal(stage.state.chat.partner_seen, 1);
  stage.line.close(1006);
  await stage.resume();
  assert.deepEqual(stage.line.all('seen'), [{ t: 'seen', seq: 2, pair: 'P1' }]);
});

test('hiding says away, and showing says something that brings one back', async () => {
  const stage = staged(await Stage.paired());
  stage.client.hide();
  await stage.wait();
  assert.equal(stage.line.all('away').length, 1);
  stage.client.show();
  await stage.wait();
  assert.deepEqual(stage.line.last('typing'), { t: 'typing', on: false, pair: 'P1' });
});

// ---- the rest ----

test('requests have answers, refusals and a patience of 15 s', async () => {
  const stage = staged(await Stage.paired());
  const pairs = outcome(stage.client.pairs({ limit: 5 }));
  const recall = outcome(stage.client.recall(2));
  const lost = outcome(stage.client.notify(['T']));
  await stage.wait();
  answer(stage, 'pairs', { t: 'pairs', pairs: [], more: true, cursor: 'c' });
  answer(stage, 'recall', { t: 'error', code: 'too_late', text: 'x' });
  await stage.wait(15_000);
  assert.deepEqual(pairs.value, { pairs: [], more: true, cursor: 'c' });
  assert.equal(recall.code, 'too_late');
  assert.equal(lost.code, 'offline');
});

test('what only reads is asked again after a lost connection, the rest is not', async () => {
  const stage = staged(await Stage.online());
  const history = outcome(stage.client.history('P1', { before: 5 }));
  const report = outcome(stage.client.report('P1', 'spam', 'note'));
  await stage.wait();
  stage.line.close(1006);
  await stage.welcome();
  assert.equal(report.code, 'offline');
  assert.equal(stage.line.all('report').length, 0);
  answer(stage, 'history', { t: 'history', pair: 'P1', events: [], more: false });
  await stage.wait();
  assert.deepEqual(history.value, { events: [], more: false });
});

test('an export is collected from its pages', async () => {
  const stage = staged(await Stage.online());
  const all = outcome(stage.client.exportAll());
  await stage.wait();
  answer(stage, 'export', { t: 'exported', records: [{ kind: 'account', at: 1 }], more: true });
  answer(stage, 'export', { t: 'exported', records: [{ kind: 'text', at: 2 }], more: false });
  await stage.wait();
  assert.deepEqual(all.value.map(({ kind }) => kind), ['account', 'text']);
});

test('blocking or clearing the current pair ends its chat', async () => {
  for (const [type, reply] of [
    ['block', { t: 'blocked', pair: 'P1', on: true }], ['clear', { t: 'cleared' }],
  ]) {
    const stage = staged(await Stage.paired());
    const done = outcome(stage.client[type]('P1'));
    await stage.wait();
    answer(stage, type, reply);
    await stage.wait();
    assert.equal(done.state, 'resolved');
    assert.equal(stage.state.user, 'idle');
    assert.equal(stage.state.ended.end.by, 'me');
  }
});

test('erasing and logging out forget everything and stop', async () => {
  const receipt = { id: 'r', at: 1, texts: 0, kept: [] };
  for (const [call, type, reply, why] of [
    ['erase', 'erase', { t: 'erased', receipt }, 'erased'],
    ['logout', 'logout', { t: 'idle' }, 'logged_out'],
  ]) {
    const stage = staged(await Stage.paired());
    const done = outcome(stage.client[call]());
    await stage.wait();
    answer(stage, type, reply);
    stage.line.say({ t: 'bye', code: call === 'erase' ? 4504 : 4501, reason: 'x' });
    await stage.wait(60_000);
    assert.equal(done.state, 'resolved');
    if (call === 'erase') assert.deepEqual(done.value, receipt);
    assert.equal(stage.state.connection.status, 'stopped');
    assert.equal(stage.state.connection.why, why);
    assert.equal(stage.state.chat, null);
    assert.equal(stage.wx.values.size, 0);
    assert.equal(stage.wx.lines.length, 1);
    stage.client.start();
    await stage.greeted();
    assert.deepEqual(stage.line.heard[0].login, { provider: 'guest' });
  }
});

test('the state is one object until it changes, and is told once per turn', async () => {
  const stage = staged(await Stage.paired());
  const before = stage.state;
  assert.equal(stage.state, before);
  const told = stage.all('state').length;
  stage.line.say({ t: 'event', ...textFrom('partner', 2, 'x') });
  stage.line.say({ t: 'pong', now: 1 });
  await stage.wait();
  assert.equal(stage.all('state').length, told + 1);
  assert.notEqual(stage.state.chat, before.chat);
  assert.equal(stage.state.connection, before.connection);
  assert.equal(stage.state.topics, before.topics);
});

test('a listener that fails stops nothing, and off ends it', async () => {
  const stage = staged(await Stage.online());
  const heard = [];
  stage.client.on('state', () => { throw new Error('mine'); });
  const off = stage.client.on('state', (state) => heard.push(state.user));
  stage.client.find();
  await stage.wait();
  off();
  stage.client.cancel();
  await stage.wait();
  assert.deepEqual(heard, ['waiting']);
});

// ---- found by reading the contract against the code, and by crowd.test.mjs ----

test('a refused cancel does not turn away the match of a later search', async () => {
  for (const isLate of [false, true]) {
    const stage = staged(await Stage.online());
    stage.client.find();
    stage.client.cancel();
    await stage.wait();
    if (!isLate) stage.client.find();
    answer(stage, 'cancel', { t: 'error', code: 'rate_limited', text: 'x', retry_ms: 1000 });
    await stage.wait();
    if (isLate) stage.client.find();
    await stage.wait(2_000);
    assert.equal(stage.line.all('cancel').length, 1);
    stage.line.say({ t: 'matched', ...chatBody() });
    await stage.wait();
    assert.equal(stage.state.user, 'paired');
  }
});

test('a refused cancel is said again', async () => {
  const stage = staged(await Stage.online());
  stage.client.find();
  stage.client.cancel();
  await stage.wait();
  answer(stage, 'cancel', { t: 'error', code: 'rate_limited', text: 'x', retry_ms: 1000 });
  await stage.wait(1_100);
  assert.equal(stage.line.all('cancel').length, 2);
});

test('a cancel lost with a chat that was left does not turn the next match away', async () => {
  const stage = staged(await Stage.paired());
  stage.line.die();
  stage.client.next();
  stage.client.cancel();
  stage.client.find();
  stage.client.show();
  await stage.welcome({ state: 'paired', pair: { ...chatBody(), resumed: true } });
  assert.equal(stage.line.all('next').length, 1);
  answer(stage, 'next', waiting);
  stage.line.say({ t: 'matched', ...chatBody({ pair: 'P2' }) });
  await stage.wait();
  assert.equal(stage.state.chat.pair, 'P2');
});

test('an end told twice ends nothing that began since', async () => {
  const end = endFrom('partner', 2);
  const stage = staged(await Stage.paired({
    chat: { recent: [start, { ...end, t: undefined }, { ...start, seq: 3 }], last_seq: 3, met: 1 },
  }));
  stage.line.say(end);
  await stage.wait();
  assert.equal(stage.state.chat.end, null);
  stage.client.say('x');
  await stage.wait();
  assert.equal(stage.line.all('say').length, 1);
});

test('a chat whose end was heard is over for good after the next welcome', async () => {
  const stage = staged(await Stage.paired());
  const said = outcome(stage.client.say('x'));
  stage.line.say(endFrom('partner', 2, 'timeout'));
  stage.line.close(1006);
  await stage.welcome();
  assert.equal(said.code, 'chat_over');
  assert.deepEqual(stage.state.ended.end, { by: 'partner', reason: 'timeout' });
});

test('a search that closes the connection is not said again', async () => {
  const stage = staged(await Stage.online());
  const found = outcome(stage.client.find({ topics: ['\u0007'] }));
  await stage.wait();
  stage.line.close(1007);
  await stage.welcome();
  assert.equal(found.code, 'frame_refused');
  assert.equal(stage.line.all('find').length, 0);
  assert.equal(stage.state.user, 'idle');
});

test('a text is not given up because the search after its chat is', async () => {
  const stage = staged(await Stage.paired());
  const said = outcome(stage.client.say('last words'));
  await stage.wait();
  stage.client.next();
  await stage.wait();
  answer(stage, 'next', waiting);
  await stage.wait();
  stage.client.cancel();
  await stage.wait();
  answer(stage, 'cancel', { t: 'idle' });
  await stage.wait();
  assert.equal(said.state, 'pending');
  stage.ack({ pair: 'P1', cid: 1 }, 2);
  await stage.wait();
  assert.equal(said.state, 'resolved');
});

test('a leave that the search after it answers for is done', async () => {
  const stage = staged(await Stage.paired());
  const done = outcome(stage.client.leave());
  stage.client.find();
  await stage.wait();
  answer(stage, 'find', waiting);
  await stage.wait();
  assert.equal(done.state, 'resolved');
  stage.line.say({ t: 'matched', ...chatBody({ met: 1 }) });
  await stage.wait();
  stage.line.close(1006);
  await stage.resume();
  assert.equal(stage.line.last('leave'), undefined);
  assert.equal(stage.state.user, 'paired');
});

test('rejections that nobody looks at stay quiet', async () => {
  // node would fail this test for an unhandled one.
  const stage = staged(await Stage.paired());
  const { client } = stage;
  const all = () => {
    client.history('P1');
    client.pairs();
    client.clear('P2');
    client.block('P2');
    client.unblock('P2');
    client.report('P2', 'spam');
    client.notify(['T']);
    client.recall(1);
    client.exportAll();
    client.older();
    client.erase();
    client.logout();
    client.say('');
    client.say('x');
    client.retry('none');
    client.find();
    client.leave();
    client.cancel();
    client.next();
  };
  stage.line.die();
  all();
  await stage.wait(60_000);
  client.stop();
  all();
  await stage.wait(60_000);
});

test('a thousand missed events are few states to show', async () => {
  const stage = staged(await Stage.paired());
  stage.line.close(1006);
  await stage.wait(20);
  const told = stage.all('state').length;
  const missed = Array.from({ length: 1000 }, (_, n) => textFrom('partner', n + 2, `t${n}`));
  await stage.resume({ missed });
  assert.equal(stage.texts().length, 1000);
  assert.equal(stage.all('event').length, 1000);
  assert.ok(stage.all('state').length - told < 20, `${stage.all('state').length - told}`);
});

test('a clock that is set back stops nothing', async () => {
  const stage = staged(await Stage.paired());
  stage.client.say('x');
  await stage.wait();
  stage.nack(stage.line.last('say'), 'rate_limited', { retry_ms: 500 });
  await stage.wait(20);
  const back = stage.clock.time - 3_600_000;
  for (const timer of stage.clock.timers.values()) timer.at -= 3_600_000;
  stage.clock.time = back;
  await stage.wait(600);
  assert.equal(stage.line.all('say').length, 2);
  stage.line.close(1006);
  await stage.wait(20);
  stage.clock.time -= 3_600_000;
  for (const timer of stage.clock.timers.values()) timer.at -= 3_600_000;
  stage.client.show();
  await stage.wait(300);
  assert.equal(stage.wx.lines.length, 2);
});
