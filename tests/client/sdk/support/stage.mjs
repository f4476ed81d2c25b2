// One client on a strict fake platform, with a server that a test plays by hand.
import { createRequire } from 'node:module';
import { FakeWx } from './fake_wx.mjs';
import { VirtualClock } from './virtual_clock.mjs';

const require = createRequire(import.meta.url);
export const onechat = require('../../../../client/sdk/onechat.js');

export const limits = { text: 2000, frame: 32768, in_flight: 64, durability: 'full' };

export class Stage {
  constructor(options = {}) {
    this.clock = options.clock ?? new VirtualClock();
    this.wx = options.wx ?? new FakeWx(this.clock);
    this.epoch = 1000;
    this.told = [];
    this.makeClient(options);
  }

  // The app is ended and comes up again: only storage is left.
  makeClient(options = {}) {
    this.client = onechat.createClient({
      url: 'wss://chat.test/ws',
      ...onechat.platform(this.wx),
      login: async () => ({ provider: 'guest' }),
      clock: this.clock,
      random: options.random ?? (() => 0.5),
      ...options.parts,
    });
    for (const name of ['matched', 'event', 'ended', 'state']) {
      this.client.on(name, (what) => this.told.push({ name, what }));
    }
  }

  killApp() {
    this.client.stop = undefined;
    for (const line of this.wx.lines) {
      line.on = {};
      line.isGone = true;
    }
    this.clock.timers.clear();
    this.makeClient();
  }

  get state() {
    return this.client.state();
  }

  get line() {
    return this.wx.lines[this.wx.lines.length - 1];
  }

  wait(ms = 100) {
    return this.clock.advance(ms);
  }

  // Until a new socket has said hello.
  async greeted() {
    for (let n = 0; n < 400; ++n) {
      if (this.line?.last('hello') && !this.line.isWelcomed) return this.line;
      await this.clock.advance(100);
    }
    throw new Error('No hello within 40 s.');
  }

  async welcome(more = {}) {
    const line = await this.greeted();
    line.isWelcomed = true;
    const { token, held } = line.last('hello');
    const answer = held && !more.held ? { held: { pair: held.pair, keep: held.seq } } : {};
    line.say({
      t: 'welcome', v: 1, token: token ?? 'token-1', expires: 2e12, epoch: this.epoch,
      state: 'idle', topics: [], limits, now: this.clock.now(), heartbeat_ms: 25000,
      away_ms: 120000, ...answer, ...more,
    });
    await this.wait();
    return line;
  }

  static async online(options = {}) {
    const stage = new Stage(options);
    stage.client.start();
    await stage.welcome(options.welcome);
    return stage;
  }

  static async paired(options = {}) {
    const stage = await Stage.online(options);
    stage.client.find();
    await stage.wait();
    stage.line.say({ t: 'matched', ...chatBody(options.chat) });
    await stage.wait();
    return stage;
  }

  // The server resumes the chat: a welcome, what was missed, and live.
  async resume({ keep, gap, missed = [], more = {}, live = true, state = 'here' } = {}) {
    const line = await this.greeted();
    const { held } = line.last('hello');
    const pair = { ...chatBody(), ...more, resumed: true };
    delete pair.recent;
    const answer = { pair: held.pair, keep: keep ?? held.seq, ...(gap ? { gap } : {}) };
    await this.welcome({ state: 'paired', held: answer, pair });
    for (const event of missed) line.say({ t: 'event', pair: 'P1', ...event });
    if (live) line.say({ t: 'partner', pair: 'P1', state });
    await this.wait();
    return line;
  }

  ack(say, seq, more = {}) {
    const at = this.clock.now();
    this.line.say({ t: 'ack', pair: say.pair, cid: say.cid, seq, at, ...more });
  }

  nack(say, code, more = {}) {
    this.line.say({ t: 'nack', pair: say.pair, cid: say.cid, code, ...more });
  }

  says() {
    return this.line.all('say').map(({ cid, text }) => [cid, text]);
  }

  texts(chat = this.state.chat) {
    return chat.events.filter((event) => event.kind === 'text').map((event) => event.text);
  }

  outbox(chat = this.state.chat) {
    return chat.outbox.map(({ text, state, code }) => [text, state, ...(code ? [code] : [])]);
  }

  all(name) {
    return this.told.filter((one) => one.name === name).map((one) => one.what);
  }
}

export const start = { pair: 'P1', seq: 1, at: 1, from: 'system', kind: 'start' };

export function chatBody(more = {}) {
  return {
    pair: 'P1', partner: { alias: '小狐', avatar: 'fox' }, met: 0, recent: [start], last_seq: 1,
    last_cid: 0, partner_seen: 0, ...more,
  };
}

export function textFrom(from, seq, text, more = {}) {
  return { pair: 'P1', seq, at: seq, from, kind: 'text', text, ...more };
}

export function endFrom(from, seq, reason = 'left') {
  return { t: 'event', pair: 'P1', seq, at: seq, from, kind: 'end', reason };
}

// Whether it rejects, and with which code.
export function outcome(promise) {
  const result = { state: 'pending' };
  promise.then(
    (value) => Object.assign(result, { state: 'resolved', value }),
    (error) => Object.assign(result, { state: 'rejected', code: error.code, error }));
  return result;
}
