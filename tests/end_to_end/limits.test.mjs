// Every limit refuses with an answer, counts what it refused, and lets go again.
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { get as getOverTls } from 'node:https';
import { test } from 'node:test';
import { Person, couple } from './support/person.mjs';
import { withServer } from './support/server.mjs';
import { cutOff, overTls, trusting } from './support/tls.mjs';

const quick = ['--match-round', '20ms', '--rematch-after', '0s'];
const withFlags = (flags, body) => withServer({ flags: [...quick, ...flags] }, body);

const fetchText = (home, path = '/metrics', options = {}) =>
  new Promise((resolve, reject) => {
    const ask = home.startsWith('https:') ? getOverTls : get;
    ask(`${home}${path}`, { ...trusting, ...options }, (response) => {
      let body = '';
      response.on('data', (chunk) => { body += chunk; });
      const { statusCode: status, headers } = response;
      response.on('end', () => resolve({ status, headers, body }));
    }).on('error', reject);
  });

const metric = async (server, name) => {
  const { body } = await fetchText(server.adminHome);
  const line = body.split('\n').find((l) => l.startsWith(`${name} `));
  return Number(line?.split(' ').pop());
};

test('texts beyond the burst are refused with a time to wait, and none is lost or reordered', () =>
  withFlags(['--texts-rate', '20/s', '--texts-burst', '5'], async (server) => {
    const [ann, ben] = await couple(server.url);
    for (let cid = 1; cid <= 8; cid += 1) {
      ann.say({ t: 'say', cid, text: `text ${cid}`, pair: ann.pair });
    }
    const nacks = [];
    for (const cid of [6, 7, 8]) nacks.push(await ann.hears('nack', (n) => n.cid === cid));
    assert.deepEqual(nacks.map((n) => n.code), ['rate_limited', 'rate_limited', 'rate_limited']);
    assert.ok(nacks.every((n) => n.retry_ms >= 1 && n.retry_ms <= 250));
    ann.say({ t: 'say', cid: 1, text: 'text 1', pair: ann.pair });
    assert.equal((await ann.hears('ack', (a) => a.dup)).cid, 1);

    let cid = 8;
    for (const text of ['text 6', 'text 7', 'text 8']) {
      for (;;) {
        cid += 1;
        ann.say({ t: 'say', cid, text, pair: ann.pair });
        const sent = cid;
        const answer = await Promise.race([
          ann.hears('ack', (a) => a.cid === sent).catch(() => null),
          ann.hears('nack', (n) => n.cid === sent).catch(() => null),
        ]);
        if (answer.t === 'ack') break;
        await new Promise((resolve) => setTimeout(resolve, answer.retry_ms));
      }
    }
    await ben.hears('event', (e) => e.text === 'text 8');
    const shown = ben.all.filter((m) => m.t === 'event' && m.kind === 'text').map((m) => m.text);
    assert.deepEqual(shown, [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `text ${n}`));
    assert.ok(await metric(server, 'onechat_limited_total{limit="texts"}') >= 1);
  }));

test('searches beyond the burst are refused', () =>
  withServer({ flags: [...quick, '--finds-burst', '3'] }, async (server) => {
    const ann = await Person.arrive(server.url);
    for (let n = 0; n < 4; n += 1) ann.say({ t: 'find', rid: n });
    const refused = await ann.hears('error');
    assert.deepEqual([refused.code, refused.rid], ['rate_limited', 3]);
    assert.ok(refused.retry_ms > 0 && refused.retry_ms <= 6000);
    assert.equal(await metric(server, 'onechat_limited_total{limit="finds"}'), 1);
  }));

test('all messages together are limited, and typing is dropped silently', () =>
  withFlags(['--messages-burst', '10', '--messages-rate', '1/s'], async (server) => {
    const [ann, ben] = await couple(server.url);
    for (let n = 0; n < 20; n += 1) ann.say({ t: 'typing', on: true });
    ann.say({ t: 'history', pair: ann.pair, rid: 5 });
    const refused = await ann.hears('error');
    assert.deepEqual([refused.code, refused.rid], ['rate_limited', 5]);
    ann.say({ t: 'say', cid: 1, text: 'too much', pair: ann.pair });
    assert.equal((await ann.hears('nack')).code, 'rate_limited');
    await ben.settled();
    assert.equal(ben.all.filter((m) => m.t === 'typing').length, 8);
    assert.equal(ben.all.filter((m) => m.kind === 'text').length, 0);
  }));

