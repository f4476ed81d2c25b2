// One person's client over the independent `ws` package: says JSON, keeps what was heard, and
// waits for what a test expects. Not a good client on purpose: it never reconnects or repeats.
import WebSocket from 'ws';
import { patience } from './patience.mjs';
import { trusting } from './tls.mjs';

export class Person {
  // Connects without saying anything.
  static async connect(url, { protocols = ['onechat.v1'], ...options } = {}) {
    const person = new Person();
    person.heard = []; // not yet awaited
    person.all = []; // everything, as parsed
    person.raw = []; // everything, as sent
    person.waiters = new Set();
    const wishes = { perMessageDeflate: false, ...trusting, ...options };
    person.socket = new WebSocket(url, protocols, wishes);
    person.closed = new Promise((resolve) =>
      person.socket.on('close', (code, reason) => {
        person.isClosed = true;
        resolve({ code, reason: reason.toString() });
        for (const waiter of [...person.waiters]) waiter();
      }));
    person.socket.on('message', (data) => {
      const text = data.toString();
      person.raw.push(text);
      const message = JSON.parse(text);
      person.all.push(message);
      person.heard.push(message);
      for (const waiter of [...person.waiters]) waiter();
    });
    await new Promise((resolve, reject) => {
      person.socket.once('open', resolve);
      person.socket.once('error', reject);
    });
    person.socket.on('error', () => {});
    return person;
  }

  // Connects and logs in: as a new guest, or with a token.
  static async arrive(url, { token, held, ...options } = {}) {
    const person = await Person.connect(url, options);
    const login = token ? { token } : { login: { provider: 'guest' } };
    person.say({ t: 'hello', v: 1, ...login, ...(held ? { held } : {}) });
    person.welcome = await person.hears('welcome');
    person.token = person.welcome.token;
    person.cid = person.welcome.pair?.last_cid ?? 0;
    person.pair = person.welcome.pair?.pair;
    return person;
  }

  say(message) {
    this.socket.send(JSON.stringify(message));
  }

  // The first message of that type (and kind) not awaited before; fails after a while or a close.
  hears(type, fits = () => true) {
    return new Promise((resolve, reject) => {
      let timer;
      const look = () => {
        const found = this.heard.findIndex((message) => message.t === type && fits(message));
        if (found < 0 && !this.isClosed) return false;
        clearTimeout(timer);
        this.waiters.delete(look);
        if (found < 0) {
          reject(new Error(`closed before "${type}"; heard ${JSON.stringify(this.heard)}`));
        } else {
          resolve(this.heard.splice(found, 1)[0]);
        }
        return true;
      };
      if (look()) return;
      this.waiters.add(look);
      timer = setTimeout(() => {
        this.waiters.delete(look);
        const heard = JSON.stringify(this.heard);
        reject(new Error(`no "${type}" within ${patience} ms; heard ${heard}`));
      }, patience);
    });
  }

  // Everything that was said before has been answered when this returns.
  async settled() {
    const rid = Math.floor(Math.random() * 2 ** 40);
    this.say({ t: 'ping', rid });
    await this.hears('pong', (pong) => pong.rid === rid);
  }

  async text(text) {
    const cid = ++this.cid;
    this.say({ t: 'say', cid, text, pair: this.pair });
    return this.hears('ack', (ack) => ack.cid === cid && ack.pair === this.pair);
  }

  async matched() {
    const matched = await this.hears('matched');
    this.pair = matched.pair;
    this.cid = matched.last_cid;
    return matched;
  }

  events(pair = this.pair) {
    return this.all.filter((message) => message.t === 'event' && message.pair === pair);
  }

  // As a phone that loses its network: no close frame.
  vanish() {
    this.socket.terminate();
    return this.closed;
  }

  leaveForGood() {
    this.socket.close(1000);
    return this.closed;
  }
}

// Two strangers in a chat.
export async function couple(url, find = {}) {
  const [one, two] = await Promise.all([Person.arrive(url), Person.arrive(url)]);
  await meet(one, two, find);
  return [one, two];
}

export async function meet(one, two, find = {}) {
  one.say({ t: 'find', ...find });
  two.say({ t: 'find', ...find });
  return Promise.all([one.matched(), two.matched()]);
}
