// One person with a good client: talks with up to 64 texts in flight, resumes after every loss of
// the connection, drops what `keep` says is gone, and says unacked texts again with their `cid`.
import WebSocket from 'ws';
import { Record } from './record.mjs';
import { trusting } from './tls.mjs';

const inFlightMax = 64;
const retryable = ['in_flight_full', 'rate_limited', 'store_unavailable'];

export class ResumingPerson {
  constructor(name, breaches) {
    this.name = name;
    this.breaches = breaches;
    this.record = new Record(name, breaches);
    this.unacked = new Map(); // cid -> text, in the order in which they were said
    this.refused = []; // texts to be said again with new cids, in order
    this.cid = 0;
    this.spoken = 0;
    this.acks = 0;
    this.silentUntil = 0;
    this.keeps = [];
    this.epochs = [];
    this.hooks = new Set();
    this.isLive = false;
    this.promisesMayGo = false;
  }

  // Resolves when the person is welcomed and, in a chat, has been told what was missed.
  async connect(url) {
    this.url = url;
    const socket = new WebSocket(url, ['onechat.v1'], { perMessageDeflate: false, ...trusting });
    this.socket = socket;
    this.gone = new Promise((resolve) => socket.on('close', resolve));
    socket.on('message', (data) => this.#hear(JSON.parse(data)));
    socket.on('close', () => {
      this.isLive = false;
      this.#changed();
    });
    socket.on('error', () => {});
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('close', () => reject(new Error(`${this.name} cannot connect`)));
    });
    this.#send({
      t: 'hello',
      v: 1,
      ...(this.token ? { token: this.token } : { login: { provider: 'guest' } }),
      ...(this.pair ? { held: { pair: this.pair, seq: this.#held(), epoch: this.epoch } } : {}),
    });
    await this.until(() => this.isLive, 'is live');
  }

  // Goes on for as long as it may: `burst` texts at most until the next call.
  talk(burst = Infinity) {
    this.burst = burst;
    this.#pump();
  }

  find() {
    this.#send({ t: 'find' });
    return this.until(() => this.pair, 'has a partner');
  }

  close() {
    this.socket.terminate();
    return this.gone;
  }

  get isSettled() {
    return this.isLive && this.unacked.size === 0 && this.refused.length === 0;
  }

  // Waits for a condition over what was heard.
  until(condition, wish, patience = 20_000) {
    if (condition()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.hooks.delete(look);
        const sentence = `not within ${patience} ms: ${wish}; last heard ${this.lastHeard}`;
        reject(new Error(`${this.name}: ${sentence}`));
      }, patience);
      const look = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.hooks.delete(look);
        resolve();
      };
      this.hooks.add(look);
    });
  }

  #held() {
    this.heldSeq = this.record.through;
    return this.heldSeq;
  }

  #send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  #blame(kind, sentence) {
    this.breaches.push({ kind, sentence: `${this.name}: ${sentence}` });
  }

  #changed() {
    for (const hook of [...this.hooks]) hook();
  }

  #hear(message) {
    this.lastHeard = message.t;
    const hear = {
      welcome: () => this.#welcomed(message),
      matched: () => this.#matched(message),
      event: () => this.#event(message),
      ack: () => this.#acked(message),
      nack: () => this.#nacked(message),
      partner: () => {
        if (message.state === 'left') this.#blame('ended', `the partner left (${message.reason})`);
        this.isLive = true;
        this.#pump();
      },
      bye: () => {
        if (message.code !== 4000) this.#blame('bye', `${message.code} ${message.reason}`);
      },
      error: () => this.#blame('error', `${message.code} ${message.text}`),
    }[message.t];
    if (hear) hear();
    this.#changed();
  }

  #welcomed(welcome) {
    this.token = welcome.token;
    if (this.epoch !== undefined && welcome.epoch < this.epoch) {
      this.#blame('epoch', `${welcome.epoch} after ${this.epoch}`);
    }
    this.epoch = welcome.epoch;
    this.epochs.push(welcome.epoch);
    if (!this.pair) {
      this.isLive = true;
      return;
    }
    if (welcome.state !== 'paired' || welcome.held?.pair !== this.pair) {
      this.#blame('ended', `comes back as ${welcome.state}, held ${JSON.stringify(welcome.held)}`);
      return;
    }
    const { keep, gap } = welcome.held;
    if (keep > this.heldSeq) this.#blame('keep', `${keep} of ${this.heldSeq} held`);
    if (gap) this.#blame('gap', 'nobody was away for a thousand events');
    this.keeps.push({ held: this.heldSeq, keep });
    this.record.keepTo(keep, { promisesMayGo: this.promisesMayGo });
    this.cid = Math.max(this.cid, welcome.pair.last_cid);
    const again = [...this.unacked];
    for (const [cid, text] of again) this.#send({ t: 'say', cid, text, pair: this.pair });
  }

  #matched(matched) {
    this.pair = matched.pair;
    for (const event of matched.recent) this.record.take(event.seq, event.text);
    this.cid = matched.last_cid;
  }

  #event(event) {
    if (event.pair !== this.pair) this.#blame('pair', `an event of ${event.pair}`);
    if (event.from === 'me' && event.kind === 'text') {
      // The ack of a text that was lost with an older connection.
      if (this.unacked.delete(event.cid)) this.acks++;
      this.record.promise(event.seq, event.text);
      return;
    }
    if (!this.record.take(event.seq, event.text)) {
      this.#blame('twice', `event ${event.seq} "${event.text}"`);
    }
  }

  #acked(ack) {
    const text = this.unacked.get(ack.cid);
    if (text === undefined) {
      if (!this.record.has(ack.seq)) this.#blame('ack', `of cid ${ack.cid}, which is not awaited`);
      return;
    }
    this.unacked.delete(ack.cid);
    this.acks++;
    this.record.promise(ack.seq, text);
    this.#pump();
  }

  #nacked(nack) {
    const text = this.unacked.get(nack.cid);
    if (text === undefined || !retryable.includes(nack.code)) {
      this.#blame('nack', `${nack.code} for cid ${nack.cid}`);
      return;
    }
    this.unacked.delete(nack.cid);
    this.refused.push(text);
    const wait = nack.retry_ms ?? 5;
    this.silentUntil = Math.max(this.silentUntil, Date.now() + wait);
    setTimeout(() => this.#pump(), wait + 1).unref();
  }

  #pump() {
    if (!this.isLive || !this.pair || Date.now() < this.silentUntil) return;
    // Refused texts come first; those said after them are refused as well and must be waited for.
    if (this.refused.length > 0 && this.unacked.size > 0) return;
    while (this.unacked.size < inFlightMax && (this.refused.length > 0 || this.burst > 0)) {
      let text = this.refused.shift();
      if (text === undefined) {
        this.burst--;
        text = `${this.name}-${++this.spoken}`;
      }
      const cid = ++this.cid;
      this.unacked.set(cid, text);
      this.#send({ t: 'say', cid, text, pair: this.pair });
    }
  }
}
