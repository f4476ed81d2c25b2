// Logins through WeChat and QQ, against the stand-in for both: who is who, what each refusal
// becomes, what a dead or slow platform does to whom, and that no secret is to be found anywhere.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { withTencent } from '../support/tencent/tencent.mjs';
import { until } from './support/patience.mjs';
import { Person, meet } from './support/person.mjs';
import { Server, binary, withServer } from './support/server.mjs';

const quick = ['--match-round', '20ms', '--log-level', 'debug'];

function withBoth(flags, body) {
  return withTencent((tencent) =>
    withServer({ flags: [...quick, ...tencent.flags(), ...flags], env: tencent.env() },
      (server) => body(server, tencent)));
}

const helloOf = (code, provider = 'wechat') => ({ t: 'hello', v: 1, login: { provider, code } });

// Connects and logs in with a fresh code of that person's.
async function arrive(server, tencent, openid, provider = 'wechat') {
  const person = await Person.connect(server.url);
  person.say(helloOf(tencent.code(openid, provider), provider));
  person.welcome = await person.hears('welcome');
  person.token = person.welcome.token;
  return person;
}

async function refusedFor(server, code, provider) {
  const person = await Person.connect(server.url);
  person.say({ ...helloOf(code, provider), rid: 7 });
  const error = await person.hears('error');
  assert.equal(error.rid, 7);
  await person.leaveForGood();
  return error;
}

