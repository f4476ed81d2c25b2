// The pages for people who see, hear or hold differently: axe-core finds nothing serious, the
// keyboard does everything, and letters twice as large lose nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { seriousFindings } from './support/axe.mjs';
import { misfits } from './support/layout.mjs';
import { setStage } from './support/stage.mjs';
import { tour } from './support/tour.mjs';

const stage = setStage();
const fontSizeUsual = 16;

test('axe-core finds nothing serious on any page, light or dark.', async () => {
  const found = [];
  await tour(stage, {}, async (visitor, name) =>
    found.push(...await seriousFindings(visitor, name)));
  assert.deepEqual(found, []);
});

test('With letters twice as large nothing is lost, also on a small phone.', async () => {
  const found = [];
  const options = {
    viewport: { width: 320, height: 568 },
    prepare: async (page) => {
      const devtools = await page.context().newCDPSession(page);
      const fontSizes = { standard: 2 * fontSizeUsual, fixed: 2 * fontSizeUsual };
      await devtools.send('Page.setFontSizes', { fontSizes });
    },
  };
  let looked = 0;
  await tour(stage, options, async (visitor, name) => {
    const size = await visitor.page.evaluate(() =>
      parseFloat(getComputedStyle(document.documentElement).fontSize));
    assert.equal(size, 2 * fontSizeUsual);
    found.push(...(await misfits(visitor)).map((one) => `${name}: ${one}`));
    ++looked;
  });
  assert.deepEqual(found, []);
  assert.ok(looked > 10);
});

// Goes on with Tab until `locator` has the focus.
async function reach(visitor, selector) {
  const wanted = visitor.find(selector).first();
  await wanted.waitFor();
  for (let presses = 0; presses < 60; presses++) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await visitor.page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not lead to ${selector}`);
}

async function push(visitor, selector, key = 'Enter') {
  await reach(visitor, selector);
  await visitor.page.keyboard.press(key);
}

test('A whole visit needs no mouse.', async () => {
  const [one, two] = await Promise.all([stage.visitor(), stage.visitor()]);
  const { keyboard } = one.page;
  await reach(one, '.nickname');
  await keyboard.type('键盘');
  await push(one, '.choice[aria-label="鲸鱼"]', 'Space');
  await push(one, '.confirm');
  await push(one, '.tick-row', 'Space');
  await push(one, '.agree');
  await push(one, '.topic', 'Space');
  await push(one, '.go');
  await one.sees('.search');
  await two.arrive();
  await one.isInChat();
  await two.sees('.head .name', '键盘');
  await reach(one, 'textarea.draft');
  await keyboard.type('第一行');
  await keyboard.press('Shift+Enter');
  await keyboard.type('第二行');
  await keyboard.press('Enter');
  await two.hears('第一行');
  await one.isSent('第一行');
  await push(one, '.emoji');
  await push(one, '.glyph');
  await push(one, '.send');
  await two.hears('😀');
  await push(one, '.mark.sent, .mark.seen');
  await one.page.locator('dialog').getByRole('button', { name: '撤回' }).waitFor();
  await keyboard.press('Enter');
  await two.sees('.note', '对方撤回了一条消息');
  await push(one, '.head .more');
  await keyboard.press('Escape');
  await push(one, '.leave');
  await one.page.locator('dialog').waitFor();
  await keyboard.press('Enter');
  await one.sees('.over');
  await push(one, '.to-topics');
  await push(one, '#back');
  await push(one, '.to-records');
  await push(one, '.entry .open');
  await one.sees('.said.mine .words', '😀');
  await push(one, '#back');
  await one.sees('.entry');
});
