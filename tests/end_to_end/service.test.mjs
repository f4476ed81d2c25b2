// The server as a service: what it says of its state, how it ends, and how the next one takes over.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { get as plainGet } from 'node:http';
import { get as secureGet } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect as connectOverTls } from 'node:tls';
import { HeldSocket } from './support/held_socket.mjs';
import { isSanitized, until } from './support/patience.mjs';
import { Person, couple } from './support/person.mjs';
import { ResumingPerson } from './support/resuming_person.mjs';
import { Record } from './support/record.mjs';
import { Server, binary, withServer } from './support/server.mjs';
import { overTls, tlsFlags, trusting } from './support/tls.mjs';

const quick = ['--match-round', '20ms', '--rate-limits', 'off'];

const stateOf = async (server) => {
  const answer = await fetch(`${server.adminHome}/readyz`);
  return [answer.status, await answer.text()];
};

// The same of the public port.
const publicStateOf = (server) => new Promise((resolve, reject) => {
  const get = overTls ? secureGet : plainGet;
  get(`${server.home}/readyz`, trusting, (answer) => {
    let said = '';
    answer.on('data', (bytes) => { said += bytes; });
    answer.on('end', () => resolve([answer.statusCode, said, answer.headers['cache-control']]));
  }).on('error', reject);
});

// Connected, and deaf to every goodbye: it holds a drain up to its end.
function deafClient(server) {
  return new Promise((resolve, reject) => {
    const where = { host: '127.0.0.1', port: server.port, ...trusting };
    const socket = (overTls ? connectOverTls : connect)(where, () => {
      socket.write('GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n');
      socket.once('data', () => {
        socket.pause();
        resolve(socket);
      });
    });
    socket.once('error', reject);
  });
}

test('it is ready until it drains, and says so on both ports', () =>
  withServer({ flags: quick }, async (server) => {
    assert.deepEqual(await publicStateOf(server), [200, 'ready\n', 'no-store']);
    assert.deepEqual(await stateOf(server), [200, 'ready\n']);

    const deaf = await deafClient(server);
    server.process.kill('SIGTERM');
    await until(() => server.log.some((line) => line.includes(' drain ')));
    assert.deepEqual(await stateOf(server), [503, 'restarting\n']);
    assert.equal((await fetch(`${server.adminHome}/metrics`)).status, 200);
    deaf.destroy();
    assert.equal((await server.exited).code, 0);
  }));

test('a second SIGTERM ends at once, whoever has not left yet', () =>
  withServer({ flags: quick }, async (server) => {
    const deaf = await deafClient(server);
    server.process.kill('SIGTERM');
    await until(() => server.log.some((line) => line.includes(' drain ')));
    const asked = performance.now();
    server.process.kill('SIGTERM');
    assert.deepEqual(await server.exited, { code: 0, signal: null });
    assert.ok(performance.now() - asked < 2000, 'long before the 8 s of a drain are over');
    deaf.destroy();
  }));

test('SIGTERM up to its last moment changes nothing of its end', async () => {
  for (let round = 0; round < 10; round += 1) {
    await withServer({ flags: quick }, async (server) => {
      while (server.process.kill('SIGTERM')) await new Promise(setImmediate);
      assert.deepEqual(await server.exited, { code: 0, signal: null });
    });
  }
});