async function metric(server, name) {
  const text = await (await fetch(`${server.adminHome}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.split(' ').pop());
}

const calls = (outcome, call = 'login') =>
  `onechat_platform_calls_total{platform="wechat",call="${call}",outcome="${outcome}"}`;

// Logs in again and again, as told, until it is granted; how often it was not.
async function untilWelcome(server, tencent, openid) {
  for (let refusals = 0; ; ++refusals) {
    const person = await Person.connect(server.url);
    person.say(helloOf(tencent.code(openid)));
    const answer = await Promise.race([person.hears('welcome'), person.hears('error')]);
    await person.leaveForGood();
    if (answer.t === 'welcome') return refusals;
    assert.equal(answer.code, 'platform_busy');
    assert.ok(answer.retry_ms > 0);
    await new Promise((resolve) => setTimeout(resolve, answer.retry_ms));
  }
}

test('who logs in twice is the same person, after a restart as well', () =>
  withTencent(async (tencent) => {
    const flags = [...quick, ...tencent.flags()];
    let server = await Server.start({ flags, env: tencent.env() });
    try {
      const ada = await arrive(server, tencent, 'o-ada');
      const bob = await arrive(server, tencent, 'o-bob', 'qq');
      await meet(ada, bob);
      await ada.text('你好');
      ada.say({ t: 'leave' });
      await ada.hears('idle');

      const again = await arrive(server, tencent, 'o-ada');
      assert.deepEqual(await ada.closed.then(({ code }) => code), 4500);
      again.say({ t: 'pairs' });
      assert.equal((await again.hears('pairs')).pairs.length, 1);
      assert.equal(await server.stop(), 0);
      server = await Server.start({ data: server.data, flags, env: tencent.env() });
      server.ownsData = true;

      const later = await arrive(server, tencent, 'o-ada');
      later.say({ t: 'history', pair: ada.pair });
      const { events } = await later.hears('history');
      assert.ok(events.some(({ text, from }) => text === '你好' && from === 'me'));
      const byToken = await Person.arrive(server.url, { token: again.token });
      assert.equal(byToken.welcome.state, 'idle');
      const stranger = await arrive(server, tencent, 'o-ada', 'qq');
      stranger.say({ t: 'pairs' });
      assert.equal((await stranger.hears('pairs')).pairs.length, 0);
    } finally {
      await server.remove();
    }
  }));

test('each refusal is told as what it is, and the connection may say hello again', () =>
  withBoth([], async (server, tencent) => {
    const code = tencent.code('o-ada');
    const first = await Person.connect(server.url);
    first.say(helloOf(code));
    await first.hears('welcome');
    assert.equal((await refusedFor(server, code)).code, 'login_code_used');
    assert.equal((await refusedFor(server, 'invented')).code, 'login_failed');
    assert.equal((await refusedFor(server, tencent.code('o-q', 'qq'))).code, 'login_failed');

    const rows = [[40226, 'login_risky'], [40029, 'login_failed'], [45011, 'platform_busy'],
      [40013, 'platform_busy'], [40125, 'platform_busy']];
    const person = await Person.connect(server.url);
    for (const [errcode, expected] of rows) {
      tencent.script('login', { errcode, errmsg: 'scripted, rid: 1a-2b' });
      const before = tencent.count('login');
      person.say(helloOf(tencent.code('o-bob')));
      const error = await person.hears('error');
      assert.equal(error.code, expected, `errcode ${errcode}`);
      assert.equal(error.retry_ms > 0, expected === 'platform_busy');
      assert.equal(tencent.count('login'), before + 1, `${errcode} is not tried again`);
    }
    person.say(helloOf(tencent.code('o-bob')));
    await person.hears('welcome');
    assert.ok(server.log.some((line) => /errcode 40125" rid=1a-2b$/.test(line)));
    assert.equal(await metric(server, calls('quota')), 1);
  }));

test('what trying again can mend is tried again without anybody noticing', () =>
  withBoth([], async (server, tencent) => {
    tencent.script('login', { errcode: -1, errmsg: 'system error' }, { status: 502, text: 'oops' });

    await arrive(server, tencent, 'o-ada');
    assert.equal(tencent.count('login'), 3);

    // The connection that is kept dies under the next call.
    tencent.script('login', 'drop');
    await arrive(server, tencent, 'o-bob');
    assert.equal(tencent.count('login'), 5);
  }));

test('what is no acceptable answer is platform_busy, and asked once', () =>
  withBoth([], async (server, tencent) => {
    const rows = [{ status: 200, text: '<html>' }, { openid: '' }, { openid: 7 },
      { status: 404, text: 'gone' }, { status: 200, text: `{"openid":"${'x'.repeat(70_000)}"}` }];
    // Not so many in a row that the platform is taken for dead.
    for (const step of rows) {
      await arrive(server, tencent, 'o-ada');
      tencent.script('login', step);
      const error = await refusedFor(server, tencent.code('o-ada'));
      assert.equal(error.code, 'platform_busy', JSON.stringify(step).slice(0, 40));
    }
  }));

test('a dead platform stops nobody who has a token, is left alone, and found again', () =>
  withBoth([], async (server, tencent) => {
    const ada = await arrive(server, tencent, 'o-ada');
    await tencent.down();

    for (let i = 0; i < 3; ++i) {
      const error = await refusedFor(server, tencent.code('o-bob'));
      assert.equal(error.code, 'platform_busy');
      assert.ok(error.retry_ms > 0);
    }
    const resting = 'onechat_platform_resting{platform="wechat",call="login"}';
    assert.equal(await metric(server, resting), 1);
    const tried = await metric(server, calls('failed'));
    assert.equal(tried, 5);
    assert.ok((await metric(server, calls('resting'))) > 0);
    const back = await Person.arrive(server.url, { token: ada.token });
    const guest = await Person.arrive(server.url);
    await meet(back, guest);
    await back.text('still here');

    await tencent.up();
    await untilWelcome(server, tencent, 'o-bob');
    assert.equal(await metric(server, resting), 0);
    assert.ok(server.log.some((line) => /platform name=wechat .*cannot be reached/.test(line)));
    assert.ok(server.log.some((line) => /platform name=wechat .*trouble=over /.test(line)));
  }));

test('a slow platform has its time and no more, and holds up nobody else', () =>
  withBoth(['--platform-time', '2s'], async (server, tencent) => {
    tencent.script('login', 'hang');
    const ada = await Person.connect(server.url);
    const began = Date.now();
    ada.say(helloOf(tencent.code('o-ada')));
    await until(() => tencent.count('login') === 1);
    const guest = await Person.arrive(server.url);
    await guest.settled();
    assert.deepEqual(ada.all, [], 'the others wait for nobody');

    const error = await ada.hears('error');

    assert.equal(error.code, 'platform_busy');
    assert.ok(Date.now() - began >= 2000);
    assert.equal(await metric(server, calls('timed_out')), 1);
    assert.equal(await metric(server, 'onechat_logins_under_way'), 0);
  }));

test('so many logins are under way and no more', () =>
  withBoth(['--logins-max', '3', '--logins-per-address', '2'], async (server, tencent) => {
    tencent.script('login', 'hang', 'hang');
    const held = await Promise.all([1, 2].map(async (n) => {
      const person = await Person.connect(server.url);
      person.say(helloOf(tencent.code(`o-${n}`)));
      return person;
    }));
    while (await metric(server, 'onechat_logins_under_way') < 2);

    assert.equal((await refusedFor(server, tencent.code('o-3'))).code, 'rate_limited');

    assert.equal(await metric(server, 'onechat_limited_total{limit="logins"}'), 1);
    for (const person of held) assert.equal((await person.hears('error')).code, 'platform_busy');
    await arrive(server, tencent, 'o-3');
  }));

test('without guests only those come in whom a platform knows', () =>
  withBoth(['--guests', 'off'], async (server, tencent) => {
    const person = await Person.connect(server.url);
    person.say({ t: 'hello', v: 1, login: { provider: 'guest' } });
    assert.equal((await person.hears('error')).code, 'login_failed');
    person.say(helloOf(tencent.code('o-ada')));
    await person.hears('welcome');
  }));

test('a platform that is not set up is no login, and half a set-up no start', () =>
  withTencent(async (tencent) => {
    await withServer({ flags: [...quick, ...tencent.flags('qq')], env: tencent.env('qq') },
      async (server) => {
        assert.equal((await refusedFor(server, 'x', 'wechat')).code, 'login_failed');
        await arrive(server, tencent, 'o-ada', 'qq');
        await assert.rejects(Server.start({ flags: ['--wechat-appid', 'wx1'] }),
          /wechat-appid: An AppID needs its secret/);
        await assert.rejects(Server.start({ env: { ONECHAT_WECHAT_SECRET: 's' } }),
          /A secret is given, but not the AppID/);
        const file = join(server.data, 'secret');
        await writeFile(file, `${tencent.apps.wechat.secret}\n`);
        await chmod(file, 0o644);
        const flags = [...tencent.flags('wechat'), '--wechat-secret-file', file];
        await assert.rejects(Server.start({ flags }), /chmod 600/);
        await chmod(file, 0o600);
        await withServer({ flags }, (other) => arrive(other, tencent, 'o-bob'));
      });
  }));

test('a stranger who shows another certificate hears no secret', () =>
  withTencent(async (tencent) => {
    const flags = tencent.flags('wechat').filter((each, at, all) =>
      each !== '--platform-ca' && all[at - 1] !== '--platform-ca');
    await withServer({ flags, env: tencent.env('wechat') }, async (server) => {
      assert.equal((await refusedFor(server, tencent.code('o-ada'))).code, 'platform_busy');
      assert.equal(tencent.calls.length, 0);
      assert.ok(server.log.some((line) => line.includes('not trusted')));
    });
  }));

test('a platform is called by its name, believed by the roots of the system, and kept', () =>
  withTencent(async (tencent) => {
    const flags = ['--wechat-appid', tencent.apps.wechat.appid,
      '--wechat-api', `https://localhost:${tencent.port}`];
    const env = { ...tencent.env('wechat'), SSL_CERT_FILE: tencent.ca };
    await withServer({ flags: [...quick, ...flags], env }, async (server) => {
      for (const name of ['o-ada', 'o-bob', 'o-cy']) await arrive(server, tencent, name);
    });
    assert.deepEqual(tencent.calls.map(({ servername }) => servername),
      ['localhost', 'localhost', 'localhost']);
    assert.equal(tencent.connections, 1);
  }));

