// Backups through the front door: made of a running server, verified, restored over a killed one.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { cp, open, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { Operator } from './support/operator.mjs';
import { Person, couple, meet } from './support/person.mjs';
import { Server, binary } from './support/server.mjs';

const flags = ['--match-round', '20ms', '--rematch-after', '0s'];
const run = promisify(execFile);

const ask = async (person, message, answer) => {
  person.say(message);
  return person.hears(answer);
};

const backUp = async (data, ...more) => {
  const { stdout } = await run(binary, ['backup', '--data', data, ...more]);
  return /^backup (.+)$/m.exec(stdout)[1];
};

// Refused: its status and what it says.
const refused = async (...args) => {
  try {
    await run(binary, args);
  } catch (failed) {
    return `${failed.code} ${failed.stderr}`;
  }
  return assert.fail(`${args.join(' ')} was not refused`);
};

const withData = async (body) => {
  const server = await Server.start({ flags });
  try {
    await body(server);
  } finally {
    await server.remove();
  }
};

test('who talked goes on where the backup was made, and what was erased since stays gone', () =>
  withData(async (server) => {
    const { data } = server;
    const [ann, ben] = await couple(server.url);
    const [cid, dan] = await couple(server.url);
    await cid.text('the secret of cid');
    for (let n = 1; n <= 5; n += 1) await ann.text(`kept ${n}`);
    const backup = await backUp(data);
    const { epoch } = ben.welcome;
    await ann.text('lost 1');
    await ben.text('lost 2');
    await ben.settled();
    await ask(cid, { t: 'erase', confirm: true }, 'erased');
    await server.kill();

    const { stdout } = await run(binary, ['restore', '--data', data, backup]);
    assert.match(stdout, /^restored schema=\d+ users=4 pairs=2 events=8 /m);
    const again = await Server.start({ flags, data });
    try {
      assert.ok(again.log.some((line) => line.includes('erased again=1')));
      const held = { pair: ben.pair, seq: 8, epoch };
      const back = await Person.arrive(again.url, { token: ben.token, held });
      assert.equal(back.welcome.held.keep, 6);
      assert.equal(back.welcome.held.gap, undefined);
      assert.ok(back.welcome.epoch > epoch);
      assert.equal(back.welcome.pair.pair, ben.pair);
      const sender = await Person.arrive(again.url, { token: ann.token });
      assert.equal(sender.welcome.pair.last_cid, 5);
      sender.pair = ann.pair;
      // The unacked or lost are said again, and the numbers go on from the restored record.
      sender.say({ t: 'say', cid: 5, text: 'kept 5', pair: ann.pair });
      assert.equal((await sender.hears('ack')).dup, true);
      assert.equal((await sender.text('lost 1')).seq, 7);
      assert.equal((await back.hears('event', (e) => e.kind === 'text')).text, 'lost 1');
      const page = await ask(back, { t: 'history', pair: ben.pair, limit: 100 }, 'history');
      assert.deepEqual(page.events.map((e) => e.seq), [1, 2, 3, 4, 5, 6, 7]);

      const gone = await Person.connect(again.url);
      gone.say({ t: 'hello', v: 1, token: cid.token });
      assert.equal((await gone.hears('bye')).code, 4501);
      const partner = await Person.arrive(again.url, { token: dan.token });
      const record = await ask(partner, { t: 'history', pair: dan.pair }, 'history');
      assert.equal(record.events.find((e) => e.kind === 'text').gone, 'erase');
    } finally {
      await again.kill();
    }
    // Another client's epoch was never one of the restored record's own: nothing newer is kept.
    const third = await Server.start({ flags, data });
    const late = await Person.arrive(third.url, {
      token: ben.token, held: { pair: ben.pair, seq: 8, epoch },
    });
    assert.equal(late.welcome.held.keep, 6);
    assert.equal((await late.hears('event')).text, 'lost 1');
    await third.kill();
  }));

