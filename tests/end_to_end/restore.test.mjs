// A restore that is killed, at every step and twice: what was there before is lost at none, and no
// server starts with anything but all of the old or all of the new.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { isSanitized } from './support/patience.mjs';
import { couple } from './support/person.mjs';
import { Server, binary } from './support/server.mjs';

const flags = ['--match-round', '20ms'];
const run = promisify(execFile);
const killer = process.env.ENDING_CALL;

// 0: it came to its end before the Nth call.
const restoreUntil = (n, data, backup) =>
  spawnSync(binary, ['restore', '--data', data, backup],
    { env: { ...process.env, LD_PRELOAD: killer, ONECHAT_ENDS_AT: String(n) } }).status;

// How many events the database of a started server has, or why it does not start.
const startOf = async (data) => {
  try {
    await (await Server.start({ flags, data })).kill();
  } catch (refused) {
    return refused.message;
  }
  const { stdout } = await run(binary, ['migrate', '--data', data, '--dry-run']);
  return Number(/ events=(\d+)/.exec(stdout)[1]);
};

const afresh = async (from, to) => {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
};

// A database and its log.
const bytesOf = async (folder) => {
  const read = (name) => readFile(join(folder, name)).catch(() => null);
  return Promise.all([read('onechat.db'), read('onechat.db-wal')]);
};

// What lies where, by names and sizes: many kills leave the same behind.
const formOf = async (folder) => {
  const names = (await readdir(folder, { recursive: true })).sort();
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name))));
  return names.map((name, n) => `${name.replace(/Z.*?(?=$|\/)/, '')} ${sizes[n].size}`)
    .map((line) => line.replace(/replaced-[-\dT]+/, 'replaced')).join('\n');
};

const isKept = async (old, data) => {
  const names = (await readdir(data)).filter((name) => name.startsWith('replaced-'));
  const found = await Promise.all(['.', ...names].map((name) => bytesOf(join(data, name))));
  return found.some((bytes) => bytes.every((part, n) => part && part.equals(old[n])));
};

test('killed at whatever step, and killed again, it loses nothing and nothing new is started',
  { skip: killer && !isSanitized ? false : 'it needs ENDING_CALL, and no sanitizer' }, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onechat-'));
    const [original, backup, once, data] =
      ['original', 'backup', 'once', 'data'].map((name) => join(folder, name));
    try {
      const server = await Server.start({ flags, data: original });
      const [ann] = await couple(server.url);
      const { stdout } = await run(binary, ['backup', '--data', original]);
      await cp(/^backup (.+)$/m.exec(stdout)[1], backup, { recursive: true });
      await rm(join(original, 'backups'), { recursive: true });
      for (let n = 0; n < 3; n += 1) await ann.text(`after ${n}`);
      await server.kill();
      const old = await bytesOf(original);
      const [before, after] = [4, 1];

      const seen = new Set();
      const look = async (place) => {
        const state = await formOf(data);
        if (seen.has(state)) return;
        seen.add(state);
        const isWhole = await isKept(old, data);
        const found = await startOf(data);
        if (typeof found === 'string') {
          assert.match(found, /interrupted/, place);
        } else {
          assert.ok(found === before || found === after, `${place}: ${found} events`);
          assert.ok(isWhole, `${place}: the old database is gone`);
        }
      };
      let kills = 0;
      for (let first = 1; ; first += 1) {
        await afresh(original, data);
        if (restoreUntil(first, data, backup) === 0) break;
        kills += 1;
        await afresh(data, once);
        await look(`killed at ${first}`);
        for (let second = 1; ; second += 1) {
          await afresh(once, data);
          if (restoreUntil(second, data, backup) === 0) break;
          await look(`killed at ${first} and ${second}`);
        }
        assert.ok(await isKept(old, data), `killed at ${first}: the old database is gone`);
        assert.equal(await startOf(data), after, `done after a kill at ${first}`);
      }
      assert.ok(kills >= 8, `only ${kills} steps`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
