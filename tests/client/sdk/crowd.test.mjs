// Several people at the real server who search, talk, leave and lose their connection as a seed
// says: in the end each client stands where the server thinks it stands, and every promise is kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import WebSocket from 'ws';
import { seeded } from '../../end_to_end/support/seeded.mjs';
import { withServer } from '../../end_to_end/support/server.mjs';
import { People, until } from './support/people.mjs';

const { SEED } = process.env;
const flags = ['--rate-limits', 'off', '--match-round', '5ms', '--rematch-after', '20ms'];

// Asks the server with the person's token; that ends their own connection.
function standing(url, token) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, ['onechat.v1']);
    socket.on('open', () => socket.send(JSON.stringify({ t: 'hello', v: 1, token })));
    socket.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.t !== 'welcome') return;
      resolve({ user: message.state, pair: message.pair?.pair });
      socket.terminate();
    });
    socket.on('error', reject);
  });
}

async function play(server, seed) {
  const draw = seeded(seed);
  const below = (bound) => Math.floor(draw() * bound);
  const people = new People(server.url);
  const crowd = Array.from({ length: 6 }, () => people.arrive());
  const promises = new Set();
  const note = (what, promise) => {
    const one = { what };
    promises.add(one);
    promise.then(() => promises.delete(one), () => promises.delete(one));
  };
  for (let step = 0; step < 400; ++step) {
    const one = crowd[below(crowd.length)];
    const { client } = one;
    const what = below(100);
    if (what < 30) note('find', client.find());
    else if (what < 55) note('say', client.say(`t${step}`));
    else if (what < 63) note('next', client.next());
    else if (what < 70) note('leave', client.leave());
    else if (what < 77) note('cancel', client.cancel());
    else if (what < 80) client.hide();
    else if (what < 86) client.show();
    else if (what < 96) one.task?.close({ code: 1000 });
    else {
      client.stop(); // the same person in a new app, which goes on with the texts
      for (const one of promises) if (one.what === 'say') promises.delete(one);
      crowd[crowd.indexOf(one)] = people.arrive(one.storage);
    }
    await new Promise((resolve) => setTimeout(resolve, below(3) === 0 ? below(20) : 0));
  }
  for (const { client } of crowd) client.show();
  await Promise.all(crowd.map(({ client }) =>
    until(client, 'is online', ({ connection }) => connection.status === 'online')));
  for (const { client } of crowd) {
    await until(client, 'has nothing on its way', ({ chat, ended }) =>
      [chat, ended].every((one) => !one || one.outbox.every(({ state }) => state === 'failed')));
    await client.pairs(); // all that was said before is answered
  }
  const clients = crowd.map(({ client }) => client);
  await until(clients, 'nobody but an odd one searches', () =>
    clients.filter((client) => client.state().user === 'waiting').length < 2);
  for (const { client } of crowd) await client.pairs(); // both sides have been told

  for (const { client, storage } of crowd) {
    const { user, chat } = client.state();
    const told = await standing(server.url, storage.get('onechat:token'));
    assert.deepEqual({ user, pair: chat?.pair }, told, `SEED=${seed}`);
  }
  assert.deepEqual([...promises].map(({ what }) => what), [], `SEED=${seed}`);
  people.stop();
}

test('whatever people do, client and server agree on where they stand', async () => {
  await withServer({ flags }, async (server) => {
    for (const seed of SEED ? [Number(SEED)] : [1, 2, 3]) await play(server, seed);
  });
});
