// The search: what is said again, what is given up, and matches that cross a cancel.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, chatBody, outcome } from './support/stage.mjs';
import { answer, keepStages, waiting } from './support/staged.mjs';

const staged = keepStages();

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

test('a match that crosses a cancel which is then refused is left all the same', async () => {
  for (const isLate of [false, true]) {
    const stage = staged(await Stage.online());
    stage.client.find();
    await stage.wait();
    const done = outcome(stage.client.cancel());
    await stage.wait();
    const refuse = () => answer(stage, 'cancel',
      { t: 'error', code: 'rate_limited', text: 'x', retry_ms: 1000 });
    if (!isLate) refuse();
    stage.line.say({ t: 'matched', ...chatBody() });
    if (isLate) refuse();
    await stage.wait(1_200);
    assert.equal(stage.line.last('leave')?.pair, 'P1', 'nobody is left with an empty seat');
    answer(stage, 'leave', { t: 'idle' });
    await stage.wait();
    assert.equal(done.state, 'resolved');
    assert.equal(stage.state.user, 'idle');
  }
});
