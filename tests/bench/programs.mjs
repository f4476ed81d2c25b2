// Starts the programs of a bench, a server on one core and its load on another, and ends them.
import { execFileSync, spawn } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const build = process.env.ONECHAT_BUILD ??
  new URL('../../build/release', import.meta.url).pathname;
const onechat = process.env.ONECHAT_BINARY ?? join(build, 'onechat');

export const programs = {
  onechat,
  raw: join(build, 'tests/bench/raw_relay'),
  echo: join(build, 'tests/net/onechat_echo'),
  relayLoad: join(build, 'tests/bench/relay_load'),
  logins: join(build, 'tests/bench/logins'),
  longRecord: join(build, 'tests/bench/long_record'),
  micro: join(build, 'tests/bench/onechat_micro'),
};

// How a server is set up for a load: nothing is refused, and people meet soon.
export const unlimited = ['--rate-limits', 'off'];
export const meetingSoon = ['--match-round', '20ms', '--rematch-after', '0s'];

const cores = availableParallelism?.() ?? cpus().length;

const canPin = (() => {
  try {
    execFileSync('taskset', ['--cpu-list', '0', 'true'], { stdio: 'ignore' });
    return cores >= 2;
  } catch {
    return false;
  }
})();

export const spread = canPin ? 'server on core 0, load on core 1' : 'server and load share cores';

// However we end, no program of ours is left behind.
const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

function start(core, program, flags, stdio) {
  const child = canPin
    ? spawn('taskset', ['--cpu-list', `${core}`, program, ...flags.map(String)], { stdio })
    : spawn(program, flags.map(String), { stdio });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

const ended = (child, event = 'close') => new Promise((resolve, reject) => {
  child.once(event, resolve);
  child.once('error', reject);
});

// A server of any kind on a free port; it says `ready listen=ADDRESS`.
export class Server {
  static async start(program, flags = []) {
    const server = new Server();
    const child = start(0, program, flags, ['ignore', 'ignore', 'pipe']);
    server.process = child;
    server.exited = ended(child, 'exit');
    const log = [];
    const lines = createInterface({ input: child.stderr });
    server.address = await new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        if (log.length < 100) log.push(line);
        const ready = /^ready listen=(\S+)$/.exec(line);
        if (ready) resolve(ready[1]);
      });
      server.exited.then(
        () => reject(new Error(`${program} ended:\n${log.join('\n')}`)), reject);
    });
    return server;
  }

  static serve(data, flags = []) {
    return Server.start(programs.onechat, ['serve', '--listen', '127.0.0.1:0',
      '--admin-listen', 'off', '--data', data, ...unlimited, ...flags]);
  }

  get pid() {
    return this.process.pid;
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.exited;
  }
}

export async function withServer(starting, body) {
  const server = await starting;
  try {
    return await body(server);
  } finally {
    await server.stop();
  }
}

// Runs a load to its end; its last line is a JSON object.
export async function load(program, flags) {
  const child = start(1, program, flags, ['ignore', 'pipe', 'pipe']);
  let said = '';
  let complained = '';
  child.stdout.on('data', (bytes) => { said += bytes; });
  child.stderr.on('data', (bytes) => { complained += bytes; });
  const status = await ended(child);
  if (status !== 0) {
    throw new Error(`${[program, ...flags].join(' ')} ended with ${status}:\n${complained}${said}`);
  }
  return said.trim() === '' ? {} : JSON.parse(said.trim().split('\n').pop());
}

// The same with what it says shown; resolves with its status.
export function show(core, program, flags) {
  return ended(start(core, program, flags, ['ignore', 'inherit', 'inherit']));
}
