// `onechat doctor` on a machine that is well, and on what an operator gets wrong.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { binary, withServer } from './support/server.mjs';
import { certify } from './support/tls.mjs';


// What it says about each thing, as { about: [[word, sentence], ...] }.
async function consult(data, ...flags) {
  const listen = flags.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
  const run = spawn(binary,
    ['doctor', '--data', data, '--admin-listen', '127.0.0.1:0', ...listen, ...flags]);
  let told = '';
  let complaint = '';
  run.stdout.on('data', (bytes) => {
    told += bytes;
  });
  run.stderr.on('data', (bytes) => {
    complaint += bytes;
  });
  const status = await new Promise((resolve) => run.once('close', resolve));
  const lines = told.trimEnd().split('\n');
  const last = lines.pop();
  const said = {};
  for (const line of lines) {
    const [, word, about, sentence] = /^(well|LOOK|WRONG) +(\S+(?: \S+)*) {2,}(.*)$/.exec(line) ??
      assert.fail(`not a finding: ${line}`);
    (said[about] ??= []).push([word, sentence]);
  }
  return { status, said, last, complaint };
}

const withFolder = async (body) => {
  const folder = await mkdtemp(join(tmpdir(), 'onechat-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

test('before the first start nothing is wrong, and nothing is made', () =>
  withFolder(async (folder) => {
    const { status, said, last } = await consult(join(folder, 'data'));
    assert.equal(status, 0, JSON.stringify(said));
    assert.match(last, /^0 wrong, \d+ to look at$/);
    assert.match(said['data folder'][0][1], /made at the first start/);
    assert.deepEqual(Object.keys(said), ['settings', 'data folder', 'disk', 'clock', 'certificate',
      'port', "operator's port", 'platforms', 'open files', 'backlog']);
    assert.deepEqual(await readdir(folder), []);
  }));

test('beside a running server its ports are its own', () =>
  withServer({}, async (server) => {
    const { status, said } = await consult(server.data, '--listen', server.address);
    assert.equal(status, 0, JSON.stringify(said));
    assert.match(said.ports[0][1], /A server runs/);
    assert.equal(said.database[0][0], 'well');
    assert.equal(await server.stop(), 0);
  }));

test('keys that others can read are wrong', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'keys'), 'secret');
    await chmod(join(folder, 'keys'), 0o644);
    const { status, said, last } = await consult(folder);
    assert.equal(status, 1);
    assert.match(last, /^1 wrong/);
    assert.match(said['data folder'][0][1], /keys can be read by others/);
  }));

test('a port of somebody else is wrong', () =>
  withFolder(async (folder) => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { status, said } = await consult(folder, '--listen', `127.0.0.1:${other.address().port}`);
    other.close();
    assert.equal(status, 1);
    assert.equal(said.port[0][0], 'WRONG');
  }));

test('a certificate is looked at: its end, its chain, its key', () =>
  withFolder(async (folder) => {
    const { flags, key } = certify(folder, 'chat.example.org');
    const own = await consult(join(folder, 'data'), ...flags);
    assert.equal(own.status, 0, JSON.stringify(own.said));
    assert.deepEqual(own.said.certificate.map(([word]) => word), ['LOOK', 'LOOK']);
    assert.match(own.said.certificate[0][1], /ends in 1 days/);
    assert.match(own.said.certificate[1][1], /does not believe it/);
    await chmod(key, 0o644);
    const open = await consult(join(folder, 'data'), ...flags);
    assert.equal(open.status, 1);
    assert.match(open.said.certificate[0][1], /open to every user/);
  }));

test('a platform that is set up is called, and one that cannot be trusted is wrong', () =>
  withFolder(async (folder) => {
    const { certificate, key } = certify(folder);
    const secret = join(folder, 'secret');
    await writeFile(secret, 'very-secret\n', { mode: 0o600 });
    const platform = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) },
      (request, answer) => answer.writeHead(404).end());
    await new Promise((resolve) => platform.listen(0, '127.0.0.1', resolve));
    const flags = ['--wechat-appid', 'wx0123456789abcdef', '--wechat-secret-file', secret,
      '--wechat-api', `https://127.0.0.1:${platform.address().port}`];
    const data = join(folder, 'data');
    const trusted = await consult(data, ...flags, '--platform-ca', certificate);
    const untrusted = await consult(data, ...flags);
    await new Promise((resolve) => platform.close(resolve));
    const gone = await consult(data, ...flags, '--platform-ca', certificate);
    await chmod(secret, 0o644);
    const open = await consult(data, ...flags, '--platform-ca', certificate);
    assert.match(open.said.secrets[0][1], /secret/);
    assert.equal(open.said.secrets[0][0], 'WRONG');
    assert.equal(trusted.status, 0, JSON.stringify(trusted.said));
    assert.deepEqual(trusted.said.WeChat, [['well', '127.0.0.1 answers.']]);
    for (const { status, said } of [untrusted, gone]) {
      assert.equal(status, 1);
      assert.equal(said.WeChat[0][0], 'WRONG');
      assert.match(said.WeChat[0][1], /logins through it will fail/);
      assert.ok(!JSON.stringify(said).includes('very-secret'));
    }
  }));

test('what keeps `serve` from starting is wrong', () =>
  withFolder(async (folder) => {
    const data = join(folder, 'data');
    for (const [flags, sentence] of [
      [['--moderation-words', join(folder, 'missing')], /missing/],
      [['--proxy-protocol', 'on'], /needs trusted-proxies/],
    ]) {
      const { status, said } = await consult(data, ...flags);
      assert.equal(status, 1, JSON.stringify(said));
      assert.match(said.settings.find(([word]) => word === 'WRONG')[1], sentence);
    }
  }));

test('a folder that does not belong together is wrong', () =>
  withServer({}, async (server) => {
    await server.kill();
    await rename(join(server.data, 'keys'), join(server.data, 'keys.away'));
    const lacking = await consult(server.data);
    await rename(join(server.data, 'keys.away'), join(server.data, 'keys'));
    await writeFile(join(server.data, 'restore-under-way'), '', { mode: 0o600 });
    const torn = await consult(server.data);
    for (const [{ status, said }, sentence] of [[lacking, /keys are missing/],
      [torn, /restore was interrupted/]]) {
      assert.equal(status, 1);
      assert.match(JSON.stringify(said['data folder']), sentence);
    }
  }));

test('root is told what the service would find', { skip: process.getuid() !== 0 }, () =>
  withFolder(async (folder) => {
    const data = join(folder, 'data');
    const words = join(folder, 'words');
    await mkdir(data, { mode: 0o700 });
    await writeFile(words, 'mask word\n', { mode: 0o600 });
    const own = await consult(data, '--moderation-words', words);
    assert.equal(own.status, 0, JSON.stringify(own.said));
    assert.equal(own.said.user, undefined);
    await chown(data, 65534, 65534);
    await chmod(folder, 0o755);
    const { status, said } = await consult(data, '--moderation-words', words);
    assert.equal(status, 1, JSON.stringify(said));
    assert.match(said.user[0][1], /looked at as/);
    assert.match(said.settings.find(([word]) => word === 'WRONG')[1], /words/);
  }));

test('a wrong setting is told as `serve` would', () =>
  withFolder(async (folder) => {
    const { status, complaint } = await consult(folder, '--match-round', 'often');
    assert.equal(status, 2);
    assert.match(complaint, /match-round/);
  }));