test('a backup is private, and holds what it needs', () =>
  withData(async ({ data, url }) => {
    const [ann] = await couple(url);
    await ann.text('hello');
    const backup = await backUp(data);
    const names = await readdir(backup);
    for (const name of ['keys', 'manifest', 'onechat.db']) assert.ok(names.includes(name), name);
    for (const name of names) {
      assert.equal((await stat(join(backup, name))).mode & 0o777, 0o600, name);
    }
    assert.equal((await stat(backup)).mode & 0o777, 0o700);
    const { stdout } = await run(binary, ['backup', 'verify', backup]);
    assert.match(stdout, /^good schema=\d+ users=2 pairs=1 events=2 /);
  }));

test('a backup with one byte changed is neither good nor restored', () =>
  withData(async (server) => {
    const { data } = server;
    const backup = await backUp(data);
    const file = await open(join(backup, 'onechat.db'), 'r+');
    await file.write(Buffer.from('!'), 0, 1, 4000);
    await file.close();
    assert.match(await refused('backup', 'verify', backup), /^1 .*is not what it was/);
    await server.kill();
    const before = await readFile(join(data, 'onechat.db'));
    assert.match(await refused('restore', '--data', data, backup), /^1 .*is not what it was/);
    assert.deepEqual(await readFile(join(data, 'onechat.db')), before);
  }));

test('while a server runs nothing is restored or migrated', () =>
  withData(async ({ data }) => {
    const backup = await backUp(data);
    assert.match(await refused('restore', '--data', data, backup), /^1 .*in use/);
    assert.match(await refused('migrate', '--data', data), /^1 .*in use/);
  }));

test('a backup restored in another folder serves the same people', () =>
  withData(async (server) => {
    const [ann, ben] = await couple(server.url);
    await ann.text('hello');
    const backup = await backUp(server.data);
    await server.kill();
    const elsewhere = `${server.data}-elsewhere`;
    try {
      await run(binary, ['restore', '--data', elsewhere, backup]);
      const second = await Server.start({ flags, data: elsewhere });
      const back = await Person.arrive(second.url, { token: ben.token });
      assert.equal(back.welcome.pair.pair, ben.pair);
      assert.equal(back.welcome.pair.recent.at(-1).text, 'hello');
      await second.kill();
    } finally {
      await rm(elsewhere, { recursive: true, force: true });
    }
  }));

test('backups beyond the number to keep are removed, the oldest first', () =>
  withData(async ({ data }) => {
    const first = await backUp(data);
    await cp(first, join(data, 'backups', '2020-01-01T000000Z'), { recursive: true });
    await new Promise((resolve) => setTimeout(resolve, 1100)); // a name is a second
    const second = await backUp(data, '--keep', '2');
    const names = (await readdir(join(data, 'backups'))).filter((name) => name.endsWith('Z'));
    assert.deepEqual(names.sort(), [first, second].map((path) => path.split('/').at(-1)));
  }));

test('people talk on while backups are made, and no ack is missing', () =>
  withData(async ({ url, data }) => {
    const [ann, ben] = await Promise.all([Person.arrive(url), Person.arrive(url)]);
    await meet(ann, ben);
    let done = false;
    const talking = (async () => {
      for (let n = 0; !done; n += 1) {
        await ann.text(`text ${n}`);
        await new Promise((resolve) => setTimeout(resolve, 220)); // within the rate
      }
    })();
    const backup = await backUp(data);
    done = true;
    await talking;
    const { stdout } = await run(binary, ['backup', 'verify', backup]);
    assert.match(stdout, /^good /);
  }));

test('a dry migration says what would be, and changes nothing', () =>
  withData(async (server) => {
    assert.equal(await server.stop(), 0);
    const contents = async () => {
      const names = (await readdir(server.data)).sort();
      return Promise.all(names.map(async (name) =>
        [name, await readFile(join(server.data, name), 'base64')]));
    };
    const before = await contents();
    const { stdout } = await run(binary, ['migrate', '--data', server.data, '--dry-run']);
    assert.match(stdout, /^would-be schema=(\d+) from=\1 /);
    assert.deepEqual(await contents(), before);
    await run(binary, ['migrate', '--data', server.data]);
  }));

