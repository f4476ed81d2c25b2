// SDK clients over npm's `ws`, for tests against the real binary.
import WebSocket from 'ws';
import { onechat } from './stage.mjs';

const patience = 30_000;

export class People {
  constructor(url) {
    this.url = url; // a restarted server is found at another port
    this.all = [];
  }

  // `storage` of an earlier one is the same person again.
  arrive(storage = new Map()) {
    const localStorage = {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => storage.set(key, value),
      removeItem: (key) => storage.delete(key),
    };
    const parts = onechat.browser({ WebSocket, localStorage });
    const person = { storage, logs: [], sockets: [] };
    person.client = onechat.createClient({
      url: 'ws://elsewhere.test/ws',
      ...parts,
      connect: ({ protocols }) => {
        const task = parts.connect({ url: this.url, protocols });
        person.task = task;
        return task;
      },
      log: (sentence) => person.logs.push(sentence),
    });
    person.client.start();
    this.all.push(person);
    return person;
  }

  stop() {
    for (const { client } of this.all) client.stop();
  }
}

// Looks whenever the state of one of these clients changes; `condition` gets that of the first.
export function until(clients, wish, condition) {
  const all = [].concat(clients);
  const [client] = all;
  return new Promise((resolve, reject) => {
    const look = () => {
      const state = client.state();
      if (!condition(state)) return;
      clearTimeout(timer);
      for (const off of offs) off();
      resolve(state);
    };
    const offs = all.map((one) => one.on('state', look));
    const timer = setTimeout(() => {
      for (const off of offs) off();
      const { chat, connection, user } = client.state();
      const where = JSON.stringify({ connection, user, outbox: chat && chat.outbox.length });
      reject(new Error(`not within ${patience} ms: ${wish}; ${where}`));
    }, patience);
    look();
  });
}

export function texts(state) {
  const said = state.chat.events.filter(({ kind }) => kind === 'text');
  return said.map(({ seq, text }) => [seq, text]);
}
