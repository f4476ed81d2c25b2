// The table "Input and the exact answer" of the quality goals, through the front door: what is
// sent, and exactly what comes back. Behind every row a control: the same server still serves two
// fresh people, and two others who have been talking all along have noticed nothing.
import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { deadlineRows } from './input/deadline_rows.mjs';
import { frameRows } from './input/frame_rows.mjs';
import { httpRows, originRows } from './input/http_rows.mjs';
import { newcomerRows, welcomedRows } from './input/json_rows.mjs';
import { idleRows, nicknames, others, own, pairedRows, texts } from './input/message_rows.mjs';
import { Person, couple, meet } from './support/person.mjs';
import { Raw, answersIn, closeFrame, frame, framesIn, op, upgrade } from './support/raw.mjs';
import { isSanitized } from './support/patience.mjs';
import { Server, withServer } from './support/server.mjs';
import { cutOff, overTls } from './support/tls.mjs';
import { Witnesses, assertHeard, residentBytes } from './support/witnesses.mjs';

const flags = ['--match-round', '0s', '--rematch-after', '0s', '--log-level', 'debug'];
const unlimited = [...flags, '--rate-limits', 'off'];
const hello = frame(op.text, JSON.stringify({ t: 'hello', v: 1, login: { provider: 'guest' } }));
const sentinel = 2 ** 40; // a rid that no row uses

// One row after the other on one server, each with its control; says which rows went wrong.
function rows(name, table, run, more = []) {
  test(name, () => withServer({ flags: [...unlimited, ...more] }, async (server) => {
    const witnesses = await Witnesses.enter(server);
    const failed = [];
    for (const [title, row] of Object.entries(table)) {
      try {
        await run(server, row, witnesses);
        await witnesses.control();
      } catch (error) {
        failed.push(`${title}: ${error.message.replace(/\s+/g, ' ').slice(0, 400)}`);
        if (server.process.exitCode !== null) break;
      }
    }
    const all = Object.keys(table).length;
    assert.ok(failed.length === 0, `${failed.length} of ${all} rows:\n${failed.join('\n')}`);
    witnesses.checkLog(['S3CRET']);
  }));
}

async function http(server, row) {
  const raw = await Raw.connect(server.port);
  const heard = () => answersIn(raw.received, /^HEAD/.test(row.bytes));
  raw.send(row.bytes);
  if (row.status === 101) {
    raw.send(hello);
    await raw.until(() => framesIn(heard().left).length === 1, 'the welcome');
    assert.equal(JSON.parse(framesIn(heard().left)[0][1]).t, 'welcome');
  } else {
    raw.send('GET /healthz?second HTTP/1.1\r\nHost: a\r\n\r\n');
    if (row.goesOn) await raw.until(() => heard().answers.length === 2, 'two answers');
    else await raw.end();
  }
  const { answers } = heard();
  assert.equal(answers[0]?.status, row.status, `status of ${JSON.stringify(`${raw.received}`)}`);
  assert.equal(answers.length, row.goesOn ? 2 : 1, 'whether the next request is served');
  if (row.body !== undefined) assert.equal(answers[0].body, row.body);
  const headers = { ...row.headers, server: undefined, 'x-powered-by': undefined };
  if (row.status !== 101) headers['x-content-type-options'] = 'nosniff';
  for (const [key, value] of Object.entries(headers)) {
    assert.equal(answers[0].headers[key], value, `${key} is ${answers[0].headers[key]}`);
  }
  assert.equal(raw.trouble, undefined, 'no reset');
  assert.ok(!raw.received.includes('S3CRET'));
  await raw.close();
}

async function welcomed(server) {
  const raw = await Raw.upgraded(server.port);
  raw.send(hello);
  await raw.until(() => framesIn(raw.received).length === 1, 'the welcome');
  raw.received = Buffer.alloc(0);
  return raw;
}

