// Behind a real nginx and a real HAProxy, with the configurations of docs/examples: wss through
// them, whose address counts, and a restart that refuses nobody. Skipped where they are missing.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { HeldSocket } from './support/held_socket.mjs';
import { Person, meet } from './support/person.mjs';
import { Proxy, programs } from './support/real_proxy.mjs';
import { Server } from './support/server.mjs';
import { certify, cutOff } from './support/tls.mjs';

const quick = ['--match-round', '20ms', '--trusted-proxies', '127.0.0.1'];
const newcomers = 30;

// Runs `body` with onechat and a proxy before it.
async function withBoth(kind, flags, body) {
  const server = await Server.start({ flags: [...quick, ...flags] });
  let proxy;
  try {
    proxy = await Proxy.start(kind, server.address);
    await body(server, proxy, { ca: proxy.ca });
  } finally {
    await server.remove();
    await proxy?.remove();
  }
}

for (const kind of ['nginx', 'haproxy']) {
  const wanted = { skip: programs[kind] ? false : `${kind} is not installed` };

  test(`${kind}: two people meet and talk over wss, and whoever comes back goes on`, wanted, () =>
    withBoth(kind, [], async (server, proxy, trusting) => {
      const [one, two] = await Promise.all([
        Person.arrive(proxy.url, trusting), Person.arrive(proxy.url, trusting)]);
      await meet(one, two);
      const { seq } = await one.text('through the proxy');
      assert.equal((await two.hears('event', (e) => e.text === 'through the proxy')).seq, seq);
      assert.equal(one.socket.protocol, 'onechat.v1');
      const held = { pair: one.pair, seq, epoch: one.welcome.epoch };
      await one.vanish();
      await two.hears('partner', (partner) => partner.state === 'away');
      await two.text('while you were away');
      const back = await Person.arrive(proxy.url, { ...trusting, token: one.token, held });
      assert.equal((await back.hears('event')).text, 'while you were away');
    }));

  test(`${kind}: the limits per address count people, not the proxy`, wanted, () =>
    withBoth(kind, ['--guest-logins-burst', '1', '--guest-logins-rate', '1/h'],
      async (server, proxy, trusting) => {
        const from = (localAddress, headers = {}) =>
          Person.connect(proxy.url, { ...trusting, localAddress, headers });
        const asGuest = async (person) => {
          person.say({ t: 'hello', v: 1, login: { provider: 'guest' } });
          return Promise.race([
            person.hears('welcome').then(() => 'welcome', () => 'closed'),
            person.hears('error').then((error) => error.code, () => 'closed')]);
        };
        assert.equal(await asGuest(await from('127.0.0.2')), 'welcome');
        assert.equal(await asGuest(await from('127.0.0.2')), 'rate_limited');
        assert.equal(await asGuest(await from('127.0.0.3')), 'welcome');
        const liar = await from('127.0.0.3', { 'X-Forwarded-For': '127.0.0.77' });
        assert.equal(await asGuest(liar), 'rate_limited', 'what a client writes is not believed');
      }));

  test(`${kind}: a person too many of one address is told so`, wanted, () =>
    withBoth(kind, ['--connections-per-address', '1'], async (server, proxy, trusting) => {
      const from = (localAddress) => Person.connect(proxy.url, { ...trusting, localAddress });
      await from('127.0.0.2');
      await assert.rejects(from('127.0.0.2'), /429/);
      await from('127.0.0.3');
    }));

  test(`${kind}: the pages and the state come through`, wanted, () =>
    withBoth(kind, [], async (server, proxy) => {
      const { get } = await import('node:https');
      const status = await new Promise((resolve, reject) => {
        get({ host: '127.0.0.1', port: proxy.port, path: '/readyz', ca: proxy.ca }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        }).on('error', reject);
      });
      assert.equal(status, 200);
    }));

  test(`${kind}: with a held socket a restart refuses nobody`, wanted, async () => {
    const data = await mkdtemp(join(tmpdir(), 'onechat-'));
    const held = await HeldSocket.listen([
      '--admin-listen', 'off', '--data', data, '--rate-limits', 'off', ...quick]);
    let proxy;
    try {
      proxy = await Proxy.start(kind, held.address);
      await held.start();
      await everybodyComesBack(proxy, held);
      await held.stop();
    } finally {
      await held.close();
      await proxy?.remove();
      await rm(data, { recursive: true, force: true });
    }
  });
}

// While people talk the server goes and the next one comes; both those who were there and those
// who come in that moment are served at their first attempt.
async function everybodyComesBack(proxy, held) {
  const trusting = { ca: proxy.ca };
  const [one, two] = await Promise.all([
    Person.arrive(proxy.url, trusting), Person.arrive(proxy.url, trusting)]);
  await meet(one, two);
  await one.text('before');

  await held.drain();
  const bye = await one.hears('bye');
  assert.equal(bye.code, 4000);
  assert.ok(bye.retry_ms >= 0);
  const arriving = Array.from({ length: newcomers }, () => Person.arrive(proxy.url, trusting));
  await held.ended();
  arriving.push(Person.arrive(proxy.url, { ...trusting, token: one.token }));
  arriving.push(Person.arrive(proxy.url, { ...trusting, token: two.token }));
  await held.start();

  const people = await Promise.all(arriving);
  assert.equal(people.length, newcomers + 2);
  const [again] = people.slice(-2);
  assert.equal(again.pair, one.pair);
  await again.text('after');
}

const withHaproxy = { skip: programs.haproxy ? false : 'haproxy is not installed' };

test('haproxy: TLS goes through to onechat, and a PROXY header says whose it is', withHaproxy,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onechat-tls-'));
    let server;
    let proxy;
    try {
      const { flags, certificate } = certify(folder);
      server = await Server.start({ flags: [...quick, ...flags, '--proxy-protocol', 'on',
        '--connections-per-address', '1'] });
      proxy = await Proxy.start('haproxy', server.address, { example: 'haproxy-tcp.cfg' });
      const trusting = { ca: await readFile(certificate) };
      const from = (localAddress) => Person.arrive(proxy.url, { ...trusting, localAddress });
      const [one, two] = await Promise.all([from('127.0.0.2'), from('127.0.0.3')]);
      await assert.rejects(from('127.0.0.2'), cutOff);
      await meet(one, two);
      await one.text('through the proxy');
      await two.hears('event', (event) => event.text === 'through the proxy');
    } finally {
      await proxy?.remove();
      await server?.remove();
      await rm(folder, { recursive: true, force: true });
    }
  });

test('haproxy: without a held socket newcomers wait in it until the next server listens',
  withHaproxy, async () => {
    const first = await Server.start({ flags: quick });
    const { data, address } = first;
    let proxy;
    let second;
    try {
      proxy = await Proxy.start('haproxy', address);
      const trusting = { ca: proxy.ca };
      const one = await Person.arrive(proxy.url, trusting);
      assert.equal(await first.stop(), 0);
      assert.equal((await one.hears('bye')).code, 4000);
      const arriving = Array.from({ length: newcomers }, () => Person.arrive(proxy.url, trusting));
      second = await Server.start({ flags: quick, data, listen: address });
      assert.equal((await Promise.all(arriving)).length, newcomers);
    } finally {
      await proxy?.remove();
      await first.remove();
      await second?.remove();
      await rm(data, { recursive: true, force: true });
    }
  });