test('no acked text is lost when SIGTERM comes twice in the midst of texts', async (context) => {
  const breaches = [];
  let server = await Server.start({ flags: quick });
  const { data } = server;
  const rounds = isSanitized || overTls ? 3 : 10;
  try {
    const people = ['a', 'b'].map((name) => new ResumingPerson(name, breaches));
    await Promise.all(people.map((one) => one.connect(server.url)));
    await Promise.all(people.map((one) => one.find()));
    for (const one of people) one.talk();
    for (let round = 0; round < rounds; round += 1) {
      const before = people.map((one) => one.acks);
      await Promise.all(
        people.map((one, n) => one.until(() => one.acks > before[n] + 50, 'traffic goes on')));
      const deaf = await deafClient(server);
      server.process.kill('SIGTERM');
      await Promise.race([server.exited,
        until(() => server.log.some((line) => line.includes(' drain ')))]);
      server.process.kill('SIGTERM');
      assert.equal((await server.exited).code, 0);
      deaf.destroy();
      await Promise.all(people.map((one) => one.gone));
      server = await Server.start({ flags: quick, data });
      await Promise.all(people.map((one) => one.connect(server.url)));
    }
    for (const one of people) one.talk(0);
    await Promise.all(people.map((one) => one.until(() => one.isSettled, 'every text is acked')));
    const [one, two] = people;
    await one.until(() => one.record.through >= two.record.through, 'all is shown');
    await two.until(() => two.record.through >= one.record.through, 'all is shown');
    Record.compare(one.record, two.record);
    for (const said of people) {
      one.record.check(said.record.promised);
      two.record.check(said.record.promised);
    }
    context.diagnostic(`rounds=${rounds} texts_acked=${one.acks + two.acks}`);
    assert.deepEqual(breaches, []);
  } finally {
    await server.remove();
    await rm(data, { recursive: true, force: true });
  }
});

test('with --log-format json every line is an object', async () => {
  const data = await mkdtemp(join(tmpdir(), 'onechat "quoted"\n'));
  const args = ['serve', '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0', '--data', data,
    '--log-format', 'json', '--log-level', 'debug', ...tlsFlags];
  const server = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    let said = '';
    server.stderr.on('data', (bytes) => {
      said += bytes;
    });
    const exited = new Promise((resolve) => server.once('exit', resolve));
    await until(() => said.includes('"ready"'));
    server.kill('SIGHUP');
    await until(() => said.includes('"reload"'));
    const second = spawn(binary, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    second.stderr.on('data', (bytes) => {
      complaint += bytes;
    });
    assert.equal(await new Promise((resolve) => second.once('close', resolve)), 1);
    server.kill('SIGTERM');
    assert.equal(await exited, 0);

    const lines = said.trimEnd().split('\n').map((line) => JSON.parse(line));
    const events = lines.map((line) => line.event);
    assert.deepEqual(events, ['start', 'admin', 'ready', 'reload', 'drain', 'end']);
    assert.equal(lines[0].data, data);
    assert.match(lines[2].listen, /^127\.0\.0\.1:\d+$/);
    assert.equal(lines[5].status, 0);
    for (const line of lines) {
      assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.equal(line.level, 'info');
    }
    const failure = JSON.parse(complaint);
    assert.deepEqual([failure.level, failure.event], ['error', 'failure']);
    assert.match(failure.reason, /in use by another onechat/);
  } finally {
    server.kill('SIGKILL');
    await rm(data, { recursive: true, force: true });
  }
});

test('a held socket keeps newcomers waiting while one server hands over to the next', async () => {
  const data = await mkdtemp(join(tmpdir(), 'onechat-'));
  const held = await HeldSocket.listen([
    '--listen', '127.0.0.1:1', '--admin-listen', 'off', '--data', data, ...quick, ...tlsFlags]);
  try {
    const url = `${overTls ? 'wss' : 'ws'}://${held.address}/ws`;
    await held.start();
    const [one, two] = await couple(url);
    await one.text('before');

    await held.drain();
    const bye = await one.hears('bye');
    assert.deepEqual([bye.code, (await one.closed).code], [4000, 4000]);
    await two.closed;
    await held.ended();
    const newcomers = Array.from({ length: 50 }, () => Person.arrive(url));
    const back = Person.arrive(url, { token: one.token });
    await held.start();

    assert.equal((await Promise.all(newcomers)).length, 50);
    assert.equal((await back).pair, one.pair);
    await held.stop();
  } finally {
    await held.close();
    await rm(data, { recursive: true, force: true });
  }
});

// Node has no datagram sockets in the file system, so what systemd hears is looked at in
// tests/server/supervisor.cpp. Here: that an address of nobody hinders nothing.
test('a service manager that does not listen hinders nothing', () =>
  withServer({
    flags: quick,
    env: {
      NOTIFY_SOCKET: '/nowhere/notify', WATCHDOG_USEC: '1000', LISTEN_FDS: '1', LISTEN_PID: '1',
    },
  }, async (server) => {
    assert.deepEqual(await stateOf(server), [200, 'ready\n']);
    assert.equal(await server.stop(), 0);
  }));
