// Users and records: found, read with a reason, and what strangers wrote shown as what it is.
import assert from 'node:assert/strict';
import test from 'node:test';
import { couple } from '../../end_to_end/support/person.mjs';
import { openDesk, operators } from './support/desk.mjs';
import { setStage } from './support/stage.mjs';
import { until } from './support/visitor.mjs';

let who;
const stage = setStage({ flags: ['--keep-access', '30d'], opened: async (open) => {
  who = await operators(open);
} });

// Two people who talk, and what the operator knows of them.
async function talking(...texts) {
  const [ann, ben] = await couple(stage.server.url);
  for (const text of texts) await ann.text(text);
  const { users: [{ id }] } = await who.owner.get('/users');
  const { pairs: [pair] } = await who.owner.get(`/users/${id}/pairs`);
  const { events } = await who.owner.get(`/pairs/${pair.id}/events`);
  const annId = events.find((event) => event.text === texts[0])?.user;
  return { ann, ben, pair, annId };
}

const lastRow = async () => (await who.owner.get('/audit?limit=1')).entries[0];

test('a user is found by number, by alias, and by nothing less than all of it', async () => {
  const { pair } = await talking('hello');
  const [seat] = pair.seats;
  const desk = await openDesk(stage, { token: who.viewer.token, path: '#/users' });
  await desk.sees('tbody tr');
  for (const query of [seat.user, seat.alias, ` ${seat.alias} `]) {
    await desk.find('input[type=search]').fill(query);
    await desk.page.keyboard.press('Enter');
    await desk.sees('tbody', `User ${seat.user}`);
    await until('one row', async () => (await desk.rows()).length === 1);
  }
  await desk.find('input[type=search]').fill("1' OR '1'='1");
  await desk.page.keyboard.press('Enter');
  await desk.sees('.empty', 'Nobody fits');
  await desk.button('Clear').click();
  await until('all', async () => (await desk.rows()).length >= 2);
});

test('what was searched for stands in no address, and comes back with Back', async () => {
  const { pair } = await talking('hello');
  const { alias, user } = pair.seats[0];
  const urls = [];
  const desk = await openDesk(stage, { token: who.viewer.token, path: '#/users' });
  desk.page.on('request', (request) => urls.push(request.url()));
  await desk.find('input[type=search]').fill(alias);
  await desk.page.keyboard.press('Enter');
  await until('one row', async () => (await desk.rows()).length === 1);
  await desk.press(`tbody a >> text=User ${user}`);
  await desk.sees('h1', `User ${user}`);
  await desk.back();
  await until('one row again', async () => (await desk.rows()).length === 1);
  assert.equal(await desk.find('input[type=search]').inputValue(), alias);
  assert.ok(urls.every((url) => !decodeURIComponent(url).includes(alias)));
});

test('a record is shown only after a reason, which is in the audit before', async () => {
  const { pair, annId } = await talking('a sentence of hers');
  const before = await lastRow();
  const desk = await openDesk(stage, { token: who.moderator.token, path: `#/pairs/${pair.id}` });
  await desk.sees('.gate');
  await desk.says('no').catch(() => {});
  await desk.sees('.gate .hint.bad');
  assert.equal((await lastRow()).id, before.id);
  assert.ok(!await desk.find('.events').count());

  await desk.says('投诉 77 – “quoted”');
  await desk.sees('.text', 'a sentence of hers');
  const row = await lastRow();
  assert.deepEqual([row.who, row.act, row.target, row.why],
    ['mo', 'read events', `pair ${pair.id}`, '投诉 77 – “quoted”']);

  // The same reason is offered for the next record, and asked for all the same.
  await desk.go(`#/users/${annId}`, '.decide');
  assert.equal(await desk.find('.decide input').first().inputValue(), '投诉 77 – “quoted”');
  await desk.button('Whom this user met').click();
  const met = pair.seats.find((seat) => seat.user !== annId);
  await desk.sees('tbody', met.alias.slice(0, 2));
  assert.equal((await lastRow()).act, 'read pairs');
  assert.equal(await desk.find('.decide').getByRole('button', { name: 'Logins' }).count(), 0);
});

