// The control of a test that provokes a server: two people who have been talking all along and must
// notice nothing, two fresh ones who must be served as ever, and a log that nobody can forge.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { couple } from './person.mjs';

export class Witnesses {
  static async enter(server) {
    const witnesses = new Witnesses();
    witnesses.server = server;
    [witnesses.one, witnesses.two] = await couple(server.url);
    witnesses.seq = 1;
    witnesses.all = [witnesses.one, witnesses.two].map(({ all }) => all.length);
    return witnesses;
  }

  get pair() {
    return this.one.pair;
  }

  async control() {
    const { one, two } = this;
    const ack = await one.text('undisturbed');
    const event = await two.hears('event');
    assert.deepEqual([ack.seq, event.seq, event.text], [++this.seq, this.seq, 'undisturbed']);
    this.all = this.all.map((count) => count + 1);
    assert.deepEqual([one.all.length, two.all.length], this.all, 'the witnesses noticed something');

    const [fresh, other] = await couple(this.server.url);
    await fresh.text('hello');
    assert.equal((await other.hears('event')).text, 'hello');
    await Promise.all([fresh.leaveForGood(), other.leaveForGood()]);
  }

  checkLog(secrets) {
    for (const line of this.server.log) {
      assert.match(line, /^[\x20-\x7e]*$/);
      for (const secret of secrets) assert.ok(!line.includes(secret), `${secret} in ${line}`);
    }
    assert.equal(this.server.log.filter((line) => line.startsWith('ready ')).length, 1);
  }
}

// Each message has what is wanted of it, absent where that is `undefined`, and there is no other.
// An error about a malformed message names its field exactly, and each speaks a sentence.
export function assertHeard(heard, wanted) {
  const shown = `heard ${JSON.stringify(heard).slice(0, 300)}`;
  assert.equal(heard.length, wanted.length, `${heard.length} answers, ${shown}`);
  for (const [at, want] of wanted.entries()) {
    for (const [key, value] of Object.entries(want)) {
      const wrong = `\`${key}\` is not ${JSON.stringify(value)}, ${shown}`;
      assert.deepEqual(heard[at][key], value, wrong);
    }
    if (want.t === 'error') assert.ok(heard[at].text.length > 0, `no sentence, ${shown}`);
  }
}

export function residentBytes(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)[1]) * 1024;
}
