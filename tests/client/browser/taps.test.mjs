// Fingers are quick and impatient: what is tapped twice happens once.
import assert from 'node:assert/strict';
import test from 'node:test';
import { PlayedServer } from './support/played_server.mjs';
import { setStage } from './support/stage.mjs';
import { until } from './support/visitor.mjs';

const stage = setStage();

// Both before the page can have changed, as on a phone whose pages slide.
const twice = (visitor, selector) => visitor.find(selector).evaluate((element) => {
  element.click();
  element.click();
});

const depth = (visitor) => visitor.page.evaluate(() => window.getCurrentPages().length);

test('Each button on the way opens one page, and 取消 goes back one.', async () => {
  const one = await stage.visitor();
  await one.sees('.confirm');
  await twice(one, '.confirm');
  await one.press('.tick-row');
  assert.equal(await depth(one), 2);
  await twice(one, '.agree');
  await one.sees('.go');
  assert.equal(await depth(one), 2);
  await twice(one, '.go');
  await one.sees('.search .pool', /./);
  assert.equal(await depth(one), 3);
  await twice(one, '.cancel');
  await one.sees('.go');
  assert.equal(await depth(one), 2);
  await one.press('.go');
  await one.sees('.search .pool', /./);
  assert.equal(await depth(one), 3);
});

test('A double click is meant for the page on which it began.', async () => {
  const one = await stage.visitor({ storage: { agreed: 1 } });
  await one.confirm();
  const { x, y, width, height } = await one.find('.go').boundingBox();
  await one.page.mouse.dblclick(x + width / 2, y + height / 2);
  await one.sees('.search .pool', /./);
  await one.settled();
  assert.equal(await depth(one), 3, 'the second click did not cancel');
});

test('An answer about a chat that is over leaves the next one alone.', async () => {
  const server = new PlayedServer();
  const one = await stage.visitor({ prepare: server.attach, storage: { agreed: 1 } });
  await one.arrive();
  server.match('pair-1');
  await one.isInChat();
  await one.press('.leave');
  await one.page.locator('dialog .confirm').waitFor();
  server.say({ t: 'idle' });
  server.match('pair-2');
  await until('the next one', () => one.page.evaluate(() => window.getCurrentPages().at(-1).pair
    === 'pair-2'));
  await one.page.locator('dialog .confirm').click();
  await one.say('还在');
  await one.isSent('还在');
  assert.equal(server.all('leave').length, 0);
});

test('A text is sent once, however often 发送 is tapped.', async () => {
  const [one, two] = await stage.couple();
  await one.find('textarea.draft').fill('只说一次');
  await twice(one, '.send');
  await two.hears('只说一次');
  await one.say('然后');
  await two.hears('然后');
  assert.deepEqual(await two.texts(), ['只说一次', '然后']);
});

test('换个话题 leads to the topics, wherever one came from.', async () => {
  const [one] = await stage.couple();
  await one.back();
  await one.back();
  await one.press('.go-back');
  await one.leaveChat();
  await one.press('.to-topics');
  await one.sees('.topic');
});