test('older events come page by page, in order, with the same reason', async () => {
  const texts = Array.from({ length: 120 }, (_, n) => `text ${n}`);
  const { pair } = await talking(...texts);
  const desk = await openDesk(stage, { token: who.moderator.token, path: `#/pairs/${pair.id}` });
  await desk.says('complaint');
  await desk.sees('.text', 'text 119');
  // While they are on their way nobody is told that there are none.
  let letCome;
  const held = new Promise((done) => (letCome = done));
  await desk.page.route(/before=/, (route) => held.then(() => route.continue()));
  await desk.button('Show older').click();
  await desk.sees('.more button[disabled]', 'Show older');
  letCome();
  await desk.sees('.more', 'The beginning.');
  assert.deepEqual(await desk.find('.text p.said').allInnerTexts(), texts);
});

test('what strangers write stays text, in its own direction and in its own box', async () => {
  const hostile = ['<img src=x onerror=alert(1)><script>alert(1)</script>',
    'a\u202egnp.exe\u202c b',
    'مرحبا (abc) 123', 'x'.repeat(1500),
    `Z${'\u0352\u034a\u030e'.repeat(60)}algo`, 'one\n\n\nfour',
    '{{t}} ${api} &amp; %41', '\u2066\u2067\u200f\u200e'.repeat(20) + 'end'];
  const { pair } = await talking(...hostile);
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 780 }]) {
    const desk = await openDesk(stage,
      { token: who.moderator.token, path: `#/pairs/${pair.id}`, viewport });
    await desk.says('looking at tricks');
    await desk.sees('.text', 'end');
    const said = await desk.find('.text p.said').allInnerTexts();
    assert.equal(said.length, hostile.length);
    assert.equal(said[0], hostile[0]);
    assert.equal(said[1], 'aU+202Egnp.exeU+202C b');
    assert.equal(said[3], hostile[3]);
    assert.equal(said[5], hostile[5]);
    assert.equal(said[6], hostile[6]);
    assert.equal(await desk.page.evaluate(() =>
      document.querySelectorAll('.text img, .text script').length), 0);
    assert.ok(await desk.page.evaluate(() =>
      document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    // Nothing of a text is painted outside of its box.
    assert.ok(await desk.find('.text p.said').evaluateAll((all) => all.every((one) => {
      const { contain, unicodeBidi } = getComputedStyle(one);
      return contain.includes('paint') && unicodeBidi === 'isolate';
    })));
  }
});

test('a text that is deleted is gone from both phones and from the page', async () => {
  const { ann, ben, pair } = await talking('a phone number', 'something else');
  const { events } = await who.owner.get(`/pairs/${pair.id}/events`);
  const { seq } = events.find(({ text }) => text === 'a phone number');
  const desk = await openDesk(stage, { token: who.moderator.token, path: `#/pairs/${pair.id}` });
  await desk.says('a phone number');
  await desk.button(`Delete text ${seq}`).click();
  await desk.sees('dialog', 'can’t be undone');
  await desk.page.keyboard.press('Escape');
  await desk.seesNot('dialog');
  assert.equal((await who.owner.get(`/pairs/${pair.id}/events`)).events
    .filter(({ gone }) => gone).length, 0);

  await desk.button(`Delete text ${seq}`).click();
  await desk.button('Delete', 'dialog').click();
  await desk.sees('.toast', 'on both phones');
  await desk.sees('.text .gone', 'deleted by an operator');
  for (const person of [ann, ben]) {
    await person.hears('event', ({ kind, ref }) => kind === 'recall' && ref === seq);
    person.say({ t: 'history', pair: person.pair });
    const page = await person.hears('history');
    assert.ok(!JSON.stringify(page).includes('a phone number'));
    assert.equal(page.events.find((event) => event.seq === seq).gone, 'removed');
  }
  assert.ok(!(await desk.find('.events').innerText()).includes('a phone number'));
  assert.equal((await lastRow()).target, `pair ${pair.id} event ${seq}`);
});

test('all texts can be deleted, but not while the two talk', async () => {
  const { ann, pair } = await talking('one', 'two');
  const desk = await openDesk(stage, { token: who.moderator.token, path: `#/pairs/${pair.id}` });
  await desk.says('both asked for it');
  await desk.button('Delete all texts').click();
  await desk.button('Delete all texts', 'dialog').click();
  await desk.sees('.toast', 'The two are in a chat');
  ann.say({ t: 'leave' });
  await ann.hears('idle');
  await desk.button('Delete all texts', 'dialog').click();
  await desk.sees('.toast', '2 texts deleted');
  await until('both gone', async () => await desk.find('.text .gone').count() === 2);
});

