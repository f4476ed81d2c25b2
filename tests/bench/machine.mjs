// What a bench was measured on, and the limits of such a machine.
import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { median, percentile } from './report.mjs';
import { spread } from './programs.mjs';

// How long the disk takes to keep 4 KiB that were written behind the others, in ms.
export function syncTimes(folder, times = 500) {
  const name = join(folder, 'sync-probe');
  const file = openSync(name, 'w');
  const taken = [];
  const page = Buffer.alloc(4096, 1);
  for (let n = 0; n < times; ++n) {
    const began = process.hrtime.bigint();
    writeSync(file, page);
    fdatasyncSync(file);
    taken.push(Number(process.hrtime.bigint() - began) / 1e6);
  }
  closeSync(file);
  unlinkSync(name);
  return { p50: percentile(taken, 0.5), p99: percentile(taken, 0.99) };
}

// How much slower than it can the machine goes, and for which share of the time: others on the same
// hardware slow it down without showing in any of its counters. Nothing else of ours may run.
export function slowMoments(seconds = 4) {
  const windowMs = 20;
  const counts = [];
  const end = performance.now() + seconds * 1000;
  let number = 1;
  for (let now = performance.now(); now < end;) {
    const until = now + windowMs;
    let rounds = 0;
    while ((now = performance.now()) < until) {
      for (let n = 0; n < 1000; ++n) number = (number * 1103515245 + 12345) & 0x7fffffff;
      ++rounds;
    }
    counts.push(rounds);
  }
  const fast = percentile(counts, 0.9);
  const slow = counts.filter((rounds) => rounds < fast * 0.8);
  return {
    share: slow.length / counts.length,
    times: slow.length > 0 ? fast / Math.max(1, median(slow)) : 1,
  };
}

export function describeMachine(folder, { trial = false } = {}) {
  const sync = syncTimes(folder);
  const slow = slowMoments(trial ? 0.1 : 4);
  const files = execFileSync('bash', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  return [
    `Measured ${new Date().toISOString().slice(0, 10)} on ${cpus().length} cores ` +
      `(${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
      `Linux ${release()}, load average ${loadavg()[0].toFixed(1)} before; ${spread}.`,
    `Limits: at most ${files} files a process, loopback only, and a disk that takes ` +
      `${sync.p50.toFixed(2)} ms (p99 ${sync.p99.toFixed(2)} ms) to sync 4 KiB. ` +
      `With nothing else to do a core was ${slow.times.toFixed(1)} times slower than at its best ` +
      `for ${(slow.share * 100).toFixed(0)} % of the time.`,
  ];
}
