import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { Person, couple } from './support/person.mjs';
import { withServer } from './support/server.mjs';

const quick = { flags: ['--match-round', '20ms', '--log-level', 'debug'] };

test('no frame tells who or where the partner is', () =>
  withServer(quick, async (server) => {
    const [one, two] = await couple(server.url, { nickname: '阿云' });
    await one.text('在吗');
    await two.hears('event');
    two.say({ t: 'leave' });
    await one.hears('partner');

    const secrets = [two.token, two.token.slice(0, 44), '127.0.0.1', 'openid', 'user_id'];
    for (const frame of one.raw) {
      for (const secret of secrets) assert.ok(!frame.includes(secret), `${secret} in ${frame}`);
    }
    const keys = new Set(one.all.flatMap((message) => Object.keys(message)));
    for (const key of ['user', 'uid', 'account', 'ip', 'address']) assert.ok(!keys.has(key));
  }));

test('nothing that is read or exported tells of the partner what they did not say', () =>
  withServer(quick, async (server) => {
    const [one, two] = await couple(server.url, { nickname: '阿云' });
    await two.text('我的话');
    await one.text('我自己的话');
    two.say({ t: 'report', pair: two.pair, reason: 'abuse', note: '悄悄举报' });
    await two.hears('reported');
    two.say({ t: 'block', pair: two.pair });
    await two.hears('blocked');
    for (const t of ['history', 'pairs', 'export']) one.say({ t, pair: one.pair });
    await one.hears('history');
    const { pairs } = await one.hears('pairs');
    await one.hears('exported', (page) => !page.more);

    assert.deepEqual(Object.keys(pairs[0].partner), ['alias', 'avatar']);
    assert.equal(pairs[0].blocked, false);
    const secrets = [two.token, two.token.slice(0, 44), '127.0.0.1', 'openid', '悄悄举报'];
    for (const frame of one.raw) {
      for (const secret of secrets) assert.ok(!frame.includes(secret), `${secret} in ${frame}`);
    }
    const exported = one.raw.filter((frame) => frame.startsWith('{"t":"exported"')).join();
    assert.ok(exported.includes('我自己的话'));
    assert.ok(!exported.includes('我的话"'));
  }));

test('texts, nicknames, tokens and addresses are not in the log', () =>
  withServer(quick, async (server) => {
    const [one] = await couple(server.url, { nickname: '独一无二的名字' });
    await one.text('只对你说的话');
    const other = await Person.connect(server.url);
    other.say({ t: 'hello', v: 1, token: 'x'.repeat(88) });
    await other.closed;
    await server.stop();

    const log = server.log.join('\n');
    for (const secret of ['独一无二的名字', '只对你说的话', one.token, 'x'.repeat(88)]) {
      assert.ok(!log.includes(secret));
    }
  }));

test('a nickname is not in the database', () =>
  withServer(quick, async (server) => {
    const [one] = await couple(server.url, { nickname: '独一无二的名字' });
    await one.text('这句话在');
    await server.stop();

    const files = await Promise.all(['onechat.db', 'onechat.db-wal'].map((name) =>
      readFile(join(server.data, name)).catch(() => Buffer.alloc(0))));
    const bytes = Buffer.concat(files);
    assert.ok(bytes.includes(Buffer.from('这句话在')), 'the search would find it');
    assert.ok(!bytes.includes(Buffer.from('独一无二的名字')));
  }));