test('a banned user hears it at once, and comes back after the undo', async () => {
  const { ann, annId } = await talking('threats');
  const desk = await openDesk(stage, { token: who.moderator.token, path: `#/users/${annId}` });
  await desk.button('Ban').click();
  await desk.sees('.decide .hint.bad'); // not without a reason
  await desk.find('.decide input').first().fill('threats');
  await desk.find('.decide select').selectOption('7');
  await desk.button('Ban').click();
  assert.equal((await ann.hears('bye')).code, 4502);
  assert.equal((await ann.closed).code, 4502);
  await desk.sees('.toast', `User ${annId} is banned`);
  await desk.sees('.lead .tag', 'banned');
  const { bans: [ban] } = await who.owner.get(`/users/${annId}`);
  assert.deepEqual([ban.reason, ban.by], ['threats', 'mo']);
  assert.ok(Math.abs(ban.until - ban.since - 7 * 86400e3) < 1000);

  await desk.find('h1').click();
  await desk.page.keyboard.press('Control+z');
  await desk.sees('.toast', 'is lifted');
  await desk.sees('.lead .tag', 'active');
  assert.equal((await who.owner.get(`/users/${annId}`)).bans[0].lifted, true);
});

test('a closed connection may come back; an erasure asks, and shows its receipt', async () => {
  const { ann, ben, annId } = await talking('hello');
  const desk = await openDesk(stage, { token: who.owner.token, path: `#/users/${annId}` });
  await desk.find('.decide input').first().fill('asked by mail');
  await desk.find('.decide').getByRole('button', { name: /^Close connection/ }).click();
  assert.equal((await ann.closed).code, 4000);

  await desk.button('Logins').click();
  await desk.sees('tbody', 'logged in');
  await desk.button('Erase the account').click();
  await desk.sees('dialog', 'can’t be undone');
  await desk.button('Erase the account', 'dialog').click();
  await desk.sees('.toast', `User ${annId} is erased`);
  await desk.sees('.lead .tag', 'erased');
  await desk.sees('.facts', 'Sealed until');
  assert.equal((await ben.hears('partner', ({ state }) => state === 'left')).state, 'left');
  assert.equal(await desk.find('.decide').getByRole('button', { name: 'Ban' }).count(), 0);
});

test('the whole account is read by an owner alone, with a reason', async () => {
  const { annId } = await talking('hello');
  const openid = 'o6_bmjrPTlm6_2sgVt7hMZOPfL2M';
  const reasons = [];
  // Guests have no account: the server's answers are those for somebody of WeChat.
  const known = async (page) => {
    await page.route(`**/admin/api/v1/users/${annId}`, async (route) => {
      const json = await (await route.fetch()).json();
      await route.fulfill({ json: { ...json, provider: 'wechat', account: '…fL2M' } });
    });
    await page.route(`**/admin/api/v1/users/${annId}/account`, (route) => {
      reasons.push(route.request().headers()['x-reason']);
      return route.fulfill({ json: { id: annId, provider: 'wechat', account: openid } });
    });
  };
  const desk = await openDesk(stage,
    { token: who.owner.token, path: `#/users/${annId}`, prepare: known });
  await desk.sees('.facts', '…fL2M');
  await desk.button('The whole account').click();
  await desk.sees('.decide .hint.bad');
  assert.deepEqual(reasons, []);
  await desk.find('.decide input').first().fill('the police ask');
  await desk.button('The whole account').click();
  await desk.sees('section code', openid);
  assert.deepEqual(reasons, ['the%20police%20ask']);

  const other = await openDesk(stage,
    { token: who.moderator.token, path: `#/users/${annId}`, prepare: known });
  await other.sees('.facts', '…fL2M');
  assert.equal(await other.button('The whole account').count(), 0);
});

test('what the server says of an account is shown, also when there is none', async () => {
  const { annId } = await talking('hello');
  const desk = await openDesk(stage, { token: who.owner.token, path: `#/users/${annId}`,
    prepare: (page) => page.route(`**/admin/api/v1/users/${annId}`, async (route) => {
      const json = await (await route.fetch()).json();
      await route.fulfill({ json: { ...json, account: '…fL2M' } });
    }) });
  await desk.find('.decide input').first().fill('the police ask');
  await desk.button('The whole account').click();
  await desk.sees('.empty', 'no account with a platform');
  const row = await lastRow();
  assert.deepEqual([row.act, row.target], ['read account', `user ${annId}`]);
});
