// Two clients, a small model of the server and everything that goes wrong, by seeds. Whatever
// happens: every text is shown once on each side, in the order in which it was said, none with an
// ack is lost, and none is on its way for ever.
// A failure names its seed: `SEED=17 node --test tests/client/sdk/model.test.mjs` plays it again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../../end_to_end/support/seeded.mjs';
import { FakeWx } from './support/fake_wx.mjs';
import { ModelServer } from './support/model_server.mjs';
import { Stage } from './support/stage.mjs';
import { VirtualClock } from './support/virtual_clock.mjs';

const steps = 120;

class Person {
  constructor(world, who) {
    this.world = world;
    this.who = who;
    this.random = world.random;
    this.said = [];
    this.acked = new Map();
    this.wx = new FakeWx(world.clock, (line) => world.server.accept(line, who));
    this.begin();
  }

  begin() {
    const { clock } = this.world;
    const life = { isOver: false };
    this.life = life;
    this.stage = new Stage({
      clock, wx: this.wx, random: () => this.random.below(1e6) / 1e6,
      parts: {
        clock: {
          now: () => clock.now(),
          // Timers of a dead app don't fire.
          setTimeout: (wake, ms) => clock.setTimeout(() => life.isOver || wake(), ms),
          clearTimeout: (timer) => clock.clearTimeout(timer),
        },
      },
    });
    this.stage.client.on('state', (state) => this.look(state));
    this.stage.client.start();
  }

  get client() {
    return this.stage.client;
  }

  say() {
    const { chat } = this.client.state();
    if (!chat || chat.outbox.length >= 95) return;
    const text = `${this.who}-${this.said.length + 1}`;
    this.said.push(text);
    this.client.say(text).then(
      (event) => this.acked.set(text, event.seq),
      (error) => this.world.blame(`${text} was refused: ${error.code}`));
  }

  look({ chat }) {
    if (!chat) return;
    const shown = [
      ...chat.events.filter(({ kind }) => kind === 'text').map(({ text }) => text),
      ...chat.outbox.map(({ text }) => text),
    ];
    if (new Set(shown).size !== shown.length) {
      this.world.blame(`${this.who} sees a text twice: ${shown}`);
    }
    const seqs = chat.events.map(({ seq }) => seq);
    if (seqs.some((seq, n) => n > 0 && seq <= seqs[n - 1])) {
      this.world.blame(`${this.who} sees events out of order: ${seqs}`);
    }
  }

  cut() {
    const line = this.wx.lines.at(-1);
    if (!line || line.isGone) return;
    const way = this.random.below(3);
    if (way === 0) line.die();
    if (way === 1) line.close(1000, 'interrupted');
    if (way === 2) line.close(1006);
  }

  // Only storage is left. The server may or may not hear of it.
  killApp() {
    this.life.isOver = true;
    for (const line of this.wx.live) {
      line.on = {};
      if (this.random.below(2) === 0) line.die();
      line.isGone = true;
    }
    this.begin();
  }
}

class World {
  constructor(seed) {
    this.seed = seed;
    const draw = seeded(seed);
    this.random = { below: (bound) => Math.floor(draw() * bound) };
    this.clock = new VirtualClock();
    this.server = new ModelServer(this.clock, this.random);
    this.breaches = [];
    this.people = [0, 1].map((who) => new Person(this, who));
  }

  blame(sentence) {
    this.breaches.push(sentence);
  }

  async step() {
    const one = this.people[this.random.below(2)];
    const what = this.random.below(100);
    if (what < 70) {
      for (let n = this.random.below(12); n >= 0; --n) one.say();
    } else if (what < 82) {
      one.cut();
    } else if (what < 87) {
      this.server.crash();
      one.wx.refuses = this.random.below(2) === 0; // who comes late finds other events there
    } else if (what < 91) {
      one.killApp();
    } else if (what < 95) {
      one.client.hide();
    } else {
      one.client.show();
    }
    await this.clock.advance(this.random.below(this.random.below(5) === 0 ? 20_000 : 200));
    if (this.random.below(4) === 0) one.wx.refuses = false;
  }

  async run() {
    this.server.isHasty = true;
    await this.clock.advance(2_000);
    for (let n = 0; n < steps; ++n) await this.step();
    this.server.isHasty = false;
    for (const person of this.people) person.wx.refuses = false;
    await this.clock.advance(300_000);
    this.judge();
  }

  judge() {
    const { events } = this.server;
    const stored = events.filter(({ kind }) => kind === 'text').map(({ text }) => text);
    for (const person of this.people) {
      const mine = stored.filter((text) => text.startsWith(`${person.who}-`));
      assert.deepEqual(mine, person.said, `stored of ${person.who}`);
      const { chat } = person.client.state();
      assert.deepEqual(chat.outbox, [], `the outbox of ${person.who}`);
      const shown = chat.events.filter(({ kind }) => kind === 'text').map(({ text }) => text);
      assert.deepEqual(shown, stored.slice(stored.length - shown.length), `shown to ${person.who}`);
      assert.ok(shown.length >= Math.min(stored.length, 20));
      for (const { seq, at } of chat.events) {
        assert.equal(at, events[seq - 1].at, `when ${seq} was`);
      }
      for (const [text, seq] of person.acked) {
        assert.equal(events[seq - 1].text, text, `the ack of ${text}`);
      }
      assert.deepEqual(person.wx.breaches, []);
    }
    assert.deepEqual(this.breaches, []);
  }
}

const { SEED, SEEDS = 20 } = process.env;
const seeds = SEED ? [Number(SEED)] : Array.from({ length: Number(SEEDS) }, (_, n) => n + 1);

test('whatever happens, every text arrives once and in order', async () => {
  const seen = { rate: 0, full: 0, stale: 0, conflict: 0, texts: 0, crashes: 0 };
  for (const seed of seeds) {
    const world = new World(seed);
    try {
      await world.run();
    } catch (error) {
      error.message = `SEED=${seed}: ${error.message}`;
      throw error;
    }
    for (const [code, count] of Object.entries(world.server.refusals)) seen[code] += count;
    seen.texts += world.server.events.length - 1;
    seen.crashes += world.server.epoch - 1;
  }
  if (seeds.length > 1) {
    assert.ok(seen.rate > 0 && seen.full > 0 && seen.crashes > 0, JSON.stringify(seen));
  }
});
