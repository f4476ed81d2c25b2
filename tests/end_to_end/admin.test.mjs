// The operator's API through its own door: every route, every role, what it leaves behind, and that
// nothing gets through that should not.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, readdir, stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { Operator, root, send } from './support/operator.mjs';
import { Person, couple, meet } from './support/person.mjs';
import { Server, binary, withServer } from './support/server.mjs';

const flags = ['--match-round', '20ms', '--rematch-after', '0s'];
const quick = [...flags, '--rate-limits', 'off'];
const secret = 'a sentence that only Ann would say';

const ask = async (person, message, answer) => {
  person.say(message);
  return person.hears(answer);
};

// Two people who have talked and parted, and their ids here.
const talked = async (server, owner) => {
  const [ann, ben] = await couple(server.url);
  await ann.text(secret);
  await ben.text('and an answer');
  ann.say({ t: 'leave' });
  await ann.hears('idle');
  await ann.settled();
  const { users } = await owner.get('/users');
  const [later, earlier] = users.map((user) => user.id);
  const { pairs } = await owner.get(`/users/${earlier}/pairs`);
  // Who is who is told by the record.
  const { events } = await owner.get(`/pairs/${pairs[0].id}/events`);
  const annId = events.find((event) => event.text === secret).user;
  return { ann, ben, annId, benId: annId === later ? earlier : later, pair: pairs[0].id,
    earlier };
};

const audited = async (owner) =>
  (await owner.get('/audit?limit=100')).entries
    .map((row) => `${row.who}: ${row.act}, ${row.target}`);

test('the first start makes one token, of an owner, that only this user may read', async () => {
  const server = await Server.start({ flags });
  try {
    const file = join(server.data, 'admin.token');
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const owner = await Operator.of(server);
    assert.deepEqual((await owner.get('/tokens')).tokens.map((one) => [one.name, one.role]),
      [['first', 'owner']]);
    await server.stop();
    for (const name of await readdir(server.data)) {
      if (name === 'admin.token') continue;
      const bytes = await readFile(join(server.data, name));
      assert.ok(!bytes.includes(owner.token), `${name} holds the token`);
    }

    const again = await Server.start({ flags, data: server.data });
    assert.equal((await new Operator(again, owner.token).ask('GET', '/stats')).status, 200);
    assert.ok(!again.log.some((line) => line.includes(owner.token)));
    await again.stop();
  } finally {
    await server.remove();
  }
});

