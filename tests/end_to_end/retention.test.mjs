// What is kept only for a term: texts and records, and who came from where.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Operator } from './support/operator.mjs';
import { until } from './support/patience.mjs';
import { Person, couple } from './support/person.mjs';
import { nackOf, pairBy, say, textTo, withPlatforms } from './support/platforms.mjs';
import { binary, withServer } from './support/server.mjs';

const flags = ['--match-round', '20ms', '--rematch-after', '0s'];
const secret = 'a-sentence-that-only-ann-would-say';

const ask = async (person, message, answer) => {
  person.say(message);
  return person.hears(answer);
};

const holding = async (data, bytes) => {
  const found = [];
  for (const entry of await readdir(data, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    if ((await readFile(join(data, entry.name))).includes(bytes)) found.push(entry.name);
  }
  return found;
};

test('texts older than their term are read by nobody and in no file, and the chat goes on', () =>
  withServer({ flags: [...flags, '--keep-texts', '2s'] }, async (server) => {
    const [ann, ben] = await couple(server.url);
    await ann.text(secret);
    await ben.text('an answer');
    await until(async () => {
      const page = await ask(ben, { t: 'history', pair: ben.pair }, 'history');
      return page.events.length === 0 && page.more === false;
    });
    await until(async () => (await holding(server.data, secret)).length === 0);

    const { seq } = await ann.text('the next');

    assert.equal(seq, 4);
    assert.equal((await ben.hears('event', (e) => e.seq === 4)).text, 'the next');
    await ben.vanish();
    const held = { pair: ben.pair, seq: 3, epoch: ben.welcome.epoch };
    const back = await Person.arrive(server.url, { token: ben.token, held });
    assert.equal(back.welcome.held.keep, 3);
    assert.equal(back.welcome.held.gap, undefined);
    assert.equal((await back.hears('event')).seq, 4);
    ann.say({ t: 'leave' });
    await ann.hears('idle');
    await until(async () => (await ask(ann, { t: 'pairs' }, 'pairs')).pairs.length === 0);
  }));

test('a text that is said again after it was cut and the server was killed is stored once', () =>
  withServer({ flags: [...flags, '--keep-texts', '2s'] }, async (server) => {
    const [ann, ben] = await couple(server.url);
    await ann.text(secret);
    await until(async () => (await holding(server.data, secret)).length === 0);
    await server.kill();
    await withServer({ flags, data: server.data }, async (again) => {
      const back = await Person.arrive(again.url, { token: ann.token });
      assert.equal(back.welcome.pair.last_cid, 1);
      back.say({ t: 'say', cid: 1, text: secret, pair: ben.pair });
      const ack = await back.hears('ack');
      assert.deepEqual([ack.seq, ack.dup], [2, true]);
    });
  }));

test('whoever comes back with less than was cut is told of a gap', () =>
  withServer({ flags: [...flags, '--keep-texts', '2s'] }, async (server) => {
    const [ann, ben] = await couple(server.url);
    await ann.text('one');
    await ann.text('two');
    await ben.vanish();
    await until(async () =>
      (await ask(ann, { t: 'history', pair: ann.pair }, 'history')).events.length === 0);
    await ann.text('three');
    const held = { pair: ben.pair, seq: 2, epoch: ben.welcome.epoch };
    const back = await Person.arrive(server.url, { token: ben.token, held });
    assert.deepEqual([back.welcome.held.keep, back.welcome.held.gap], [2, true]);
    assert.equal((await back.hears('event')).seq, 4);
  }));

test('without a term texts stay', () =>
  withServer({ flags }, async ({ url }) => {
    const [ann] = await couple(url);
    await ann.text('kept');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const page = await ask(ann, { t: 'history', pair: ann.pair }, 'history');
    assert.equal(page.events.length, 2);
  }));

test('who came from where is noted when it is asked for, for the term that the receipt tells', () =>
  withServer({ flags: [...flags, '--keep-access', '180d'] }, async (server) => {
    const before = Date.now();
    const [ann] = await couple(server.url);
    const owner = await Operator.of(server);
    const { receipt } = await ask(ann, { t: 'erase', confirm: true }, 'erased');
    const kept = receipt.kept.find((item) => item.what === 'access');
    assert.ok(Math.abs(kept.until - before - 180 * 86_400_000) < 60_000);
    const erased = async () =>
      (await owner.get('/users')).users.find((user) => user.state === 'erased');
    const { id } = await erased();
    await until(async () => (await owner.get(`/users/${id}/access`)).entries.length === 3);
    const { entries } = await owner.get(`/users/${id}/access`);
    assert.deepEqual(entries.map((one) => one.action), ['close', 'erase', 'login']);
    assert.ok(entries.every((one) => one.address === '127.0.0.1' && one.port > 0));
  }));

test('access is noted only when it is asked for, and old notes go when it no longer is', () =>
  withServer({ flags: [...flags, '--keep-access', '0s'] }, async (server) => {
    const owner = await Operator.of(server);
    await couple(server.url);
    const [{ id }] = (await owner.get('/users')).users;
    assert.equal((await owner.get(`/users/${id}/access`)).entries.length, 1);
    await server.stop();
    await withServer({ flags, data: server.data }, async (again) => {
      const now = new Operator(again, owner.token);
      assert.equal((await now.get(`/users/${id}/access`)).entries.length, 0);
      const [ann] = await couple(again.url);
      const { receipt } = await ask(ann, { t: 'erase', confirm: true }, 'erased');
      assert.ok(!receipt.kept.some((item) => item.what === 'access'));
    });
  }));

test('the profile for China lets no guest in, has texts looked at, and notes who came', () =>
  withPlatforms(['--profile', 'cn-miniprogram'], async (server, tencent) => {
    const guest = await Person.connect(server.url);
    guest.say({ t: 'hello', v: 1, login: { provider: 'guest' } });
    assert.equal((await guest.hears('error')).code, 'login_failed');

    const [ada, bob] = await pairBy(server, tencent);
    const cid = say(ada, 'a risky text');
    assert.equal((await nackOf(ada, cid)).code, 'blocked_text');
    await ada.text('a kind one');
    assert.equal((await textTo(bob)).text, 'a kind one');

    const owner = await Operator.of(server);
    const { users } = await owner.get('/users');
    const { entries } = await owner.get(`/users/${users[0].id}/access`);
    assert.deepEqual(entries.map(({ action, address }) => [action, address]),
      [['login', '127.0.0.1']]);
  }));

test('a profile shows what it came to, and is refused where nobody could log in', () => {
  const profile = ['--profile', 'cn-miniprogram'];
  const check = (...args) => spawnSync(binary, ['check-config', ...profile, ...args],
    { encoding: 'utf8', env: { ...process.env, ONECHAT_WECHAT_SECRET: 'of-nobody' } });
  const right = check('--wechat-appid', 'wx1', '--keep-reports', '30d');
  assert.equal(right.status, 0, right.stderr);
  for (const line of ['keep-texts = "180d"  # profile cn-miniprogram',
    'keep-access = "190d"  # profile cn-miniprogram', 'guests = "off"  # profile cn-miniprogram',
    'keep-reports = "30d"  # flag']) {
    assert.ok(right.stdout.includes(line), line);
  }
  const wrong = check('--wechat-appid', 'wx1', '--keep-access', 'off');
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /^--keep-access: With the profile cn-miniprogram it is kept for 184d/);
  const nobody = spawnSync(binary, ['serve', ...profile], { encoding: 'utf8' });
  assert.equal(nobody.status, 2);
  assert.match(nobody.stderr, /^--profile: People come with an account of WeChat or QQ/);
});
