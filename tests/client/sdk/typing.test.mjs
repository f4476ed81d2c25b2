// Typing, seen, here and away, both ways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, textFrom } from './support/stage.mjs';
import { keepStages } from './support/staged.mjs';

const staged = keepStages();

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