test('every route answers, and every reading and change leaves its row', () =>
  withServer({ flags: quick }, async (server) => {
    const owner = await Operator.of(server);
    const { ann, ben, annId, benId, pair, earlier } = await talked(server, owner);
    await ask(ben, { t: 'report', pair: ben.pair, reason: 'abuse', note: 'such words' },
      'reported');

    const stats = await owner.get('/stats');
    assert.equal(stats.texts, 2);
    assert.equal(stats.acks.at(-1).count, 2);
    assert.equal(stats.open_reports, 1);
    assert.equal((await owner.get(`/users/${annId}`)).state, 'active');
    assert.equal((await owner.ask('POST', '/users/search', { body: { query: annId } }))
      .body.users[0].id, annId);
    const { reports } = await owner.get('/reports?state=open');
    assert.equal(reports[0].target, annId);
    assert.ok(!JSON.stringify(reports).includes('such words'));
    const report = await owner.get(`/reports/${reports[0].id}`);
    assert.equal(report.note, 'such words');
    assert.ok(report.evidence.some((event) => event.text === secret && event.user === annId));
    const resolved = await owner.ask('POST', `/reports/${reports[0].id}/resolve`);
    assert.deepEqual(resolved.body, { reports: 1 });
    const banned = await owner.ask('POST', `/users/${benId}/ban`, { body: { days: 1 } });
    assert.equal(banned.body.level, 1);
    assert.equal((await ben.closed).code, 4502);
    assert.equal((await owner.get('/users?state=banned')).users[0].id, benId);
    assert.deepEqual((await owner.ask('DELETE', `/users/${benId}/ban`)).body, { bans: 1 });
    const [session] = (await owner.get(`/users/${annId}`)).sessions;
    assert.equal((await owner.ask('POST', `/sessions/${session}/close`)).status, 200);
    assert.equal((await ann.closed).code, 4000);
    assert.deepEqual((await owner.ask('DELETE', `/pairs/${pair}/events/2`)).body,
      { texts: 1, more: false });
    assert.deepEqual((await owner.ask('DELETE', `/pairs/${pair}/events`)).body,
      { texts: 1, more: false });
    assert.deepEqual((await owner.get(`/users/${annId}/access`)).entries, []);
    assert.equal((await owner.get(`/users/${annId}/account`)).provider, 'guest');
    const { records } = await owner.get(`/users/${benId}/export`);
    assert.deepEqual(records.map((record) => record.kind), ['account', 'ban']);
    assert.deepEqual((await owner.get('/flags', { why: null })).flags, []);
    const made = await owner.ask('POST', '/tokens', { body: { name: 'vi', role: 'viewer' } });
    assert.equal(made.body.role, 'viewer');
    assert.equal((await owner.ask('DELETE', '/tokens/vi')).status, 200);
    const erased = await owner.ask('DELETE', `/users/${annId}`);
    assert.equal((await owner.get(`/erasures/${erased.body.receipt}`)).user, annId);

    assert.deepEqual(await audited(owner), [
      `first: erase user, user ${annId}`,
      'first: remove token, token vi',
      'first: add token viewer, token vi',
      `first: export user, user ${benId}`,
      `first: read account, user ${annId}`,
      `first: read access, user ${annId}`,
      `first: remove events, pair ${pair}`,
      `first: remove event, pair ${pair} event 2`,
      `first: close session, session ${session}`,
      `first: lift ban, user ${benId}`,
      `first: ban user, user ${benId}`,
      `first: resolve report, report ${reports[0].id}`,
      `first: read report, report ${reports[0].id}`,
      `first: read events, pair ${pair}`,
      `first: read pairs, user ${earlier}`,
    ]);
    const rows = (await owner.get('/audit')).entries;
    assert.ok(rows.every((row) => row.why === 'for a test' && Date.now() - row.at < 60_000));
  }));

test('what a moderator removes is gone from both phones at their next sync', () =>
  withServer({ flags: quick }, async (server) => {
    const owner = await Operator.of(server);
    const { ann, ben, pair } = await talked(server, owner);
    const moderator = await owner.admits('mo', 'moderator');

    assert.deepEqual((await moderator.ask('DELETE', `/pairs/${pair}/events/2`)).body,
      { texts: 1, more: false });

    for (const person of [ann, ben]) {
      const page = await ask(person, { t: 'history', pair: person.pair }, 'history');
      const gone = page.events.find((event) => event.seq === 2);
      assert.equal(gone.gone, 'removed');
      assert.equal(gone.text, undefined);
      assert.equal(page.events.at(-1).ref, 2);
      assert.ok(!JSON.stringify(page).includes(secret));
    }
    const { events } = await moderator.get(`/pairs/${pair}/events`);
    assert.ok(!JSON.stringify(events).includes(secret));
    await meet(ann, ben);
    assert.ok(!JSON.stringify(ben.all.at(-1)).includes(secret));
  }));

test('a user who can not log in is erased, online or away, and the token is no good', () =>
  withServer({ flags: quick }, async (server) => {
    const owner = await Operator.of(server);
    const [ann, ben] = await couple(server.url);
    await ann.text(secret);
    const { users } = await owner.get('/users');
    const { events } = await owner.get(`/pairs/1/events`);
    const annId = events.find((event) => event.text === secret).user;
    await ann.vanish();

    const { body } = await owner.ask('DELETE', `/users/${annId}`);

    assert.equal((await ben.hears('partner', (p) => p.state === 'left')).reason, 'left');
    const back = await Person.connect(server.url);
    back.say({ t: 'hello', v: 1, token: ann.token });
    assert.equal((await back.hears('bye')).code, 4501);
    const page = await ask(ben, { t: 'history', pair: ben.pair }, 'history');
    assert.equal(page.events.find((event) => event.kind === 'text').gone, 'erase');
    assert.equal((await owner.get(`/users/${annId}`)).receipt, body.receipt);
    assert.equal((await owner.ask('DELETE', `/users/${annId}`)).status, 409);
    assert.equal(users.length, 2);
  }));

