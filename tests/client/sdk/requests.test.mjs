// What is asked once: records and rights.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, outcome } from './support/stage.mjs';
import { answer, keepStages } from './support/staged.mjs';

const staged = keepStages();

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
