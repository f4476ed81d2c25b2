// A listening socket that outlives the servers which accept from it, as systemd's socket unit keeps
// one: each server gets it as descriptor 3, with the variables that say so.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { binary } from './server.mjs';

// The shell keeps descriptor 3 open; the inner one has the process id that the server will have.
const keeper = `while read -r word; do case $word in
  start) LISTEN_FDS=1 bash -c 'LISTEN_PID=$$ exec "$0" "$@"' "$0" "$@" & ;;
  stop) kill -TERM $! ;;
  wait) wait $!; echo "ended status=$?" >&2 ;;
esac; done; wait`;

export class HeldSocket {
  // Every server runs with these arguments of `serve`.
  static async listen(args) {
    const held = new HeldSocket();
    held.log = [];
    held.waiters = new Set();
    held.process = spawn(process.env.HOLD_SOCKET,
      ['bash', '-c', keeper, binary, 'serve', ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
    createInterface({ input: held.process.stderr }).on('line', (line) => {
      held.log.push(line);
      for (const waiter of [...held.waiters]) waiter();
    });
    held.address = (await held.says(/^holds listen=(\S+)$/))[1];
    return held;
  }

  // Starts one more server; resolves when it is ready.
  async start() {
    const from = this.log.length;
    this.process.stdin.write('start\n');
    await this.says(/^ready listen=(\S+)$/, from);
  }

  // Resolves when the last one begins to take its leave.
  async drain() {
    const from = this.log.length;
    this.process.stdin.write('stop\n');
    await this.says(/ drain /, from);
  }

  // Resolves when the last one has ended, and not before its folder is free for the next.
  async ended() {
    const from = this.log.length;
    this.process.stdin.write('wait\n');
    const [, status] = await this.says(/^ended status=(\d+)$/, from);
    if (status !== '0') throw new Error(`it ended with ${status}:\n${this.log.join('\n')}`);
  }

  async stop() {
    await this.drain();
    await this.ended();
  }

  // The first line from then on that fits.
  says(pattern, from = 0, patience = 20_000) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.log.slice(from).map((line) => pattern.exec(line)).find(Boolean);
        if (!found) return;
        clearTimeout(timer);
        this.waiters.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.waiters.delete(look);
        reject(new Error(`no ${pattern} in:\n${this.log.join('\n')}`));
      }, patience);
      this.waiters.add(look);
      look();
    });
  }

  // Lets go of the socket; the servers are to be ended before.
  async close() {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.stdin.end();
    await ended;
  }
}