test('a database of a newer version is left as it is, and said to be one', () =>
  withData(async (server) => {
    assert.equal(await server.stop(), 0);
    const database = join(server.data, 'onechat.db');
    execFileSync('sqlite3', [database, 'pragma user_version = 999']);
    const before = await readFile(database, 'base64');

    await assert.rejects(Server.start({ data: server.data }), /by a newer version of onechat/);
    await assert.rejects(run(binary, ['migrate', '--data', server.data]), /by a newer version/);

    assert.equal(await readFile(database, 'base64'), before);
  }));

test('who was banned since the backup is banned again, and who was freed stays free', () =>
  withData(async (server) => {
    const { data } = server;
    const owner = await Operator.of(server);
    const [ann, ben] = await couple(server.url);
    await ann.text('hello');
    const [later, earlier] = (await owner.get('/users')).users.map((user) => user.id);
    const ban = { body: { days: 7 }, why: 'for a test' };
    assert.equal((await owner.ask('POST', `/users/${later}/ban`, ban)).status, 200);
    const backup = await backUp(data);
    assert.equal((await owner.ask('DELETE', `/users/${later}/ban`)).status, 200);
    assert.equal((await owner.ask('POST', `/users/${earlier}/ban`, ban)).status, 200);
    await server.kill();

    await run(binary, ['restore', '--data', data, backup]);
    const again = await Server.start({ flags, data });
    try {
      assert.ok(again.log.some((line) => line.includes('banned again=2')));
      // Who was an operator then may have been sent away since: the start made a new owner.
      assert.equal((await new Operator(again, owner.token).ask('GET', '/users')).status, 401);
      const states = (await (await Operator.of(again)).get('/users')).users
        .map((user) => [user.id, user.state]);
      assert.deepEqual(states, [[later, 'active'], [earlier, 'banned']]);
      const closes = [];
      for (const { token } of [ann, ben]) {
        const back = await Person.connect(again.url);
        back.say({ t: 'hello', v: 1, token });
        const told = await Promise.race([back.hears('bye'), back.hears('welcome')]);
        closes.push(told.code ?? 'welcome');
      }
      assert.deepEqual(closes.sort(), [4502, 'welcome']);
    } finally {
      await again.kill();
    }
  }));

test('what was taken back, cleared or blocked since the backup is so again', () =>
  withData(async (server) => {
    const { data } = server;
    const owner = await Operator.of(server);
    const [ann, ben] = await couple(server.url);
    const [cid, dan] = await couple(server.url);
    await ann.text('stays');
    const { seq } = await ann.text('recalled');
    await cid.text('removed');
    const backup = await backUp(data);
    await ask(ann, { t: 'recall', seq }, 'event');
    await ask(cid, { t: 'leave' }, 'idle');
    await cid.settled();
    const { users } = await owner.get('/users');
    const [pair] = (await owner.get(`/users/${users[0].id}/pairs`)).pairs;
    const removal = await owner.ask('DELETE', `/pairs/${pair.id}/events/2`);
    assert.equal(removal.status, 200, removal.text);
    await ask(ben, { t: 'block', pair: ben.pair }, 'blocked');
    await server.kill();
    const log = await readFile(join(data, 'promises.log'), 'utf8');
    assert.equal(log.split('\n').length, 4, log);
    assert.doesNotMatch(log, /recalled|removed|stays/);

    const { stdout } = await run(binary, ['restore', '--data', data, backup]);
    assert.match(stdout, /taken back/);
    const again = await Server.start({ flags, data });
    try {
      assert.ok(again.log.some((line) => line.includes('taken back again=3')),
        again.log.join('\n'));
      const back = await Person.arrive(again.url, { token: ben.token });
      const page = await ask(back, { t: 'history', pair: ben.pair, limit: 100 }, 'history');
      const texts = page.events.filter((event) => event.kind === 'text');
      assert.deepEqual(texts.map((event) => event.text ?? event.gone), ['stays', 'recall']);
      const other = await Person.arrive(again.url, { token: dan.token });
      const theirs = await ask(other, { t: 'history', pair: dan.pair, limit: 100 }, 'history');
      assert.equal(theirs.events.find((event) => event.kind === 'text').gone, 'removed');
      assert.equal((await ask(back, { t: 'pairs' }, 'pairs')).pairs[0].blocked, true);
    } finally {
      await again.kill();
    }
    const later = await Server.start({ flags, data });
    assert.ok(!later.log.some((line) => line.includes('taken back')));
    await later.kill();
  }));