test('roles may what they may, and a removed token nothing at all', () =>
  withServer({ flags: quick }, async (server) => {
    const owner = await Operator.of(server);
    const { pair, annId } = await talked(server, owner);
    const viewer = await owner.admits('vi', 'viewer');
    const moderator = await owner.admits('mo', 'moderator');
    const document = JSON.parse(await readFile(
      new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
    const before = (await audited(owner)).length;
    const rank = { viewer: 0, moderator: 1, owner: 2 };

    let tried = 0;
    for (const [pattern, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        const path = pattern.replace('{id}', '999999').replace('{seq}', '2')
          .replace('{receipt}', 'abcdefghijklmnop').replace('{name}', 'nobody');
        const needed = /`(\w+)`/.exec(operation.description)[1];
        for (const [name, who] of Object.entries({ viewer, moderator })) {
          const { status } = await who.ask(method.toUpperCase(), path, { why: null });
          assert.equal(status === 403, rank[name] < rank[needed], `${name} ${method} ${path}`);
          tried += 1;
        }
      }
    }
    assert.ok(tried >= 52);
    assert.equal((await audited(owner)).length, before);
    assert.equal((await viewer.ask('GET', `/users/${annId}`)).status, 200);
    assert.equal((await viewer.ask('GET', `/pairs/${pair}/events`)).status, 403);
    assert.equal((await moderator.ask('GET', `/pairs/${pair}/events`)).status, 200);
    assert.equal((await owner.ask('DELETE', '/tokens/mo')).status, 200);
    assert.equal((await moderator.ask('GET', '/stats')).status, 401);
    assert.equal((await owner.ask('DELETE', '/tokens/first')).status, 409);
  }));

test('bad requests get a clear answer and change nothing', () =>
  withServer({ flags: quick }, async (server) => {
    const owner = await Operator.of(server);
    const { ben, pair, annId, benId } = await talked(server, owner);
    await ask(ben, { t: 'report', pair: ben.pair, reason: 'spam', note: 'kept' }, 'reported');
    await owner.ask('POST', `/users/${benId}/ban`, { body: { days: 1 } });
    // All that there is, of everybody; the readings that it takes leave rows of their own.
    const readings = ['read events', 'read report'];
    const whole = async () => JSON.stringify([await owner.get('/users'), await owner.get('/tokens'),
      await owner.get(`/users/${annId}`), await owner.get(`/users/${benId}`),
      await owner.get(`/pairs/${pair}/events?limit=100`), await owner.get('/reports'),
      await owner.get('/reports/1'), await owner.get('/backups'), await owner.get('/flags'),
      (await audited(owner)).filter((row) => !readings.some((one) => row.includes(one)))]);
    const normal = (text) => text.replace(/"used":\d+/g, '');
    const before = normal(await whole());

    const sql = "1' OR '1'='1";
    const long = 'x'.repeat(1900);
    const cases = [
      ['GET', `/users/${encodeURIComponent(sql)}`, {}, 400],
      ['GET', '/users/1;DROP%20TABLE%20users', {}, 400],
      ['GET', '/users/-1', {}, 400],
      ['GET', '/users/1e3', {}, 400],
      ['GET', '/users/9223372036854775808', {}, 400],
      ['GET', '/users/999999999999999999', {}, 404],
      ['GET', '/users/../../../etc/passwd', {}, 404],
      ['GET', '/users/%2e%2e/audit', {}, 404],
      ['GET', '/users/..%2faudit', {}, 400],
      ['GET', `/users/${annId}/`, {}, 404],
      ['GET', '//users', {}, 404],
      ['GET', '/admin/api/v2/users', {}, 404],
      ['GET', '/admin/', {}, 404],
      ['GET', `/${long}`, {}, 404],
      ['GET', '/users?limit=100000', {}, 400],
      ['GET', '/users?limit=0', {}, 400],
      ['GET', '/users?limit=-1', {}, 400],
      ['GET', '/users?limit=1&limit=2', {}, 400],
      ['GET', `/users?before=${encodeURIComponent(sql)}`, {}, 400],
      ['GET', '/users?before=99999999999999999999999', {}, 400],
      ['GET', '/users?state=all', {}, 400],
      ['GET', '/users?order=id', {}, 400],
      ['GET', `/users?query=${'x'.repeat(129)}`, {}, 400],
      ['GET', '/users?query=%00', {}, 400],
      ['GET', `/pairs/${pair}/events`, { why: null }, 400],
      ['GET', `/pairs/${pair}/events`, { why: 'x' }, 400],
      ['DELETE', `/users/${annId}`, { why: null }, 400],
      ['DELETE', `/pairs/${pair}/events/0`, {}, 404],
      ['DELETE', `/pairs/${pair}/events/99999`, {}, 404],
      ['DELETE', `/pairs/${pair}/events/2/3`, {}, 404],
      ['DELETE', '/users', {}, 405],
      ['POST', '/stats', {}, 405],
      ['PATCH', `/users/${annId}`, {}, 405],
      ['OPTIONS', '/stats', {}, 405],
      ['POST', `/users/${annId}/ban`, { raw: '{' }, 400],
      ['POST', `/users/${annId}/ban`, { raw: '[]' }, 400],
      ['POST', `/users/${annId}/ban`, { raw: '['.repeat(30_000) }, 400],
      ['POST', `/users/${annId}/ban`, { body: { days: 0 } }, 400],
      ['POST', `/users/${annId}/ban`, { body: { days: '1' } }, 400],
      ['POST', `/users/${annId}/ban`, { body: { days: 1e9 } }, 400],
      ['POST', `/users/${annId}/ban`, { raw: `{"days":1,"x":"${'x'.repeat(70_000)}"}` }, 413],
      ['POST', `/users/${annId}/ban`,
        { raw: 'days=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
      ['POST', `/users/${annId}/ban`,
        { raw: '{"days":1}', headers: { 'content-type': 'text/plain' } }, 415],
      ['POST', '/tokens', { body: { name: '../../x', role: 'owner' } }, 400],
      ['POST', '/tokens', { body: { name: 'x', role: 'root' } }, 400],
      ['POST', '/tokens', { body: { name: 'first', role: 'owner' } }, 409],
      ['DELETE', '/tokens/..', {}, 400],
      ['POST', '/users/search', { body: { query: '' } }, 400],
      ['POST', '/users/search', { body: {} }, 400],
      ['POST', '/users/search', { body: { query: 'a', limit: 101 } }, 400],
      ['POST', '/reports/1/resolve', { why: null }, 400],
      ['POST', '/reports/2/resolve', {}, 404],
      ['POST', '/backup', { why: '   ' }, 400],
      ['POST', '/backup', { body: { keep: 0 } }, 400],
      ['DELETE', `/users/${benId}/ban`, { why: 'one\u202etwo' }, 400],
      ['GET', `/users/${annId}/export?after=x`, {}, 400],
      ['GET', `/users/${annId}/account`, { why: null }, 400],
      ['POST', '/sessions/999/close', {}, 404],
      ['GET', '/erasures/../keys', {}, 404],
      ['GET', '/erasures/a.b', {}, 400],
      ['GET', '/stats', { headers: { host: 'evil.example' } }, 403],
      ['GET', '/stats', { headers: { origin: 'http://evil.example' } }, 403],
      ['POST', `/users/${annId}/ban`,
        { body: { days: 1 }, headers: { origin: 'null' } }, 403],
    ];
    for (const [method, path, options, expected] of cases) {
      const { status, body, text, headers } = await owner.ask(method, path, options);
      const what = `${method} ${path.slice(0, 60)} ${JSON.stringify(options).slice(0, 60)}`;
      assert.equal(status, expected, `${what}: ${text.slice(0, 200)}`);
      const told = body?.text ?? text;
      if (expected !== 413 && method !== 'OPTIONS') assert.ok(told.length > 5, what);
      assert.equal(headers['access-control-allow-origin'], undefined);
    }

    // What looks like SQL but is a query as any other finds nobody.
    for (const query of [sql, '%', '_', "'; DROP TABLE users; --", '\\']) {
      const { status, body } = await owner.ask('POST', '/users/search', { body: { query } });
      assert.equal(status, 200);
      assert.deepEqual(body.users, []);
    }
    assert.equal(normal(await whole()), before);
    const [one] = await couple(server.url);
    await one.text('the server still serves');
  }));

test('wrong tokens are refused, then limited, and the right one still works', () =>
  withServer({ flags: quick }, async (server) => {
    const owner = await Operator.of(server);
    const stranger = new Operator(server, 'onechat_admin_wrong');
    const statuses = [];
    for (let n = 0; n < 7; n += 1) statuses.push((await stranger.ask('GET', '/users')).status);
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429]);
    assert.equal((await owner.ask('GET', '/users')).status, 200);
    assert.deepEqual(await audited(owner), []);
    // Never on the public side.
    const [host, port] = server.address.split(':');
    if (!server.isSecure) {
      const { status } = await send(`${host}:${port}`, {
        path: `${root}/stats`, headers: { authorization: `Bearer ${owner.token}` },
      });
      assert.equal(status, 404);
    }
    const { text } = await send(server.admin, { path: '/metrics' });
    assert.match(text, /^onechat_admin_wrong_tokens_total 7$/m);
  }));

test('no log and no row holds a text, a token or what was searched for', () =>
  withServer({ flags: [...quick, '--log-level', 'debug'] }, async (server) => {
    const owner = await Operator.of(server);
    await talked(server, owner);
    await owner.ask('GET', '/users?query=o6_bmjrPTlm6_2sgVt7hMZOPfL2M');
    const log = server.log.join('\n');
    for (const word of [secret, owner.token, 'o6_bmjr']) assert.ok(!log.includes(word));
    assert.ok(!JSON.stringify(await owner.get('/audit')).includes(secret));
  }));

test('the command line asks the same API, for people and for programs', () =>
  withServer({ flags: quick }, async (server) => {
    const owner = await Operator.of(server);
    const { ben, annId, pair } = await talked(server, owner);

    const users = await owner.command('users');
    assert.equal(users.status, 0, users.stderr);
    assert.match(users.stdout, /^id +provider +state/m);
    const json = await owner.command('users', '--json');
    assert.equal(JSON.parse(json.stdout).users.length, 2);
    assert.equal(JSON.parse((await owner.command('--json', 'stats')).stdout).texts, 2);
    assert.match((await owner.command('user', annId)).stdout, /^state +active$/m);
    const events = await owner.command('events', pair, '--why', '有人举报');
    assert.match(events.stdout, new RegExp(secret));
    const made = await owner.command('token', 'add', 'bo', '--role', 'viewer');
    assert.equal(made.status, 0, made.stderr);
    const bo = new Operator(server, /onechat_admin_\S+/.exec(made.stdout)[0]);
    assert.equal((await bo.command('stats')).status, 0);
    const refused = await bo.command('audit');
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /needs the role owner/);
    assert.match((await owner.command('ban', annId, '--days', '2', '--why', 'rude words')).stdout,
      /^level +1$/m);
    assert.equal((await owner.command('unban', annId, '--why', 'a mistake')).status, 0);
    const whole = await owner.command('export', annId, '--why', 'asked by mail');
    assert.match(whole.stdout, /^kind +account$/m);
    assert.match(whole.stdout, new RegExp(`^text +${secret}$`, 'm'));
    assert.match((await owner.command('account', annId, '--why', 'asked')).stdout,
      /^provider +guest$/m);
    const removed = await owner.command('delete', 'events', pair, '--all', '--why', 'all of it');
    assert.match(removed.stdout, /^texts +2$/m);
    const erased = await owner.command('delete', 'user', annId, '--why', 'asked by mail');
    assert.equal(erased.status, 0, erased.stderr);
    assert.match((await owner.command('audit')).stdout, /read events +pair \d+ +有人举报/);
    for (const wrong of [['ban', annId], ['users', '--limit', '101'], ['user', 'x'], [],
      ['delete', 'events', pair, '--why', 'which'], ['nothing']]) {
      assert.equal((await owner.command(...wrong)).status, 2, wrong.join(' '));
    }
    const nobody = new Operator(server, 'onechat_admin_nobody');
    assert.match((await nobody.command('stats')).stderr, /token/);
    assert.ok(ben);
  }));

test('a text can not control the terminal of whoever reads it', () =>
  withServer({ flags: quick }, async (server) => {
    const owner = await Operator.of(server);
    const [ann] = await couple(server.url);
    await ann.text('red \u001b[31m \u202e and more');
    const { stdout } = await owner.command('events', '1', '--why', 'looking');
    assert.ok(stdout.includes('red'));
    assert.ok(!/[\u001b\u202e]/.test(stdout));
  }));

test('OpenAPI: each answer fits what the document says of it', () =>
  withServer({ flags: [...quick, '--keep-access', '180d'] }, async (server) => {
    const owner = await Operator.of(server);
    const { ann, ben, annId, benId, pair } = await talked(server, owner);
    await ask(ben, { t: 'report', pair: ben.pair, reason: 'spam' }, 'reported');
    const document = JSON.parse(await readFile(
      new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
    const { fits } = await import('./support/schema.mjs');
    const [session] = (await owner.get(`/users/${benId}`)).sessions;
    const each = [
      ['get', '/stats'], ['get', '/users', '/users?limit=1'], ['get', '/users/{id}'],
      ['post', '/users/search', undefined, { query: annId, limit: 1 }],
      ['get', '/users/{id}/pairs'], ['get', '/users/{id}/access'], ['get', '/users/{id}/account'],
      ['get', '/users/{id}/export'], ['get', '/pairs/{id}/events', `/pairs/${pair}/events`],
      ['get', '/reports'], ['get', '/reports/{id}', '/reports/1'],
      ['post', '/reports/{id}/resolve', '/reports/1/resolve', { person: true }],
      ['get', '/flags'], ['get', '/audit', '/audit?limit=1'], ['get', '/tokens'],
      ['post', '/tokens', undefined, { name: 'vi', role: 'viewer' }],
      ['delete', '/tokens/{name}', '/tokens/vi'],
      ['post', '/users/{id}/ban', undefined, { days: 3 }], ['delete', '/users/{id}/ban'],
      ['post', '/sessions/{id}/close', `/sessions/${session}/close`],
      ['delete', '/pairs/{id}/events/{seq}', `/pairs/${pair}/events/2`],
      ['delete', '/pairs/{id}/events', `/pairs/${pair}/events`],
      ['post', '/backup', undefined, {}], ['get', '/backups'],
      ['delete', '/users/{id}'],
      ['get', '/erasures/{receipt}', (said) => `/erasures/${said.receipt}`],
    ];
    let last;
    for (const [method, pattern, path, body] of each) {
      const asked = typeof path === 'function' ? path(last)
        : path ?? pattern.replace('{id}', annId);
      const answer = await owner.ask(method.toUpperCase(), asked, { body });
      const said = document.paths[pattern][method].responses[answer.status];
      assert.ok(said && answer.status < 300, `${method} ${asked}: ${answer.text}`);
      assert.deepEqual(fits(document, said.content['application/json'].schema, answer.body), [],
        `${method} ${asked}`);
      last = answer.body;
    }
    const known = Object.entries(document.paths).flatMap(([pattern, methods]) =>
      Object.keys(methods).map((method) => `${method} ${pattern}`));
    assert.deepEqual(each.map(([method, pattern]) => `${method} ${pattern}`).sort(), known.sort());
    const refusal = (await owner.ask('GET', '/users/x')).body;
    assert.deepEqual(fits(document, { $ref: '#/components/schemas/Problem' }, refusal), []);
    assert.notDeepEqual(fits(document, { $ref: '#/components/schemas/Problem' }, {}), []);
    assert.ok(ann);
  }));

// As `onechat admin` is called on the server's own machine.
const onTheMachine = async (server, ...args) => {
  const { ONECHAT_ADMIN_TOKEN, ONECHAT_ADMIN_URL, ...env } = process.env;
  const asked = spawn(binary, ['admin', '--token-file', join(server.data, 'admin.token'), ...args],
    { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const out = { stdout: '', stderr: '' };
  for (const name of Object.keys(out)) asked[name].on('data', (data) => (out[name] += data));
  out.status = await new Promise((resolve) => asked.once('close', resolve));
  return out;
};

test('the command finds the server by its folder, and brings the token nowhere else', async () => {
  const server = await Server.start({ flags: quick });
  const file = join(server.data, 'admin.address');
  try {
    assert.equal((await readFile(file, 'utf8')).trim(), server.admin);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.match((await onTheMachine(server, 'stats')).stdout, /^sessions +0$/m);
    await server.kill();

    // Another program has the port now, and hears nothing.
    const heard = [];
    const thief = createServer((socket) => socket.on('data', (data) => heard.push(`${data}`)));
    const [, host, port] = /^(.*):(\d+)$/.exec(server.admin);
    await new Promise((resolve) => thief.listen(Number(port), host, resolve));
    const refused = await onTheMachine(server, 'stats');
    thief.close();

    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /No server with an operator's port runs/);
    assert.deepEqual(heard, []);

    const again = await Server.start({ flags: quick, data: server.data });
    assert.equal((await onTheMachine(again, 'stats')).status, 0);
    await again.stop();
    await assert.rejects(stat(file), { code: 'ENOENT' });
  } finally {
    await server.remove();
  }
});

test('figures are told under our own names alone', () =>
  withServer({ flags: quick }, async (server) => {
    const metrics = (headers) => send(server.admin, { path: '/metrics', headers });
    assert.equal((await metrics({})).status, 200);
    assert.equal((await metrics({ host: 'evil.example' })).status, 403);
    assert.equal((await metrics({ origin: 'http://evil.example' })).status, 403);
    assert.equal((await send(server.admin, { path: '/readyz', headers: { host: 'x.example' } }))
      .status, 200);
  }));

test('idle connections to the operator\'s port have an end, and the rest go on', () =>
  withServer({ flags: quick }, async (server) => {
    const [, host, port] = /^(.*):(\d+)$/.exec(server.admin);
    const idle = [];
    const closed = [];
    for (let n = 0; n < 80; n += 1) {
      const socket = connect(Number(port), host.replace(/[[\]]/g, ''));
      idle.push(socket);
      closed.push(new Promise((resolve) => socket.once('close', resolve)));
      socket.on('error', () => {});
    }
    await Promise.all(closed.slice(64));
    const [one] = await couple(server.url);
    await one.text('the public port serves');
    idle.slice(0, 10).forEach((socket) => socket.destroy());
    await Promise.all(closed.slice(0, 10));
    let figures = '';
    while (!figures) {
      figures = await send(server.admin, { path: '/metrics' }).then(({ text }) => text, () => '');
    }
    assert.match(figures, /^onechat_admin_refused_connections_total (1[6-9]|[2-9]\d)$/m);
    idle.forEach((socket) => socket.destroy());
  }));