test('four requests to the store may be under way, and a fifth is refused', () =>
  withServer({ flags: quick }, async (server) => {
    const [ann] = await couple(server.url);
    for (let n = 0; n < 12; n += 1) ann.say({ t: 'history', pair: ann.pair, rid: n });
    await ann.settled();
    const answers = ann.all.filter((m) => m.t === 'history' || m.t === 'error');
    while (ann.all.filter((m) => m.t === 'history' || m.t === 'error').length < 12) {
      await ann.settled();
    }
    assert.ok(answers.filter((m) => m.t === 'error').every((m) => m.code === 'rate_limited'));
    const answered = ann.all.filter((m) => 'rid' in m && m.t !== 'pong').map((m) => m.rid);
    assert.deepEqual(answered.sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  }));

test('new guests of one address are limited, and those with a token are not', () =>
  withFlags(['--guest-logins-burst', '3', '--guest-logins-rate', '1/h'], async (server) => {
    const ann = await Person.arrive(server.url);
    await Person.arrive(server.url);
    await Person.arrive(server.url);
    const fourth = await Person.connect(server.url);
    fourth.say({ t: 'hello', v: 1, login: { provider: 'guest' }, rid: 9 });
    const refused = await fourth.hears('error');
    assert.deepEqual([refused.code, refused.rid], ['rate_limited', 9]);
    assert.ok(refused.retry_ms > 0);
    fourth.say({ t: 'hello', v: 1, token: ann.token });
    await fourth.hears('welcome');
    assert.equal(await metric(server, 'onechat_limited_total{limit="guest_logins"}'), 1);
  }));

test('connections of one address are limited before the upgrade', () =>
  withServer({ flags: [...quick, '--connections-per-address', '3'] }, async (server) => {
    const people = [];
    for (let n = 0; n < 3; n += 1) people.push(await Person.arrive(server.url));
    await assert.rejects(Person.connect(server.url), overTls ? cutOff : /429/);
    await people[0].leaveForGood();
    let back;
    for (let n = 0; n < 50 && !back; n += 1) {
      back = await Person.connect(server.url).catch(() => null);
    }
    assert.ok(back);
    const refused = 'onechat_http_refused_total{limit="connections_per_address"}';
    assert.ok(await metric(server, refused) >= 1);
  }));

test('all connections together are limited: whoever is too many hears so', () =>
  withServer({ flags: [...quick, '--connections-max', '2'] }, async (server) => {
    await Person.arrive(server.url);
    await Person.arrive(server.url);
    const third = await Person.connect(server.url);
    assert.equal((await third.hears('bye')).code, 4004);
    assert.equal((await third.closed).code, 4004);
  }));

test('reports are limited', () =>
  withServer({ flags: [...quick, '--reports-burst', '2'] }, async (server) => {
    const [ann] = await couple(server.url);
    for (let n = 0; n < 3; n += 1) {
      ann.say({ t: 'report', pair: ann.pair, reason: 'spam', rid: n });
      await ann.hears(n < 2 ? 'reported' : 'error', (m) => m.rid === n);
    }
    assert.equal(await metric(server, 'onechat_limited_total{limit="reports"}'), 1);
  }));

test('with --rate-limits off none of them is there', () =>
  withServer({
    flags: [...quick, '--rate-limits', 'off', '--texts-burst', '1', '--finds-burst', '1',
      '--messages-burst', '1', '--guest-logins-burst', '1', '--connections-per-address', '1',
      '--reports-burst', '1'],
  }, async (server) => {
    const [ann] = await couple(server.url);
    for (let n = 0; n < 50; n += 1) await ann.text(`text ${n}`);
    for (let n = 0; n < 3; n += 1) {
      ann.say({ t: 'report', pair: ann.pair, reason: 'spam' });
      await ann.hears('reported');
    }
    for (let n = 0; n < 200; n += 1) ann.say({ t: 'typing', on: true });
    await ann.settled();
  }));

test('metrics are for the operator alone, and every route of theirs needs a token', () =>
  withServer({ flags: quick }, async (server) => {
    const [ann] = await couple(server.url);
    await ann.text('count me');
    const { status, headers, body } = await fetchText(server.adminHome);
    assert.equal(status, 200);
    assert.match(headers['content-type'], /^text\/plain; version=0\.0\.4/);
    assert.match(body, /^onechat_texts_total 1$/m);
    assert.match(body, /^onechat_chats 1$/m);
    assert.match(body, /^# TYPE onechat_texts_total counter$/m);
    assert.ok(!body.includes('count me'));
    for (const path of ['/metrics', '/admin/api/v1/users', '/admin/']) {
      assert.equal((await fetchText(server.home, path)).status, 404, path);
    }
    for (const path of ['/admin/api/v1/users', '/admin/x/../y']) {
      for (const authorization of [undefined, 'Bearer wrong']) {
        const headers = authorization ? { authorization } : {};
        const answer = await fetchText(server.adminHome, path, { headers });
        assert.equal(answer.status, 401, path);
        assert.equal(answer.headers['www-authenticate'], 'Bearer');
      }
    }
    const stats = '/admin/api/v1/stats';
    assert.equal((await fetchText(server.adminHome, stats)).status, 401);
    const sixth = await fetchText(server.adminHome, stats);
    assert.equal(sixth.status, 429);
    assert.ok(Number(sixth.headers['retry-after']) >= 1);
    assert.equal((await fetchText(server.adminHome)).status, 200);
  }));
