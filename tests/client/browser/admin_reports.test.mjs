// The queue of reports: read with a reason, decided with one press, and taken back in time.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Person, couple } from '../../end_to_end/support/person.mjs';
import { openDesk, operators } from './support/desk.mjs';
import { setStage } from './support/stage.mjs';
import { until } from './support/visitor.mjs';

let who;
const stage = setStage({ opened: async (open) => {
  who = await operators(open);
} });

// Ben reports Ann, who said `text`. The newest report is theirs.
async function reported(text, note, reason = 'abuse') {
  const [ann, ben] = await couple(stage.server.url);
  await ann.text(text);
  ben.say({ t: 'report', pair: ben.pair, reason, ...(note ? { note } : {}) });
  await ben.hears('reported');
  const { reports: [report] } = await who.owner.get('/reports?limit=1');
  return { ann, ben, report };
}

const stateOf = async ({ id }) => (await who.owner.get('/reports?limit=100')).reports
  .find((one) => one.id === id).state;
const acts = async () => (await who.owner.get('/audit?limit=100')).entries
  .map(({ who: name, act, target }) => `${name}: ${act}, ${target}`);

async function open(report, options = {}) {
  const desk = await openDesk(stage,
    { token: who.moderator.token, path: `#/reports/${report.id}`, ...options });
  await desk.says('the queue');
  await desk.sees('.decide');
  return desk;
}

test('the queue shows no word of anybody; the report shows all, after a reason', async () => {
  const { report } = await reported('words that hurt', 'he said <b>such</b> words');
  const desk = await openDesk(stage, { token: who.moderator.token });
  await desk.sees('.badge', String((await who.owner.get('/stats')).open_reports));
  await desk.press('nav >> text=Reports');
  await desk.sees('tbody', `Report ${report.id}`);
  assert.ok(!(await desk.find('main').innerText()).includes('words'));
  await desk.press(`text=Report ${report.id}`);
  await desk.says('the queue');
  await desk.sees('.text.left', 'words that hurt');
  await desk.sees('.card.head', 'he said <b>such</b> words');
  assert.ok((await acts()).includes(`mo: read report, report ${report.id}`));
});

test('a report is closed with one press, unless that is taken back in time', async () => {
  const { report } = await reported('nothing much');
  const clock = { prepare: (page) => page.clock.install() };
  const desk = await open(report, clock);
  await desk.button('Nothing to do: close').click();
  await desk.sees('h1', 'Reports');
  await desk.sees('tbody tr', 'closing');
  await desk.find('.toast').getByRole('button', { name: /^Undo/ }).click();
  await desk.sees('.toast', `Report ${report.id} stays open`);
  await desk.page.clock.runFor(20_000);
  assert.equal(await stateOf(report), 'open');

  await desk.press(`text=Report ${report.id}`);
  await desk.says('the queue');
  await desk.button('Nothing to do: close').click();
  await desk.sees('h1', 'Reports');
  await desk.page.clock.runFor(10_000);
  await until('closed', async () => await stateOf(report) === 'resolved');
  await until('not listed', async () =>
    !(await desk.rows()).some((row) => row.startsWith(`Report ${report.id} `)));
  assert.ok((await acts()).includes(`mo: resolve report, report ${report.id}`));
});

test('what waits is carried out when the page is left', async () => {
  const ways = [(desk) => desk.button('Sign out').click(),
    (desk) => desk.page.goto('about:blank')];
  for (const leave of ways) {
    const { report } = await reported('something');
    const desk = await open(report);
    await desk.button('Nothing to do: close').click();
    await desk.sees('h1', 'Reports');
    assert.equal(await stateOf(report), 'open');
    await leave(desk);
    await until('closed', async () => await stateOf(report) === 'resolved');
  }
});

test('ban and close: 4502 at once; the undo lifts the ban and keeps the report', async () => {
  const { ann, report } = await reported('a threat');
  const desk = await open(report);
  await desk.find('.decide select').selectOption('1');
  await desk.button('Ban and close').click();
  assert.equal((await ann.hears('bye')).code, 4502);
  await desk.sees('.toast', `User ${report.target} is banned`);
  const banned = await Person.connect(stage.server.url);
  banned.say({ t: 'hello', v: 1, token: ann.token });
  assert.equal((await banned.hears('bye')).code, 4502);

  await desk.find('.toast').getByRole('button', { name: /^Undo/ }).click();
  await desk.sees('.toast', 'is lifted');
  const back = await Person.arrive(stage.server.url, { token: ann.token });
  assert.equal(back.welcome.state, 'idle');
  assert.equal(await stateOf(report), 'open');
  const { bans: [ban] } = await who.owner.get(`/users/${report.target}`);
  assert.match(ban.reason, new RegExp(`^report ${report.id}: Abuse`));
});

test('who was banned before stays banned: there is no undo, and it is said so', async () => {
  const { ann, report } = await reported('another threat');
  await who.owner.ask('POST', `/users/${report.target}/ban`, { body: { for_ever: true } });
  assert.equal((await ann.hears('bye')).code, 4502);
  const desk = await open(report);
  await desk.button('Ban and close').click();
  await desk.find('.toast').getByRole('button', { name: /^Undo/ }).click();
  await desk.sees('.toast', 'The ban stays');
  const { bans } = await who.owner.get(`/users/${report.target}`);
  assert.deepEqual(bans.map(({ lifted }) => lifted), [false, false]);
  assert.equal(await stateOf(report), 'open');
});