async function frames(server, row) {
  const raw = await welcomed(server);
  const before = residentBytes(server.process.pid);
  if (row.singly) row.bytes.forEach((byte) => raw.send(Buffer.from([byte])));
  else raw.send(row.bytes);
  const short = ([kind, payload]) =>
    (kind === 'text' ? JSON.parse(payload).t : `${kind}:${payload}`);
  if (row.frames) {
    await raw.until(() => framesIn(raw.received).length >= row.frames.length, 'the answers');
    assert.deepEqual(framesIn(raw.received).map(short), row.frames);
    assert.ok(!raw.ended);
  } else {
    await raw.end();
    const heard = framesIn(raw.received).filter(([kind]) => kind !== 'pong');
    const [kind, code] = heard.shift();
    assert.deepEqual([kind, code || undefined, heard.length], ['close', row.close, 0]);
    assert.equal(raw.trouble, undefined, 'no reset');
    const grown = residentBytes(server.process.pid) - before;
    assert.ok(grown < 1 << 20 || isSanitized, `the server has grown by ${grown} bytes`);
  }
  await raw.close();
}

// Says things one after the other; resolves with all that is heard until everything is answered.
async function answersTo(person, said, wanted, close) {
  person.all.length = 0;
  person.heard.length = 0;
  for (const one of said) person.socket.send(typeof one === 'string' ? one : JSON.stringify(one));
  if (close) {
    const ended = await person.closed;
    assert.deepEqual(ended, { code: close, reason: wanted.at(-1).reason });
    return person.all;
  }
  // Some answers come from the store, so that a ping alone would overtake them.
  for (const { t } of wanted) await person.hears(t);
  person.say({ t: 'ping', rid: sentinel });
  await Promise.any(['pong', 'error'].map((t) => person.hears(t, ({ rid }) => rid === sentinel)));
  return person.all.filter(({ rid }) => rid !== sentinel);
}

const json = (arrive) => async (server, { said, heard, close }) => {
  const person = await arrive(server.url);
  try {
    assertHeard(await answersTo(person, said, heard, close), heard);
  } finally {
    await person.leaveForGood();
  }
};

// Row by row, in the state that `enter` makes; resolves with the speaker and, in a chat, a partner.
const messages = (enter) => async (server, { said, refusal, nacked }, witnesses) => {
  const [speaker, partner] = await enter(server.url);
  try {
    const places = { [own]: speaker.pair, [others]: witnesses.pair };
    const message = { ...said, rid: 7 };
    if (said.pair in places) message.pair = places[said.pair];
    const answer = nacked ? { t: 'nack', cid: nacked, field: undefined } : { t: 'error' };
    if (refusal && !nacked && refusal.field) answer.field = refusal.field;
    const wanted = refusal ? [{ ...answer, code: refusal.code, rid: 7 }] : [];
    const disturbed = partner?.all.length;
    assertHeard(await answersTo(speaker, [message], wanted), wanted);
    if (partner) {
      const { seq } = await speaker.text('as before');
      assert.equal((await partner.hears('event', (event) => event.seq === seq)).seq, 3);
      assert.equal(partner.all.length, disturbed + 1, 'the partner noticed something');
    }
  } finally {
    await Promise.all([speaker, partner].map((person) => person?.leaveForGood()));
  }
};

// A chat in which the partner has said something.
async function chat(url) {
  const [speaker, partner] = await couple(url);
  await partner.text('seq 2');
  await speaker.hears('event');
  return [speaker, partner];
}

const named = (table) => Object.fromEntries(table.map((row, at) => {
  const shown = JSON.stringify(row.said, (key, value) => (value === undefined ? null : value));
  return [`${at} ${shown.slice(0, 100)}`, row];
}));

async function deadline(server, row) {
  const raw = await (row.welcomed ? welcomed(server)
    : row.upgraded ? Raw.upgraded(server.port) : Raw.connect(server.port));
  const began = Date.now();
  raw.send(row.bytes);
  const timers = (row.later ?? []).map(([after, bytes]) =>
    setTimeout(() => raw.send(bytes), after));
  const isOver = () => raw.ended || framesIn(raw.received).at(-1)?.[0] === 'close';
  await raw.until(isOver, 'the end', 15_000);
  const took = Date.now() - began;
  timers.forEach(clearTimeout);
  raw.send(closeFrame(1000));
  await raw.end();
  assert.ok(took > 9000 && took < 13_500, `it took ${took} ms`);
  assert.deepEqual(framesIn(raw.received), row.ends);
}

