// What all experiments of a run share: how long and how large they are, the order within a round,
// and their folders. All lies under the build folder, on the disk that is asked about.
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, load, programs } from './programs.mjs';

const kept = join(build, 'bench');
const scaleOfTrials = 200;
const peopleMin = 25;

export class Bench {
  static async begin({ seconds, trial }) {
    const bench = new Bench();
    bench.trial = trial;
    bench.seconds = seconds ?? (trial ? 0.1 : 3);
    bench.round = 0;
    await mkdir(kept, { recursive: true });
    bench.folder = await mkdtemp(join(kept, 'run-'));
    return bench;
  }

  end() {
    return rm(this.folder, { recursive: true, force: true });
  }

  times() {
    return ['--warm-up', this.trial ? 0.05 : 1, '--seconds', this.seconds];
  }

  // How many to take: of everything very few in a trial.
  scaled(count) {
    return this.trial ? Math.max(2, Math.ceil(count / scaleOfTrials)) : count;
  }

  // Both, in the other order every other round: what warms up or wears out favours neither.
  async inTurns(one, two) {
    if (this.round % 2 === 0) {
      const first = await one();
      return [first, await two()];
    }
    const second = await two();
    return [await one(), second];
  }

  freshFolder() {
    return mkdtemp(join(this.folder, 'data-'));
  }

  // A certificate for 127.0.0.1 that signs itself, made once.
  certificate() {
    this.made ??= (async () => {
      const files = { key: join(this.folder, 'key.pem'), chain: join(this.folder, 'chain.pem') };
      await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'ec',
        '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=bench',
        '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', files.key, '-out', files.chain]);
      return files;
    })();
    return this.made;
  }

  // A file that leaves out all built-in words, made once.
  noWords() {
    const groups = ['contacts', 'adverts', 'fraud', 'drugs', 'solicitation', 'threats', 'names',
      'telling'];
    this.wordless ??= (async () => {
      const file = join(this.folder, 'no-words.txt');
      await writeFile(file, groups.map((group) => `without ${group}\n`).join(''));
      return file;
    })();
    return this.wordless;
  }

  // A data folder with people who have said so much, kept for the next time. `warm` reads it once,
  // so that the system has it in memory.
  async filled({ people, texts, warm = false }) {
    const sizes = {
      people: this.trial ? peopleMin : people,
      texts: this.trial ? 5000 + this.scaled(texts) : texts,
    };
    const data = join(this.trial ? this.folder : kept, `record-${sizes.people}-${sizes.texts}`);
    await load(programs.longRecord,
      ['fill', '--data', data, '--people', sizes.people, '--texts', sizes.texts]);
    if (warm) {
      for await (const chunk of createReadStream(join(data, 'onechat.db'),
        { highWaterMark: 1 << 20 })) void chunk;
    }
    return { data, ...sizes };
  }
}
