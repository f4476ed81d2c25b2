// The operator's page for people who see, hear or hold differently, on wide and narrow screens.
import assert from 'node:assert/strict';
import test from 'node:test';
import { deskTour, english, furnish } from './support/desk_tour.mjs';
import { misfits } from './support/layout.mjs';
import { seriousFindings } from './support/axe.mjs';
import { setStage } from './support/stage.mjs';

let room;
const hostile = { ...english, said: [...english.said, 'x'.repeat(900), 'no\u202eitcerid'] };
const stage = setStage({ flags: ['--keep-access', '30d'], opened: async (open) => {
  room = await furnish(open, hostile);
} });

test('axe-core finds nothing serious anywhere, light or dark, wide or narrow', async () => {
  const found = [];
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 780 }]) {
    await deskTour(stage, { viewport }, async (desk, name) =>
      found.push(...await seriousFindings(desk, name)), english, room);
  }
  assert.deepEqual(found, []);
});

test('everything fits: on a phone, between, and on a wide screen', async () => {
  const found = [];
  let looked = 0;
  for (const [width, height] of [[390, 780], [800, 600], [1440, 900]]) {
    await deskTour(stage, { viewport: { width, height } }, async (desk, name) => {
      found.push(...(await misfits(desk)).map((one) => `${width}, ${name}: ${one}`));
      looked += 1;
    }, english, room);
  }
  assert.deepEqual(found, []);
  assert.ok(looked > 30);
});

test('with letters twice as large nothing is lost', async () => {
  const found = [];
  const prepare = async (page) => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  };
  await deskTour(stage, { prepare, viewport: { width: 390, height: 780 } }, async (desk, name) => {
    const size = await desk.page.evaluate(() =>
      parseFloat(getComputedStyle(document.body).fontSize));
    assert.equal(size, 28);
    found.push(...(await misfits(desk)).map((one) => `${name}: ${one}`));
  }, english, room);
  assert.deepEqual(found, []);
});

test('each place has one heading, its name in the title, and no field without a name', async () => {
  await deskTour(stage, {}, async (desk, name) => {
    const told = await desk.page.evaluate(() => ({
      headings: document.querySelectorAll('h1').length, title: document.title,
      heading: document.querySelector('h1').textContent,
      unnamed: [...document.querySelectorAll('input, select, button')].filter((one) =>
        !(one.labels?.length || one.getAttribute('aria-label') || one.textContent.trim())).length,
    }));
    assert.deepEqual([told.headings, told.unnamed], [1, 0], name);
    assert.ok(name === 'login' || told.title === `${told.heading} · onechat`, told.title);
  }, english, room);
});
