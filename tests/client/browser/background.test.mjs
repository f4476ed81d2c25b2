// What becomes of a chat while its page is out of sight. A seat waits a second here, not minutes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setStage } from './support/stage.mjs';
import { until } from './support/visitor.mjs';
import { Wire } from './support/wire.mjs';

const stage = setStage({ flags: ['--away', '1s'] });

async function couple() {
  const wire = new Wire();
  const prepare = async (page) => {
    await page.clock.install();
    await wire.attach(page);
  };
  const [one, two] = await stage.couple({ prepare });
  return { wire, one, two };
}

test('After 10 s in the background the chat goes on, and the title has counted.', async () => {
  const { wire, one, two } = await couple();
  await one.hidden(true);
  await two.sees('.presence.away');
  await two.say('你去哪了');
  await until('the title counts', async () => /1/.test(await one.page.title()));
  await one.page.clock.fastForward(10_000);
  await one.hidden(false);
  await one.hears('你去哪了');
  await two.sees('.presence.here');
  await until('the title is quiet', async () => !/\d/.test(await one.page.title()));
  await one.say('回来了');
  await two.hears('回来了');
  assert.equal(wire.links.length, 1);
});

test('After 3 min with a socket that died meanwhile, all that was said is there.', async () => {
  const { wire, one, two } = await couple();
  await one.hidden(true);
  await two.sees('.presence.away');
  wire.goDead();
  for (const text of ['一', '二', '三']) await two.say(text);
  await two.isSent('三');
  await one.page.clock.fastForward(180_000);
  await one.hidden(false);
  await one.page.clock.runFor(4000);
  await one.settled();
  assert.equal(wire.links.length, 2, 'it looked at once, and did not wait for its heartbeat');
  await one.hears('三');
  assert.deepEqual(await one.texts(), ['一', '二', '三']);
  await two.sees('.presence.here');
});

test('Who stays away for too long finds the chat ended, and why.', async () => {
  const { wire, one, two } = await couple();
  await one.say('马上回来');
  await one.isSent('马上回来');
  await one.page.clock.pauseAt(Date.now() + 3_600_000); // an app in the background sleeps
  await one.hidden(true);
  await wire.interrupt();
  await two.sees('.over-title', '有一方太久没有回来，聊天结束了');
  await one.page.clock.resume();
  await one.hidden(false);
  await one.sees('.over-title', '有一方太久没有回来，聊天结束了');
  await one.sees('.said.mine .words', '马上回来');
});
