import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { Person, couple } from './support/person.mjs';
import { isSanitized } from './support/patience.mjs';
import { Server, withServer } from './support/server.mjs';

const flags = ['--match-round', '20ms', '--rematch-after', '0s', '--rate-limits', 'off'];
const numbers = (events) => events.map((event) => event.seq);
const upTo = (last, first = 1) => Array.from({ length: last - first + 1 }, (_, n) => first + n);

// A small disk of memory, and a file that fills it.
async function smallDisk(megabytes) {
  const folder = await mkdtemp(join(tmpdir(), 'onechat-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    data: join(folder, 'data'),
    async fill() {
      for (let size = 1 << 20; size >= 512; size >>= 1) {
        for (;;) {
          try {
            await writeFile(filler, Buffer.alloc(size), { flag: 'a' });
          } catch {
            break;
          }
        }
      }
    },
    async free() {
      await rm(filler, { force: true });
    },
    async remove() {
      execFileSync('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const mayMount = (() => {
  if (process.getuid() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const onSmallDisk = { skip: mayMount ? false : 'a small disk needs the right to mount one' };

// Says texts until one is refused for the store's sake; resolves with the numbers that were acked.
async function sayUntilRefused(person) {
  const acked = [];
  for (;;) {
    const cid = ++person.cid;
    person.say({ t: 'say', cid, text: 'x'.repeat(1900), pair: person.pair });
    const answer = await Promise.race([
      person.hears('ack', (ack) => ack.cid === cid).catch(() => null),
      person.hears('nack', (nack) => nack.cid === cid).catch(() => null),
    ]);
    if (answer === null) return { acked, unanswered: cid };
    if (answer.t === 'nack') return { acked, refusal: answer };
    acked.push(answer.seq);
  }
}

test('a full disk refuses what is new, keeps what was promised, and recovers by itself',
  onSmallDisk, async () => {
    const disk = await smallDisk(8);
    const server = await Server.start({ data: disk.data, flags });
    try {
      const [one, two] = await couple(server.url);
      await one.text('before');
      await disk.fill();

      const { acked } = await sayUntilRefused(one);
      one.say({ t: 'say', cid: ++one.cid, text: 'refused', pair: one.pair });
      const nack = await one.hears('nack', (message) => message.cid === one.cid);
      assert.equal(nack.code, 'store_unavailable');
      assert.ok(nack.retry_ms > 0);
      const late = await Person.arrive(server.url);
      late.say({ t: 'find' });
      assert.equal((await late.hears('error')).code, 'store_unavailable');
      await late.leaveForGood();
      assert.ok(!two.events().some((event) => event.text === 'refused'));

      await disk.free();
      const back = await patiently(() => sayOnce(one, 'after'));
      assert.ok(back.seq > (acked.at(-1) ?? 2));
      await two.hears('event', (event) => event.text === 'after');
      assert.deepEqual(numbers(two.events()), upTo(two.events().length + 1, 2));
    } finally {
      await server.remove();
      await disk.remove();
    }
  });

// A text with a number of its own; the ack, or nothing when it was refused.
async function sayOnce(person, text) {
  const cid = ++person.cid;
  person.say({ t: 'say', cid, text, pair: person.pair });
  return Promise.race([
    person.hears('ack', (ack) => ack.cid === cid),
    person.hears('nack', (nack) => nack.cid === cid).then(() => null),
  ]);
}

async function patiently(attempt) {
  const until = Date.now() + 10_000;
  while (Date.now() < until) {
    const result = await attempt();
    if (result) return result;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it did not recover within 10 s');
}

test('a start on a full disk serves logins and reads, and texts as soon as there is room',
  onSmallDisk, async () => {
    const disk = await smallDisk(8);
    let server = await Server.start({ data: disk.data, flags });
    try {
      const [one, two] = await couple(server.url);
      await one.text('kept');
      await server.kill();
      await disk.fill();

      server = await Server.start({ data: disk.data, flags });
      const held = { pair: one.pair, seq: 1, epoch: one.welcome.epoch };
      const back = await Person.arrive(server.url, { token: one.token, held });
      const other = await Person.arrive(server.url, { token: two.token, held });
      assert.equal(back.welcome.state, 'paired');
      assert.equal((await back.hears('event')).text, 'kept');
      back.cid = 1;
      // What the log has room for already is still stored.
      const refusals = () => back.all.filter((message) => message.t === 'nack').length;
      while (refusals() === 0 && back.cid < 500) {
        back.say({ t: 'say', cid: ++back.cid, text: 'x'.repeat(2000), pair: back.pair });
        await back.settled();
      }
      const stored = back.cid - 1 - refusals();
      assert.equal(refusals(), 1);

      await disk.free();
      await patiently(() => sayOnce(back, 'after'));
      assert.equal((await other.hears('event', (event) => event.text === 'after')).seq, 3 + stored);
    } finally {
      await server.remove();
      await disk.remove();
    }
  });

const residentKiB = (pid) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

test('a partner who stops reading is let go, costs little memory, and misses nothing', () =>
  withServer({ flags }, async (server) => {
    const [one, two] = await couple(server.url);
    const before = residentKiB(server.process.pid);
    two.socket.pause(); // its end of the network takes nothing any more

    // Megabytes, until the kernel's buffers and the outbox are full and it is seen to be away.
    let away = false;
    one.hears('partner', (partner) => partner.state === 'away').then(() => { away = true; });
    const text = '字'.repeat(2000);
    for (let n = 0; n < 900 && !away; n += 30) {
      await Promise.all(Array.from({ length: 30 }, () => one.text(text)));
    }
    assert.ok(away, 'the slow partner was let go');
    const grown = residentKiB(server.process.pid) - before;
    console.log(`memory grew by ${grown} KiB`);
    assert.ok(grown < 30_000 || isSanitized);

    two.socket.resume();
    const { code } = await two.closed;
    const last = two.events().at(-1)?.seq ?? 1;
    assert.ok(code === 4001 || code === 1006, `${code}`);
    if (code === 4001) assert.equal(two.all.at(-1).code, 4001);
    const back = await Person.arrive(server.url, {
      token: two.token,
      held: { pair: two.pair, seq: last, epoch: two.welcome.epoch },
    });
    await back.hears('partner');
    assert.deepEqual(numbers([...two.events(), ...back.events()]), upTo(one.cid + 1, 2));
  }));

test('a quick change of networks keeps the chat: the newest connection wins', () =>
  withServer({ flags }, async (server) => {
    const [one, two] = await couple(server.url);
    let phone = two;
    let held = 1;
    for (let n = 0; n < 10; n++) {
      const older = phone;
      phone = await Person.arrive(server.url, {
        token: two.token,
        held: { pair: one.pair, seq: held, epoch: two.welcome.epoch },
      });
      assert.deepEqual(await older.closed, { code: 4500, reason: 'replaced' });
      older.socket.terminate();
      await one.text(`${n}`);
      held = (await phone.hears('event', (event) => event.text === `${n}`)).seq;
    }

    assert.ok(!phone.isClosed);
    assert.ok(!one.all.some((message) => message.t === 'partner'), 'the partner noticed nothing');
  }));

test('two devices that connect at once leave exactly one connected', () =>
  withServer({ flags }, async (server) => {
    const [one, two] = await couple(server.url);
    const devices = await Promise.all(
      Array.from({ length: 6 }, () => Person.arrive(server.url, { token: two.token })));

    await one.text('who hears this?');
    const hearers = await Promise.all(devices.map((device) =>
      device.isClosed ? 0 : device.settled().then(() => 1, () => 0)));

    assert.equal(hearers.reduce((sum, heard) => sum + heard), 1);
  }));

test('a match that is cancelled, or lost, leaves the other waiting in its old place', () =>
  withServer({ flags: [...flags.slice(2), '--match-round', '0s'] }, async (server) => {
    const one = await Person.arrive(server.url);
    one.say({ t: 'find' });
    const { since } = await one.hears('waiting');
    for (let n = 0; n < 10; n++) {
      const fickle = await Person.arrive(server.url);
      // In one packet: paired at the first, gone at the second, before anything is on disk.
      fickle.socket._socket.cork();
      fickle.say({ t: 'find' });
      fickle.say({ t: 'cancel' });
      fickle.socket._socket.uncork();
      await fickle.hears('idle');
      assert.ok(!fickle.all.some((message) => message.t === 'matched'));
      await fickle.leaveForGood();
    }
    one.say({ t: 'find' });
    assert.equal((await one.hears('waiting')).since, since);

    const two = await Person.arrive(server.url);
    two.say({ t: 'find' });
    const [a] = await Promise.all([one.matched(), two.matched()]);
    assert.equal(one.all.filter((message) => message.t === 'matched').length, 1);
    assert.deepEqual(numbers(a.recent), [1]);
  }));

test('whoever is banned in the store never reaches anybody, also after a kill', () =>
  withServer({ flags }, async (server) => {
    const [one, two] = await couple(server.url);
    two.say({ t: 'leave' });
    await two.hears('idle');
    await server.stop();
    const until = Date.now() + 3_600_000;
    execFileSync('sqlite3', [join(server.data, 'onechat.db'),
      `insert into bans (person, user, reason, by, since, until, level)
       select person, id, 'a test', 'a test', 0, ${until}, 1 from users`]);
    const killed = await Server.start({ flags, data: server.data });
    await killed.kill();

    await withServer({ flags, data: server.data }, async (again) => {
      const banned = await Person.connect(again.url);
      banned.say({ t: 'hello', v: 1, token: one.token });
      const bye = await banned.hears('bye');
      assert.deepEqual([bye.code, bye.reason, bye.until], [4502, 'banned', until]);
      assert.equal((await banned.closed).code, 4502);
    });
  }));

test('who finds no room is told so, and comes in when there is', () =>
  withServer({ flags, files: 284 }, async (server) => {
    const people = await Promise.all(
      Array.from({ length: 120 }, () => Person.arrive(server.url)));

    const surplus = await Person.connect(server.url);
    assert.equal((await surplus.hears('bye')).code, 4004);
    assert.deepEqual(await surplus.closed, { code: 4004, reason: 'busy' });

    await people[0].leaveForGood();
    await patiently(() => Person.arrive(server.url).then(() => true, () => false));
  }));

test('a failed sync ends the server with status 70, and the next start has all that was acked', {
  skip: process.env.FAILING_SYNC ? false : 'FAILING_SYNC names no library',
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onechat-sync-'));
  const mark = join(folder, 'fails');
  const server = await Server.start({
    data: join(folder, 'data'),
    flags,
    env: { LD_PRELOAD: process.env.FAILING_SYNC, ONECHAT_SYNC_FAILS: mark },
  });
  try {
    const [one, two] = await couple(server.url);
    await one.text('kept');
    await two.hears('event');
    await writeFile(mark, '');

    one.say({ t: 'say', cid: ++one.cid, text: 'in doubt', pair: one.pair });

    for (const person of [one, two]) {
      assert.equal((await person.hears('bye')).code, 4000);
      assert.deepEqual(await person.closed, { code: 4000, reason: 'restarting' });
    }
    assert.deepEqual(await server.exited, { code: 70, signal: null });
    assert.ok(!one.all.some((message) => message.t === 'ack' && message.cid === one.cid));

    await withServer({ data: server.data, flags }, async (next) => {
      const held = { pair: one.pair, seq: 1, epoch: one.welcome.epoch };
      const back = await Person.arrive(next.url, { token: one.token, held });
      assert.equal((await back.hears('event')).text, 'kept');
      one.cid -= 1;
      back.cid = one.cid;
      await back.text('in doubt'); // said again, whatever became of it
    });
  } finally {
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
});

test('while the disk hangs nothing is acked, and /readyz and the figures say so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'onechat-hang-'));
  const mark = join(folder, 'hang');
  const server = await Server.start({
    data: join(folder, 'data'),
    flags,
    env: { LD_PRELOAD: process.env.FAILING_SYNC, ONECHAT_SYNC_HANGS: mark },
  });
  const ready = async () => (await fetch(`${server.adminHome}/readyz`)).status;
  try {
    const [one, two] = await couple(server.url);
    await one.text('kept');
    await two.hears('event');
    assert.equal(await ready(), 200);
    await writeFile(mark, '');

    one.say({ t: 'say', cid: ++one.cid, text: 'shown', pair: one.pair });

    assert.equal((await two.hears('event')).text, 'shown');
    const since = Date.now();
    while (await ready() === 200) {
      assert.ok(Date.now() - since < 20_000, 'a disk that hangs is told');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const figures = await (await fetch(`${server.adminHome}/metrics`)).text();
    assert.ok(Number(/^onechat_commit_age_seconds (.*)$/m.exec(figures)[1]) > 5);
    assert.match(figures, /^onechat_store_trouble 0$/m);
    await rm(mark);
    assert.equal((await one.hears('ack', (ack) => ack.cid === one.cid)).cid, one.cid);
    while (await ready() !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    await rm(mark, { force: true });
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
});
