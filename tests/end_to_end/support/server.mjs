// Starts the real binary on a free port with a data folder of its own, and ends it. Knows nothing
// of the protocol.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isSanitized } from './patience.mjs';
import { overTls, tlsFlags } from './tls.mjs';

const built = new URL('../../../build/release/onechat', import.meta.url).pathname;
export const binary = process.env.ONECHAT_BINARY ?? built;

export class Server {
  // `files`: how many files the process may open. `listen`: after a restart, where it was before.
  static async start({ data, flags = [], env = {}, files, listen = '127.0.0.1:0' } = {}) {
    const server = new Server();
    server.ownsData = data === undefined;
    server.data = data ?? (await mkdtemp(join(tmpdir(), 'onechat-')));
    const admin = flags.includes('--admin-listen') ? [] : ['--admin-listen', '127.0.0.1:0'];
    server.isSecure = overTls || flags.includes('--tls-cert');
    const args = ['serve', '--listen', listen, ...admin, '--data', server.data,
      ...(flags.includes('--tls-cert') ? [] : tlsFlags), ...flags];
    const limited = ['-c', `ulimit -n ${files}; exec "$0" "$@"`, binary, ...args];
    server.process = spawn(files ? 'bash' : binary, files ? limited : args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    });
    server.log = [];
    server.exited = new Promise((resolve) =>
      server.process.once('exit', (code, signal) => resolve({ code, signal })));
    const lines = createInterface({ input: server.process.stderr });
    server.logEnded = once(lines, 'close');
    server.address = await new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        server.log.push(line);
        server.admin = /^admin listen=(\S+)$/.exec(line)?.[1] ?? server.admin;
        const ready = /^ready listen=(\S+)$/.exec(line);
        if (ready) resolve(ready[1]);
      });
      server.exited.then(() => reject(new Error(`the server ended:\n${server.log.join('\n')}`)));
    });
    return server;
  }

  get url() {
    return `${this.isSecure ? 'wss' : 'ws'}://${this.address}/ws`;
  }

  get home() {
    return `${this.isSecure ? 'https' : 'http'}://${this.address}`;
  }

  // The operator's pages, which are plain: they listen on the machine itself.
  get adminHome() {
    return `http://${this.admin}`;
  }

  get port() {
    return Number(this.address.split(':').pop());
  }

  // SIGTERM, as an operator would; resolves with the exit status.
  async stop() {
    this.process.kill('SIGTERM');
    const { code } = await this.exited;
    await this.looked();
    return code;
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.exited;
    await this.looked();
  }

  // However it ended: nothing that an assertion or a sanitizer found may pass unseen.
  async looked() {
    await this.logEnded;
    assert.ok(!['SIGABRT', 'SIGSEGV'].includes(this.process.signalCode), this.log.join('\n'));
    const report = this.log.findIndex((line) => /Sanitizer|runtime error:|Assertion/.test(line));
    if (report >= 0) throw new Error(this.log.slice(report).join('\n'));
  }

  // What a sanitizer has to say of the end, leaks above all, it says of an orderly one.
  async end() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.kill(isSanitized ? 'SIGTERM' : 'SIGKILL');
    const tooLate = setTimeout(() => this.process.kill('SIGKILL'), 30_000);
    const { signal } = await this.exited;
    clearTimeout(tooLate);
    if (isSanitized) assert.equal(signal, null, 'the server did not end by itself');
  }

  async remove() {
    try {
      await this.end();
      await this.looked();
    } finally {
      if (this.ownsData) await rm(this.data, { recursive: true, force: true });
    }
  }
}

// Runs `body` with a fresh server and removes it, whatever happens.
export async function withServer(options, body) {
  const server = await Server.start(options);
  try {
    return await body(server);
  } finally {
    await server.remove();
  }
}