test('a lost token of an owner is made anew on the machine, and nobody else loses theirs', () =>
  withData(async (server) => {
    const { data } = server;
    const owner = await Operator.of(server);
    const ann = await owner.admits('ann', 'moderator');
    const reset = ['admin', 'token', 'reset', '--data', data];
    assert.match(await refused(...reset), /^1 .*in use/);
    await server.kill();
    await run(binary, reset);
    assert.match(await refused('admin', 'token', 'reset', '--data', join(data, 'none')),
      /^1 .*no database/);

    const again = await Server.start({ flags, data });
    try {
      assert.equal((await new Operator(again, owner.token).ask('GET', '/users')).status, 401);
      assert.equal((await new Operator(again, ann.token).ask('GET', '/users')).status, 200);
      const made = await Operator.of(again);
      assert.notEqual(made.token, owner.token);
      const { entries } = await made.get('/audit');
      assert.ok(entries.some((row) => row.act === 'reset tokens'));
    } finally {
      await again.kill();
    }
  }));

test('a server whose keys are missing starts with new ones only when somebody says so', () =>
  withData(async (server) => {
    const { data } = server;
    const [ann] = await couple(server.url);
    await server.kill();
    await rm(join(data, 'keys'));
    assert.match(await refused('serve', '--data', data, '--listen', '127.0.0.1:0'),
      /^1 .*keys are missing.*onechat keys new/);
    assert.ok(!(await readdir(data)).includes('keys'));

    await run(binary, ['keys', 'new', '--data', data]);
    const again = await Server.start({ flags, data });
    const late = await Person.connect(again.url);
    late.say({ t: 'hello', v: 1, token: ann.token });
    assert.equal((await late.hears('bye')).code, 4501);
    await again.kill();
  }));

test('a running server makes a backup when its owner asks, and says when it is there', () =>
  withData(async (server) => {
    const owner = await Operator.of(server);
    const [ann] = await couple(server.url);
    await ann.text('kept');
    await ann.settled();

    const begun = await owner.ask('POST', '/backup', { why: 'before an update' });

    assert.equal(begun.status, 202, begun.text);
    assert.equal(begun.body.state, 'under_way');
    const list = async () => (await owner.get('/backups', { why: null })).backups;
    let [made] = await list();
    while (made.state === 'under_way') {
      await new Promise((resolve) => setTimeout(resolve, 10));
      [made] = await list();
    }
    assert.deepEqual([made.name, made.state], [begun.body.name, 'made']);
    assert.ok(made.bytes > 10_000);
    const folder = join(server.data, 'backups', made.name);
    const { stdout } = await run(binary, ['backup', 'verify', folder]);
    assert.match(stdout, /^good schema=\d+ users=2 pairs=1 events=2 /);
    const { entries } = await owner.get('/audit');
    assert.deepEqual(entries.map((row) => [row.act, row.target, row.why]),
      [['make backup', `backup ${made.name}`, 'before an update']]);
    const shown = await owner.command('backups');
    assert.match(shown.stdout, new RegExp(`^${made.name} +made `, 'm'));
    assert.ok(server.log.some((line) => line.includes('backup made=true')));
    assert.equal((await owner.command('backup')).status, 2);
    const status = await server.stop();
    assert.equal(status, 0);
  }));
