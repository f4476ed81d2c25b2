// The local filter through the front door: what is masked, refused and flagged, for texts and for
// nicknames, and that new words are taken without losing a text.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Operator } from './support/operator.mjs';
import { Person, couple, meet } from './support/person.mjs';
import { Server, withServer } from './support/server.mjs';

const quick = ['--match-round', '20ms', '--rematch-after', '0s', '--rate-limits', 'off'];

const withWords = async (words, body) => {
  const folder = await mkdtemp(join(tmpdir(), 'onechat-words-'));
  const file = join(folder, 'words.txt');
  await writeFile(file, words);
  try {
    await withServer({ flags: [...quick, '--moderation-words', file] },
      (server) => body(server, file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const reload = async (server, outcome) => {
  const seen = server.log.length;
  server.process.kill('SIGHUP');
  while (!server.log.slice(seen).some((line) => line.includes(outcome))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

const refused = async (who, text) => {
  const cid = ++who.cid;
  who.say({ t: 'say', cid, text, pair: who.pair });
  return who.hears('nack', (nack) => nack.cid === cid);
};

test('without any setting a number is masked, an offer refused, and pain passes', () =>
  withServer({ flags: quick }, async (server) => {
    const [one, two] = await couple(server.url);
    await one.text('打我 138-0013-8000 吧');
    assert.equal((await two.hears('event', (e) => e.kind === 'text')).text, '打我 ************* 吧');
    assert.equal((await refused(one, '来*裸*聊*吗')).code, 'blocked_text');
    await one.text('我不想活了');
    assert.equal((await two.hears('event', (e) => e.kind === 'text')).text, '我不想活了');
    await one.settled();
    const { body } = await fetch(`${server.adminHome}/metrics`).then(async (r) => ({
      body: await r.text() }));
    assert.match(body, /onechat_filter_verdicts_total\{verdict="mask"\} 1\n/);
    assert.match(body, /onechat_filter_verdicts_total\{verdict="reject"\} 1\n/);
    assert.ok(!server.log.some((line) => /138|裸|不想活/.test(line)));
  }));

test('a nickname with a contact is refused, and one without is shown', () =>
  withServer({ flags: quick }, async (server) => {
    const one = await Person.arrive(server.url);
    one.say({ t: 'find', nickname: 'vx 12345', rid: 7 });
    const error = await one.hears('error');
    assert.deepEqual([error.code, error.rid], ['blocked_text', 7]);
    const two = await Person.arrive(server.url);
    const [heard] = await meet(two, one, { nickname: '小明' });
    assert.equal(heard.partner.nickname, '小明');
  }));

test('new words are taken on SIGHUP, bad ones are not, and no text is lost', () =>
  withWords('reject 坏词\n', async (server, file) => {
    const [one, two] = await couple(server.url);
    assert.equal((await refused(one, '坏词')).code, 'blocked_text');

    await writeFile(file, 'reject 新词\n');
    const acks = Array.from({ length: 50 }, (_, n) => one.text(`第${n}句`));
    await reload(server, 'words=done');
    assert.equal((await Promise.all(acks)).length, 50);
    await one.text('坏词');
    assert.equal((await refused(one, '新词')).code, 'blocked_text');

    await writeFile(file, 'reject 更新\nforbid x\n');
    await reload(server, 'words=kept');
    assert.ok(server.log.some((line) => line.includes(`${file}:2: `)));
    assert.equal((await refused(one, '新词')).code, 'blocked_text');
    await one.text('更新');
    await two.hears('event', (e) => e.text === '更新');
    const texts = two.events().filter((e) => e.kind === 'text').map((e) => e.text);
    assert.deepEqual(texts,
      [...Array.from({ length: 50 }, (_, n) => `第${n}句`), '坏词', '更新']);
  }));

test('a server with bad words does not start, and says where they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onechat-words-'));
  const file = join(folder, 'words.txt');
  await writeFile(file, '# words\nforbid x\nmask\n');
  try {
    await assert.rejects(Server.start({ flags: ['--moderation-words', file] }),
      new RegExp(`${file}:2: [^]*${file}:3: `));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('what the filter flags is listed for moderators, without its words', () =>
  withWords('flag 借钱\n', async (server) => {
    const owner = await Operator.of(server);
    const [one] = await couple(server.url);
    await one.text('你好');
    await one.text('能借钱吗');
    await one.text('再见'); // its ack is behind the flag

    const { text, body } = await owner.ask('GET', '/flags', { why: null });

    assert.deepEqual(body.flags.map((flag) => [flag.pair, flag.seq, flag.source]),
      [['1', 3, 'filter']]);
    assert.ok(!text.includes('借钱'));
    assert.match((await owner.command('flags')).stdout, /^\d+ +1 +3 +filter /m);
  }));
