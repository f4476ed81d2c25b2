// Which events a page gets to see, whatever is repeated, cut or lost by a crash.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, outcome, textFrom } from './support/stage.mjs';
import { answer, keepStages } from './support/staged.mjs';

const staged = keepStages();

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
