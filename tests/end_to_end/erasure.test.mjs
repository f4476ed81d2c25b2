// An erased account: at once nobody reads a word of it, and after the seal's end no byte is left.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Person, couple } from './support/person.mjs';
import { Server, withServer } from './support/server.mjs';

const flags = ['--match-round', '20ms', '--rematch-after', '0s'];
const secret = 'a-sentence-that-only-ann-would-say';
const kept = 'a-sentence-that-ben-may-keep';

const ask = async (person, message, answer) => {
  person.say(message);
  return person.hears(answer);
};

// Which files of the data folder hold these bytes.
const holding = async (data, bytes) => {
  const found = [];
  for (const name of await readdir(data)) {
    if ((await readFile(join(data, name))).includes(bytes)) found.push(name);
  }
  return found;
};

const logged = async (server, what) => {
  while (!server.log.some((line) => line.includes(what))) {
    await new Promise((resolve) => server.process.stderr.once('data', resolve));
  }
};

const talkAndErase = async (url) => {
  const [ann, ben] = await couple(url);
  await ann.text(secret);
  await ben.text(kept);
  const erased = await ask(ann, { t: 'erase', confirm: true }, 'erased');
  return { ann, ben, receipt: erased.receipt };
};

test('the partner sees that the texts are gone, and the token is no good', () =>
  withServer({ flags }, async ({ url }) => {
    const before = Date.now();
    const { ann, ben, receipt } = await talkAndErase(url);

    assert.equal((await ann.closed).code, 4504);
    assert.equal((await ben.hears('partner', (p) => p.state === 'left')).reason, 'left');
    assert.equal(receipt.texts, 1);
    assert.ok(receipt.id.length >= 16);
    const texts = receipt.kept.find((item) => item.what === 'texts');
    assert.ok(Math.abs(texts.until - before - 72 * 3600_000) < 60_000);
    const page = await ask(ben, { t: 'history', pair: ben.pair }, 'history');
    assert.deepEqual(page.events.map((e) => [e.kind, e.text, e.gone]), [
      ['start', undefined, undefined],
      ['text', undefined, 'erase'],
      ['text', kept, undefined],
      ['end', undefined, undefined],
    ]);
    const back = await Person.connect(url);
    back.say({ t: 'hello', v: 1, token: ann.token });
    assert.equal((await back.hears('bye')).code, 4501);
  }));

test('until the seal ends the bytes are there, and then in no file', async () => {
  await withServer({ flags: [...flags, '--seal-time', '72h'] }, async (server) => {
    const { ben } = await talkAndErase(server.url);
    assert.notDeepEqual(await holding(server.data, secret), []);
    const seen = await ask(ben, { t: 'history', pair: ben.pair }, 'history');
    assert.ok(!JSON.stringify(seen).includes(secret));
  });
  await withServer({ flags: [...flags, '--seal-time', '0s'] }, async (server) => {
    const { receipt, ben } = await talkAndErase(server.url);
    await logged(server, `erasure complete receipt=${receipt.id}`);
    assert.deepEqual(await holding(server.data, secret), []);
    assert.notDeepEqual(await holding(server.data, kept), []);
    const page = await ask(ben, { t: 'history', pair: ben.pair }, 'history');
    assert.equal(page.events[1].gone, 'erase');
  });
});

test('a recalled text leaves the files when its seal ends', () =>
  withServer({ flags: [...flags, '--seal-time', '0s'] }, async (server) => {
    const [ann] = await couple(server.url);
    const { seq } = await ann.text(secret);
    await ask(ann, { t: 'recall', seq }, 'event');
    const gone = async () => (await holding(server.data, secret)).length === 0;
    for (let n = 0; n < 50 && !(await gone()); n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.ok(await gone());
  }));

test('a restored backup forgets again', async () => {
  const server = await Server.start({ flags });
  try {
    const [ann, ben] = await couple(server.url);
    await ann.text(secret);
    await server.stop();
    const backup = await readFile(join(server.data, 'onechat.db'));
    const second = await Server.start({ flags, data: server.data });
    const again = await Person.arrive(second.url, { token: ann.token });
    await ask(again, { t: 'erase', confirm: true }, 'erased');
    await second.stop();

    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(server.data, 'onechat.db'), backup);
    const third = await Server.start({ flags, data: server.data });
    const back = await Person.connect(third.url);
    back.say({ t: 'hello', v: 1, token: again.token });
    assert.equal((await back.hears('bye')).code, 4501);
    const partner = await Person.arrive(third.url, { token: ben.token });
    const page = await ask(partner, { t: 'history', pair: ann.pair }, 'history');
    assert.equal(page.events.find((e) => e.kind === 'text').gone, 'erase');
    await third.stop();
  } finally {
    await server.remove();
  }
});