test('secrets, codes and session keys are nowhere, and OpenIDs with no partner and in no log', () =>
  withBoth(['--moderation', 'hold'], async (server, tencent) => {
    const openids = ['o-ada-0123456789abcdef', 'o-bob-0123456789abcdef'];
    const ada = await arrive(server, tencent, openids[0]);
    const bob = await arrive(server, tencent, openids[1], 'qq');
    await meet(ada, bob, { nickname: '阿云' });
    tencent.script('check', { errcode: 40001, errmsg: `invalid token of ${openids[0]}, rid: 0` });
    await ada.text('在吗');
    await bob.hears('event');
    assert.ok(tencent.calls.some(({ query }) => tencent.secrets.has(query.access_token)));
    bob.say({ t: 'report', pair: bob.pair, reason: 'abuse' });
    await bob.hears('reported');
    for (const t of ['history', 'pairs', 'export']) {
      ada.say({ t, pair: ada.pair });
      bob.say({ t, pair: bob.pair });
    }
    tencent.script('login', { errcode: 40029, errmsg: `invalid code for ${openids[0]}, rid: 1` },
      { errcode: 40125, errmsg: `secret ${tencent.apps.wechat.secret} wrong, rid: 2` },
      { openid: openids[0], session_key: 'c2Vzc2lvbi1rZXk=', errcode: -1 }, 'half', 'hang');
    tencent.secrets.add('c2Vzc2lvbi1rZXk=');
    const refused = [];
    for (let i = 0; i < 3; ++i) {
      refused.push(await refusedFor(server, tencent.code(openids[0])));
    }
    await Promise.all([ada.settled(), bob.settled()]);
    const metrics = await (await fetch(`${server.adminHome}/metrics`)).text();
    const settings = execFileSync(binary, ['check-config', ...tencent.flags()],
      { env: { ...process.env, ...tencent.env() } }).toString();
    assert.equal(await server.stop(), 0);

    const files = await readdir(server.data, { recursive: true });
    const stored = await Promise.all(files.map(async (name) =>
      [name, (await readFile(join(server.data, name))).toString('latin1')]));
    const told = [...ada.raw, ...bob.raw, ...refused.map((error) => JSON.stringify(error))];
    const searched = [...stored, ['log', server.log.join('\n')], ['frames', told.join('\n')],
      ['metrics', metrics], ['settings', settings]];
    assert.ok(tencent.secrets.size >= 6, 'there is something to look for');
    for (const secret of tencent.secrets) {
      for (const [name, text] of searched) {
        assert.ok(!text.includes(secret), `a secret is in ${name}`);
        assert.ok(!text.includes(encodeURIComponent(secret)), `an encoded secret is in ${name}`);
      }
    }
    for (const openid of openids) {
      for (const [name, text] of searched) {
        const isDatabase = /\.db(-wal)?$/.test(name);
        assert.ok(isDatabase || !text.includes(openid), `an OpenID is in ${name}`);
      }
      assert.ok(stored.some(([name, text]) => /\.db(-wal)?$/.test(name) && text.includes(openid)),
        'the search finds what is there');
    }
  }));
