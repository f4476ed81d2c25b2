// What goes wrong is told where it went wrong, and what can be done is at hand.
import assert from 'node:assert/strict';
import test from 'node:test';
import { PlayedServer } from './support/played_server.mjs';
import { setStage } from './support/stage.mjs';
import { until } from './support/visitor.mjs';

const stage = setStage();
const known = { agreed: 1 };

async function visit(server, options = {}) {
  const visitor = await stage.visitor({ prepare: server.attach, storage: known, ...options });
  visitor.lossIsFine = true;
  return visitor;
}

async function inChat(server) {
  const visitor = await visit(server);
  await visitor.arrive();
  server.match();
  await visitor.isInChat();
  return visitor;
}

const menu = (visitor) => visitor.page.locator('dialog');

test('A text that was refused is marked, says why, and goes out when tried again.', async () => {
  const refuse = ({ cid, pair }, server) =>
    server.say({ t: 'nack', pair, cid, code: 'blocked_text' });
  const server = new PlayedServer({ say: refuse });
  const one = await inChat(server);
  await one.say('被拦下的话');
  await one.sees('.mark.failed');
  await one.press('.mark.failed');
  await menu(one).getByText('这段文字不能发送').waitFor();
  server.answers.say = ({ cid, pair }) => server.ack(cid, pair);
  await one.answer('重试');
  await one.isSent('被拦下的话');
  await one.seesNot('.mark.failed');

  server.answers.say = refuse;
  await one.say('算了');
  await one.press('.mark.failed');
  await one.answer('不发了');
  await one.seesNot('.mark.failed');
  assert.deepEqual(await one.texts(), ['被拦下的话']);
});

test('Who is banned reads until when, and is not tried again.', async () => {
  const until = new Date(Date.now() + 3 * 86_400_000).setHours(8, 5, 0, 0);
  const server = new PlayedServer({ hello: () => server.bye(4502, { until }) });
  const one = await visit(server);
  await one.sees('.banner.bad', /账号被停用至 .*08:05/);
  assert.equal(await one.find('.banner .link').count(), 0);
  await one.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  assert.equal(server.all('hello').length, 1);
});

test('Who is banned in the middle of a chat reads it there, and loses no draft.', async () => {
  const server = new PlayedServer();
  const one = await inChat(server);
  await one.find('textarea.draft').fill('写到一半');
  await server.bye(4502);
  await one.sees('.banner.bad', '账号已被停用');
  await one.page.keyboard.press('Enter');
  assert.equal(await one.find('textarea.draft').inputValue(), '写到一半');
});

test('A login that the platform holds for risky is told as such.', async () => {
  const server = new PlayedServer({
    hello: () => server.say({ t: 'error', code: 'login_risky', text: 'x' }),
  });
  const one = await visit(server);
  await one.sees('.banner.bad', '平台认为此账号有风险');
});

test('What is sent from a tab that was replaced stays in its field.', async () => {
  const [old] = await stage.couple();
  const young = await stage.tab(old.context);
  await young.isInChat();
  await old.sees('.banner', '已在另一处打开');
  await old.say('别弄丢了');
  assert.equal(await old.find('textarea.draft').inputValue(), '别弄丢了');
  assert.equal(await old.find('.said').count(), 0);
  await old.press('.banner .link');
  await old.seesNot('.banner');
  await old.find('textarea.draft').press('Enter');
  await old.isSent('别弄丢了');
});

test('A search that another tab has ended goes on when the user goes on here.', async () => {
  const server = new PlayedServer();
  const one = await visit(server);
  await one.arrive();
  await server.bye(4500);
  await one.sees('.banner', '已在另一处打开');
  await one.press('.banner .link');
  await until('it searches again', () => server.all('find').length === 2);
  server.match();
  await one.isInChat();
});

