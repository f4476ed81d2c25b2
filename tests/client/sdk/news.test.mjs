// What pages are told, and how often.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, textFrom } from './support/stage.mjs';
import { keepStages } from './support/staged.mjs';

const staged = keepStages();

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