test('evidence of several records is deleted where it is, and nowhere else', async () => {
  const { report } = await reported('words');
  const asked = [];
  const evidence = ['101', '102'].map((pair) => ({ pair, seq: 2, at: report.at, kind: 'text',
    user: `${pair}0`, text: `of ${pair}` }));
  const desk = await open(report, { prepare: async (page) => {
    await page.route(`**/admin/api/v1/reports/${report.id}`, async (route) => {
      const json = await (await route.fetch()).json();
      await route.fulfill({ json: { ...json, pair: '102', evidence } });
    });
    await page.route('**/admin/api/v1/pairs/*/events/*', (route) => {
      asked.push(`${route.request().method()} ${new URL(route.request().url()).pathname}`);
      return route.fulfill({ json: { removed: 1 } });
    });
  } });
  assert.equal(await desk.find('.text.left').count(), 2);
  await desk.find('.text').filter({ hasText: 'of 101' }).locator('.remove').click();
  await desk.find('dialog').getByRole('button', { name: 'Delete' }).click();
  await until('asked', () => asked.length === 1);
  assert.deepEqual(asked, ['DELETE /admin/api/v1/pairs/101/events/2']);
  await until('shown', async () => await desk.find('.remove').count() === 1);
  assert.equal(await desk.find('.text').filter({ hasText: 'of 102' }).locator('.remove').count(),
    1);
  assert.equal(await desk.find('a[href="#/pairs/101"]').count(), 1);
});

test('a viewer sees the queue and bans without what viewers are not told', async () => {
  const { report } = await reported('words');
  await who.owner.ask('POST', `/users/${report.target}/ban`);
  const desk = await openDesk(stage, { token: who.viewer.token, path: '#/reports' });
  await desk.sees('tbody', `Report ${report.id}`);
  assert.equal(await desk.find('a[href*="undefined"]').count(), 0);
  await desk.page.goto(`${desk.page.url().split('#')[0]}#/users/${report.target}`);
  await desk.sees('.bans', 'No. 1');
  assert.ok(!(await desk.find('main').innerText()).includes('{'));
});

test('a report that is closed can still lead to a ban, and says that it is closed', async () => {
  const { ann, report } = await reported('seen too late');
  await who.owner.ask('POST', `/reports/${report.id}/resolve`);
  const desk = await open(report);
  await desk.sees('.decide', 'This report is closed.');
  assert.equal(await desk.button('Nothing to do: close').count(), 0);
  await desk.button('Ban', '.decide').click();
  assert.equal((await ann.hears('bye')).code, 4502);
  await desk.sees('.toast', 'is banned');
});

test('all reports about a person can be closed at once', async () => {
  const { ann, report } = await reported('to one');
  ann.say({ t: 'leave' });
  await ann.hears('idle');
  const cy = await Person.arrive(stage.server.url);
  for (const one of [ann, cy]) one.say({ t: 'find' });
  await Promise.all([ann.matched(), cy.matched()]);
  await ann.text('to another');
  cy.say({ t: 'report', pair: cy.pair, reason: 'spam' });
  await cy.hears('reported');
  const desk = await open(report);
  await desk.find('.decide input[type=checkbox]').check();
  await desk.button('Nothing to do: close').click();
  await desk.button('Sign out').click();
  await until('both closed', async () => (await who.owner.get('/reports?state=open')).reports
    .every(({ target }) => target !== report.target));
});

test('a text can be deleted out of the evidence', async () => {
  const { ann, report } = await reported('an address');
  const desk = await open(report);
  await desk.find('.text .remove').first().click();
  await desk.button('Delete', 'dialog').click();
  await ann.hears('event', ({ kind, ref }) => kind === 'recall' && ref > 0);
  await desk.sees('.text .gone', 'deleted by an operator');
});

test('the keyboard alone: from the token to the decision', async () => {
  const { report } = await reported('by keys');
  const desk = await openDesk(stage);
  const { keyboard } = desk.page;
  const tabTo = async (name) => {
    for (let n = 0; n < 40; n += 1) {
      await keyboard.press('Tab');
      const at = await desk.page.evaluate(() => document.activeElement.textContent.trim());
      if (at.startsWith(name)) return;
    }
    assert.fail(`Tab does not lead to ${name}`);
  };
  await keyboard.type(who.moderator.token);
  await keyboard.press('Enter');
  await desk.sees('.figures');
  assert.equal(await desk.page.evaluate(() => document.activeElement.tagName), 'H1');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await tabTo('Report');
  await keyboard.press('Enter');
  await desk.sees('tbody', `Report ${report.id}`);
  assert.equal(await desk.page.evaluate(() => document.activeElement.textContent), 'Reports');
  await tabTo(`Report ${report.id}`);
  await keyboard.press('Enter');
  await desk.sees('.gate');
  await keyboard.type('by keys alone');
  await keyboard.press('Enter');
  await desk.sees('.decide');
  await tabTo('Nothing to do');
  await keyboard.press('Enter');
  await desk.sees('.toast');
  await keyboard.press('Control+z');
  await desk.sees('.toast', 'stays open');
});

test('new reports are pointed out while the queue is looked at', async () => {
  const desk = await openDesk(stage, { token: who.moderator.token, path: '#/reports' });
  await desk.sees('tbody tr');
  const { report } = await reported('one more');
  await desk.press('.newer');
  await desk.sees('tbody', `Report ${report.id}`);
  await desk.seesNot('.newer');
});