test('A search that the server ends or refuses leads back to the topics.', async () => {
  const server = new PlayedServer();
  const one = await visit(server);
  await one.arrive();
  await one.sees('.search .pool', /./);
  server.say({ t: 'idle' });
  await one.sees('.go');

  server.answers.find = ({ rid }) =>
    server.say({ t: 'error', rid, code: 'forbidden', text: 'x' });
  await one.press('.go');
  await one.sees('#toast', '没有成功');
  await one.sees('.go');
  assert.equal(server.all('find').length, 2);
});

test('A record that cannot be fetched can be asked for again.', async () => {
  const partner = { alias: '安静的云', avatar: 'fox' };
  const entry = { pair: 'p', partner, met: 1, last: { seq: 2, at: 2 }, unseen: 0, blocked: false };
  const server = new PlayedServer({
    pairs: ({ rid }) => server.say({ t: 'pairs', rid, pairs: [entry], more: false }),
    history: ({ rid }) => server.say({ t: 'error', rid, code: 'store_unavailable', text: 'x' }),
  });
  const one = await visit(server);
  await one.press('.to-records');
  await one.press('.entry .open');
  await one.sees('.retry', '取不到记录');
  const text = { pair: 'p', seq: 2, at: 2, from: 'partner', kind: 'text', text: '还在' };
  server.answers.history = ({ rid }) =>
    server.say({ t: 'history', rid, pair: 'p', events: [text], more: false });
  await one.press('.retry');
  await one.hears('还在');
  await one.seesNot('.retry');
});

test('Storage that takes nothing keeps nobody out.', async () => {
  const one = await stage.visitor({
    prepare: (page) => page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    }),
  });
  const two = await stage.visitor();
  await stage.meet([one, two]);
  await one.say('存不下也能聊');
  await two.hears('存不下也能聊');
});

test('Who comes back to a long list of records finds it as long as it was.', async () => {
  const entry = (n) => ({
    pair: `p${n}`, partner: { alias: `第 ${n} 位`, avatar: 'fox' }, met: 1,
    last: { seq: 2, at: 2 }, unseen: 0, blocked: false,
  });
  const server = new PlayedServer({
    pairs: ({ rid, before = '0', limit = 20 }) => {
      const from = Number(before);
      const pairs = Array.from({ length: limit }, (_, n) => entry(from + n));
      server.say({ t: 'pairs', rid, pairs, more: true, cursor: String(from + limit) });
    },
    history: ({ rid }) => server.say({ t: 'history', rid, pair: 'p', events: [], more: false }),
  });
  const one = await visit(server);
  await one.press('.to-records');
  await one.press('.earlier');
  await one.sees('.entry .name', '第 39 位');
  await one.find('.entry .open').nth(30).click();
  await one.back();
  await until('it is asked for anew', () => server.all('pairs').length === 3);
  await one.sees('.entry .name', '第 39 位');
  assert.equal(server.all('pairs')[2].limit, 40);
  await one.find('.earlier').evaluate((element) => {
    window.getCurrentPages().at(-1).reload();
    element.click();
  });
  await until('both were asked', () => server.all('pairs').length === 5);
  await one.sees('.entry .name', '第 59 位');
  const names = await one.find('.entry .name').allInnerTexts();
  assert.equal(new Set(names).size, names.length, 'nobody twice');
});

test('An export of megabytes is shown in part and copied whole.', async () => {
  const records = Array.from({ length: 3000 }, (_, n) =>
    ({ kind: 'text', at: n, text: '长'.repeat(1000) }));
  const server = new PlayedServer({
    export: ({ rid }) => server.say({ t: 'exported', rid, records, more: false }),
  });
  const one = await stage.visitor({
    storage: known,
    prepare: async (page) => {
      await server.attach(page);
      await page.addInitScript(() => {
        navigator.clipboard.writeText = async (text) => { window.copied = text; };
      });
    },
  });
  await one.press('.to-privacy');
  await one.press('.export');
  await one.sees('.exported', '共 3000 条');
  assert.ok((await one.find('.export-text').innerText()).length < 25_000);
  await one.press('.export-copy');
  await one.sees('#toast', '内容已复制');
  const copied = await one.page.evaluate(() => window.copied.split('\n').length);
  assert.equal(copied, 3000);
});
