// Leaving a chat, by either side, and whatever gets lost on the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, chatBody, endFrom, outcome } from './support/stage.mjs';
import { answer, keepStages, left, waiting } from './support/staged.mjs';

const staged = keepStages();

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
