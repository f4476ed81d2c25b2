// Two people with the SDK at the real server, which is killed while both speak.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Server, withServer } from '../../end_to_end/support/server.mjs';
import { People, texts, until } from './support/people.mjs';

const calm = ['--rate-limits', 'off', '--match-round', '0s'];

async function couple(people) {
  const [one, two] = [people.arrive(), people.arrive()];
  for (const { client } of [one, two]) client.find({ nickname: '小明', avatar: 'cat' });
  await Promise.all([one, two].map(({ client }) =>
    until(client, 'has a partner', ({ user }) => user === 'paired')));
  return [one, two];
}

// Both hold the same texts, each once, and none is on its way.
async function agree(one, two, count) {
  await Promise.all([one, two].map(({ client }) =>
    until(client, `has ${count} texts`, (state) =>
      state.chat && state.chat.outbox.length === 0 && texts(state).length >= count)));
  const [mine, theirs] = [texts(one.client.state()), texts(two.client.state())];
  assert.deepEqual(mine, theirs);
  assert.equal(new Set(mine.map(([, text]) => text)).size, count);
  assert.equal(mine.length, count);
  return mine.map(([, text]) => text);
}

const inOrder = (all, name) =>
  assert.deepEqual(
    all.filter((text) => text.startsWith(name)),
    Array.from({ length: all.filter((text) => text.startsWith(name)).length },
      (_, n) => `${name}${n + 1}`));

test('a server killed three times loses nothing and doubles nothing', async () => {
  let server = await Server.start({ flags: calm });
  const { data } = server;
  const people = new People(server.url);
  try {
    const [one, two] = await couple(people);
    const counts = { one: 0, two: 0 };
    const talk = () => {
      for (const [name, { client }] of [['one', one], ['two', two]]) {
        if (client.state().chat?.outbox.length < 90) client.say(`${name}${++counts[name]}`);
      }
    };
    for (let round = 0; round < 3; ++round) {
      const talking = setInterval(talk, 2);
      await until(one.client, 'some texts', (state) => texts(state).length > 100 * (round + 1));
      await server.kill();
      await until(one.client, 'noticed', ({ connection }) => connection.status !== 'online');
      server = await Server.start({ data, flags: calm });
      people.url = server.url;
      await until(one.client, 'is back', ({ connection }) => connection.status === 'online');
      clearInterval(talking);
    }
    const all = await agree(one, two, counts.one + counts.two);
    inOrder(all, 'one');
    inOrder(all, 'two');
    const page = await one.client.history(one.client.state().chat.pair, { limit: 100 });
    assert.equal(page.events.at(-1).text, all.at(-1));
  } finally {
    people.stop();
    server.ownsData = true;
    await server.remove();
  }
});

test('an app that is ended in the middle of a sentence goes on where it was', async () => {
  await withServer({ flags: calm }, async (server) => {
    const people = new People(server.url);
    const [one, two] = await couple(people);
    for (let n = 1; n <= 30; ++n) one.client.say(`one${n}`);
    people.url = 'ws://127.0.0.1:1/ws';
    one.task.close({ code: 1000 });
    for (let n = 31; n <= 40; ++n) one.client.say(`one${n}`);
    const stored = new Map(one.storage); // as of now: what comes later is not kept
    one.client.stop();

    people.url = server.url;
    const again = people.arrive(stored);
    const all = await agree(again, two, 40);
    inOrder(all, 'one');
    assert.equal(again.client.state().chat.partner.nickname, '小明');
    people.stop();
  });
});

test('limits of the server only slow a hasty writer down', async () => {
  await withServer({ flags: ['--match-round', '0s'] }, async (server) => {
    const people = new People(server.url);
    const [one, two] = await couple(people);
    for (let n = 1; n <= 40; ++n) one.client.say(`one${n}`);
    const all = await agree(one, two, 40);
    inOrder(all, 'one');
    people.stop();
  });
});

test('a hundred texts typed without a network do not become a flood', async () => {
  const flags = ['--match-round', '0s', '--texts-burst', '5', '--texts-rate', '20/s'];
  await withServer({ flags }, async (server) => {
    const people = new People(server.url);
    const [one, two] = await couple(people);
    const statuses = new Set();
    one.client.on('state', ({ connection }) => statuses.add(connection.status));
    for (let n = 1; n <= 100; ++n) one.client.say(`one${n}`);
    const all = await agree(one, two, 100);
    inOrder(all, 'one');
    assert.deepEqual([...statuses], ['online'], 'the server had no reason to close');
    people.stop();
  });
});

test('a visit: leave, next, records, export and erasure', async () => {
  await withServer({ flags: calm }, async (server) => {
    const people = new People(server.url);
    const [one, two] = await couple(people);
    const event = await one.client.say('你好');
    await until(two.client, 'hears it', (state) => texts(state).length === 1);
    two.client.seen();
    await until(one.client, 'sees it seen', ({ chat }) => chat.partner_seen >= event.seq);
    await one.client.recall(event.seq);
    await until(two.client, 'loses it', ({ chat }) => chat.events.some(({ gone }) => gone));
    const { pair } = one.client.state().chat;

    await one.client.next();
    await until(two.client, 'is left', ({ ended }) => ended?.end?.by === 'partner');
    await one.client.cancel();
    const { pairs } = await two.client.pairs();
    assert.equal(pairs[0].pair, pair);
    await two.client.block(pair);
    await two.client.report(pair, 'spam', 'note');
    const records = await one.client.exportAll();
    assert.equal(records[0].kind, 'account');
    const receipt = await one.client.erase();
    assert.equal(typeof receipt.id, 'string');
    await until(one.client, 'is gone', ({ connection }) => connection.why === 'erased');
    await two.client.logout();
    assert.equal(two.client.state().connection.why, 'logged_out');
    people.stop();
  });
});
