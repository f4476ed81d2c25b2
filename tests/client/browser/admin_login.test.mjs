// Who comes in: with which token, as what, and that the token stays where it was typed.
import assert from 'node:assert/strict';
import test from 'node:test';
import { openDesk, operators } from './support/desk.mjs';
import { setStage } from './support/stage.mjs';

let who;
const stage = setStage({ opened: async (open) => {
  who = await operators(open);
} });

const sections = (desk) => desk.find('nav a > span:first-of-type').allInnerTexts();

test('a wrong token is refused with a sentence, and the right one still comes in', async () => {
  const desk = await openDesk(stage);
  for (const wrong of ['onechat_admin_wrong', 'ключ', ' ', 'two words']) {
    await desk.find('#token').fill(wrong);
    await desk.page.keyboard.press('Enter');
    if (wrong.trim()) await desk.sees('#token-error', 'does not know');
    await desk.seesNot('.frame');
  }
  await desk.signIn(who.owner.token);
  await desk.sees('h1', 'Overview');
});

test('each role finds what it may use, and nothing else', async () => {
  const expected = {
    viewer: ['Overview', 'Reports', 'Users'],
    moderator: ['Overview', 'Reports', 'Flags', 'Users'],
    owner: ['Overview', 'Reports', 'Flags', 'Users', 'Audit', 'Backups', 'Tokens'],
  };
  for (const [role, names] of Object.entries(expected)) {
    const desk = await openDesk(stage, { token: who[role].token });
    await desk.sees('.role', new RegExp(role, 'i'));
    assert.deepEqual(await sections(desk), names);
  }
});

test('a viewer is told that records are for others, and none is asked for', async () => {
  const desk = await openDesk(stage, { token: who.viewer.token });
  const asked = [];
  desk.page.on('request', (request) => asked.push(request.url()));
  for (const address of ['#/pairs/1', '#/reports/1']) {
    await desk.go(address, '.empty');
    await desk.sees('.empty', 'may not read');
  }
  assert.ok(asked.every((url) => /stats|metrics/.test(url)), asked.join());
});

test('the token is kept in memory alone: after a reload it is asked for again', async () => {
  const desk = await openDesk(stage, { token: who.owner.token });
  const { token } = who.owner;
  await desk.button('中文').click();
  await desk.sees('h1', '概览');
  const kept = await desk.page.evaluate(async () => JSON.stringify([{ ...localStorage },
    { ...sessionStorage }, document.cookie, location.href, await caches.keys(),
    (await indexedDB.databases()).map(({ name }) => name), document.documentElement.outerHTML]));
  assert.ok(!kept.includes(token));
  assert.deepEqual(await desk.context.cookies(), []);

  await desk.page.reload();
  await desk.sees('#token');
  assert.equal(await desk.find('#token').inputValue(), '');
  await desk.sees('h1', '管理台'); // the language is remembered
});

test('whoever signs out is asked for a token, and sees nothing of before', async () => {
  const desk = await openDesk(stage, { token: who.moderator.token });
  await desk.go('#/users');
  await desk.button('Sign out').click();
  await desk.sees('#token');
  await desk.seesNot('.frame');
});

test('a token that is removed meanwhile ends the visit', async () => {
  const guest = await who.owner.admits('guest', 'viewer');
  const desk = await openDesk(stage, { token: guest.token });
  await who.owner.ask('DELETE', '/tokens/guest');
  await desk.sees('#token-error', 'no longer good');
  await desk.seesNot('.frame');
});

test('the page comes without a token and holds no figure', async () => {
  const page = await fetch(`${stage.server.adminHome}/`);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /onechat/);
  assert.equal((await fetch(`${stage.server.home}/admin/api/v1/stats`)).status, 404);
});
