// What is about TLS itself. That everything else goes over it as well is the other tests' second
// round, which support/tls.mjs switches on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { test } from 'node:test';
import { until } from './support/patience.mjs';
import { Person, meet } from './support/person.mjs';
import { Server } from './support/server.mjs';
import { certify } from './support/tls.mjs';

const trusting = { rejectUnauthorized: false };

const nameShownBy = (port, options = {}) => new Promise((resolve, reject) => {
  const socket = connect({ host: '127.0.0.1', port, ...trusting, ...options }, () => {
    resolve(socket.getPeerCertificate().subject.CN);
    socket.destroy();
  });
  socket.on('error', reject);
});

const withTls = async (body) => {
  const folder = await mkdtemp(join(tmpdir(), 'onechat-tls-'));
  let server;
  try {
    const { flags } = certify(folder, 'first');
    server = await Server.start({ flags: ['--match-round', '20ms', ...flags] });
    await body(server, folder, server.url);
  } finally {
    await server?.remove();
    await rm(folder, { recursive: true, force: true });
  }
};

// In the place of the one that certify() made, with its key. Only `openssl ca` takes days gone by.
function certifyForThePast(folder) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(join(folder, 'serial'), '01\n');
  writeFileSync(join(folder, 'ca.cnf'), `[ca]\ndefault_ca=this\n[this]\ndatabase=index.txt
serial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n`);
  openssl('req', '-new', '-key', 'key.pem', '-subj', '/CN=old', '-out', 'request.pem');
  openssl('ca', '-selfsign', '-batch', '-notext', '-config', 'ca.cnf', '-in', 'request.pem',
    '-keyfile', 'key.pem', '-startdate', '20200101000000Z', '-enddate', '20210101000000Z',
    '-out', 'chain.pem');
}

test('two people meet and talk over wss, and whoever comes back goes on', () =>
  withTls(async (server, folder, url) => {
    const [one, two] = await Promise.all([
      Person.arrive(url, trusting), Person.arrive(url, trusting)]);
    await meet(one, two);
    const { seq } = await one.text('over TLS');
    assert.equal((await two.hears('event', (e) => e.text === 'over TLS')).seq, seq);
    const { epoch } = one.welcome;
    await one.vanish();
    await two.text('while you were away');
    const held = { pair: one.pair, seq, epoch };
    const back = await Person.arrive(url, { ...trusting, token: one.token, held });
    assert.equal((await back.hears('event')).text, 'while you were away');
  }));

test('a new certificate is shown after SIGHUP, a bad one is not, and nobody is dropped', () =>
  withTls(async (server, folder, url) => {
    const one = await Person.arrive(url, trusting);
    assert.equal(await nameShownBy(server.port), 'first');

    certify(folder, 'second');
    const logged = (what) => until(() => server.log.some((line) => line.includes(what)));
    server.process.kill('SIGHUP');
    await logged('certificate=done');
    assert.equal(await nameShownBy(server.port), 'second');
    assert.ok(!server.log.some((line) => line.includes('has expired')));

    certifyForThePast(folder);
    server.process.kill('SIGHUP');
    await logged('has expired on 2021-01-01');
    assert.equal(await nameShownBy(server.port), 'old');

    certify(folder, 'second');
    server.process.kill('SIGHUP');
    await until(async () => await nameShownBy(server.port) === 'second');
    await rm(join(folder, 'key.pem'));
    server.process.kill('SIGHUP');
    await logged('certificate=kept');
    assert.equal(await nameShownBy(server.port), 'second');
    await one.settled();
  }));

test('old versions are refused, and plain HTTP is told why', () =>
  withTls(async (server) => {
    await assert.rejects(nameShownBy(server.port, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }));
    const plain = await fetch(`http://${server.address}/healthz`);
    assert.equal(plain.status, 400);
    assert.match(await plain.text(), /tls_required/);
    assert.equal(await nameShownBy(server.port, { maxVersion: 'TLSv1.2' }), 'first');
  }));

test('a certificate without its key is refused at the start', async () => {
  await assert.rejects(Server.start({ flags: ['--tls-cert', '/nowhere/chain.pem'] }),
    /--tls-cert and --tls-key go together/);
});
