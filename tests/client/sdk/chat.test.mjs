// A chat over restarts of the app and the server, and where two of them meet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, chatBody, endFrom, outcome, start } from './support/stage.mjs';
import { keepStages, left } from './support/staged.mjs';

const staged = keepStages();

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