describe('input', { concurrency: true }, () => {
  rows('HTTP', httpRows, http);
  rows('origins', originRows, http, ['--allow-origins', 'https://chat.example']);
  rows('frames', frameRows, frames);
  rows('JSON before welcome', newcomerRows, json((url) => Person.connect(url)));
  rows('JSON', welcomedRows, json((url) => Person.arrive(url)));
  rows('messages of somebody idle', named(idleRows), messages(async (url) =>
    [await Person.arrive(url)]));
  rows('messages in a chat', named(pairedRows), messages(chat));

  test('deadlines', () => withServer({ flags: unlimited }, async (server) => {
    const witnesses = await Witnesses.enter(server);
    const table = Object.entries(deadlineRows);
    const ended = await Promise.allSettled(table.map(([, row]) => deadline(server, row)));
    const failed = ended.flatMap(({ reason }, at) =>
      (reason ? [`${table[at][0]}: ${reason.message.replace(/\s+/g, ' ')}`] : []));
    assert.ok(failed.length === 0, failed.join('\n'));
    await witnesses.control();
  }));

  test('too many connections of one address', () =>
    withServer({ flags: [...flags, '--connections-per-address', '8'] }, async (server) => {
      const witnesses = await Witnesses.enter(server);
      const kept = await Promise.all(Array.from({ length: 6 }, () => Raw.connect(server.port)));
      kept[0].send(upgrade());
      await kept[0].until(() => answersIn(kept[0].received).answers.length === 1, 'the 101');

      if (overTls) {
        await assert.rejects(Raw.connect(server.port), cutOff);
      } else {
        const surplus = await Raw.connect(server.port);
        surplus.send(upgrade());
        await surplus.end();
        const { answers: [answer] } = answersIn(surplus.received);
        assert.deepEqual([answer.status, answer.body], [429, 'too_many_connections\n']);
        assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
      }
      await Promise.all(kept.map((raw) => raw.close()));
      await witnesses.control();
    }));

  test('a flood of refusals', () => withServer({ flags }, async (server) => {
    const witnesses = await Witnesses.enter(server);
    const loud = await Person.arrive(server.url);
    for (let n = 0; n < 120; ++n) loud.say({ t: 'leave' });
    const bye = await loud.hears('bye');
    assert.deepEqual([bye.code, bye.reason], [4003, 'flood']);
    assert.ok(bye.retry_ms > 0);
    assert.deepEqual(await loud.closed, { code: 4003, reason: 'flood' });
    assert.equal(loud.all.filter(({ t }) => t === 'error').length, 100);
    await witnesses.control();
  }));

  test('texts and nicknames are shown and kept as they are', async () => {
    const said = Object.values(texts);
    const isText = ({ kind }) => kind === 'text';
    const events = (recent) => recent.filter(isText).map(({ text }) => text);
    const first = await Server.start({ flags: unlimited });
    try {
      const [one, two] = await couple(first.url);
      for (const text of said) {
        await one.text(text);
        assert.equal((await two.hears('event', isText)).text, text);
      }
      for (const nickname of nicknames) {
        one.say({ t: 'leave' });
        await Promise.all([one.hears('idle'), two.hears('partner')]);
        const [, { partner, recent }] = await meet(one, two, { nickname });
        assert.equal(partner.nickname, nickname);
        assert.deepEqual(events(recent), said.slice(-events(recent).length));
      }
      assert.equal(await first.stop(), 0);
      await withServer({ flags: unlimited, data: first.data }, async (again) => {
        const back = await Person.arrive(again.url, { token: two.token });
        const kept = events(back.welcome.pair.recent);
        assert.deepEqual(kept, said.slice(-kept.length));
      });
      for (const line of first.log) assert.match(line, /^[\x20-\x7e]*$/);
    } finally {
      await first.remove();
    }
  });
});
