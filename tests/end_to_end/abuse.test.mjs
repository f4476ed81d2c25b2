// Who stands at the door: addresses told by proxies, limits per network and in all, people who
// leave one partner after the other, and bans.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { get } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { Person, couple } from './support/person.mjs';
import { answerTo, headerFor, lineFor, through } from './support/proxy.mjs';
import { Server, withServer } from './support/server.mjs';
import { overTls } from './support/tls.mjs';

const quick = ['--match-round', '20ms', '--rematch-after', '0s'];
const oneGuestEach = ['--guest-logins-rate', '1/h', '--guest-logins-burst', '1'];
const proxied = ['--proxy-protocol', 'on', '--trusted-proxies', '127.0.0.1,10.0.0.0/8'];

const withFlags = (flags, body) => withServer({ flags: [...quick, ...flags] }, body);

const metric = (server, name) =>
  new Promise((resolve, reject) => {
    get(`${server.adminHome}/metrics`, (response) => {
      let body = '';
      response.on('data', (chunk) => { body += chunk; });
      response.on('end', () => {
        const line = body.split('\n').find((one) => one.startsWith(`${name} `));
        resolve(Number(line?.split(' ').pop()));
      });
    }).on('error', reject);
  });

// What a new guest hears who connects so: 'welcome', or the code of the refusal.
async function greeted(server, options) {
  const guest = await Person.connect(server.url, options);
  guest.say({ t: 'hello', v: 1, login: { provider: 'guest' } });
  const heard = await Promise.race([
    guest.hears('welcome').catch(() => null), guest.hears('error').catch(() => null)]);
  guest.vanish();
  return heard.code ?? heard.t;
}

const forwardedFor = (list, from) => ({
  headers: { 'X-Forwarded-For': list },
  ...(from ? { localAddress: from } : {}),
});

test('a PROXY header of either version tells the client, before TLS as well', () =>
  withFlags([...proxied, ...oneGuestEach], async (server) => {
    for (const say of [lineFor, headerFor]) {
      const last = say === lineFor ? 1 : 2;
      assert.equal(await greeted(server, through(say(`192.0.2.${last}`))), 'welcome');
      assert.equal(await greeted(server, through(say(`192.0.2.${last}`))), 'rate_limited');
    }
    assert.equal(await greeted(server, through(headerFor('192.0.2.1'))), 'rate_limited');
    assert.equal(await metric(server, 'onechat_limited_total{limit="guest_logins"}'), 3);
  }));

test('behind a proxy a whole /64 is one customer', () =>
  withFlags([...proxied, ...oneGuestEach], async (server) => {
    assert.equal(await greeted(server, through(headerFor('2001:db8:1:2::1'))), 'welcome');
    const same = headerFor('2001:db8:1:2:ffff:ffff:ffff:ffff');
    assert.equal(await greeted(server, through(same)), 'rate_limited');
    assert.equal(await greeted(server, through(lineFor('2001:db8:1:2::9'))), 'rate_limited');
    assert.equal(await greeted(server, through(headerFor('2001:db8:1:3::1'))), 'welcome');
  }));

test('where proxies are awaited nobody else comes in, and none without its header', () =>
  withFlags(proxied, async (server) => {
    const stranger = await answerTo(server.port, lineFor('192.0.2.1'), '127.0.0.2');
    const silent = await answerTo(server.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const broken = await answerTo(server.port, 'PROXY TCP4 192.0.2.1\r\n');
    if (overTls) {
      assert.deepEqual([stranger, silent, broken], ['', '', '']);
    } else {
      assert.match(stranger, /^HTTP\/1\.1 403 [^]*\r\n\r\nproxy_required\n$/);
      assert.match(silent, /^HTTP\/1\.1 400 [^]*\r\n\r\nbad_proxy_header\n$/);
      assert.match(broken, /^HTTP\/1\.1 400 [^]*\r\n\r\nbad_proxy_header\n$/);
    }
    assert.equal(await metric(server, 'onechat_http_refused_total{limit="not_a_proxy"}'), 1);
    assert.equal(await metric(server, 'onechat_http_refused_total{limit="proxy_header"}'), 2);
    assert.equal(await greeted(server, through(lineFor('192.0.2.1'))), 'welcome');
  }));

test('a server where nobody could connect does not start', async () => {
  await assert.rejects(Server.start({ flags: ['--proxy-protocol', 'on'] }), /--trusted-proxies/);
  await assert.rejects(Server.start({ flags: ['--trusted-proxies', '10.0.0.1/8'] }),
    /"10\.0\.0\.1\/8" is no range/);
});

test('X-Forwarded-For is believed of proxies alone, and only as far as they have seen', () =>
  withFlags(['--trusted-proxies', '127.0.0.0/31,10.0.0.0/8', ...oneGuestEach], async (server) => {
    assert.equal(await greeted(server, forwardedFor('6.6.6.6, 192.0.2.1')), 'welcome');
    assert.equal(await greeted(server, forwardedFor('7.7.7.7, 192.0.2.1, 10.1.2.3')),
      'rate_limited');
    assert.equal(await greeted(server, forwardedFor('192.0.2.2:4711')), 'welcome');

    // Who is no proxy is who they are, whatever they write.
    assert.equal(await greeted(server, forwardedFor('192.0.2.3', '127.0.0.2')), 'welcome');
    assert.equal(await greeted(server, forwardedFor('192.0.2.4', '127.0.0.2')), 'rate_limited');

    await assert.rejects(Person.connect(server.url, forwardedFor('192.0.2.5, unknown')), /400/);
    assert.equal(await metric(server, 'onechat_http_refused_total{limit="forwarded_for"}'), 1);
  }));

test('hellos are limited by address and in all, and say for how long', () =>
  withFlags(['--trusted-proxies', '127.0.0.1', '--hellos-rate', '1/m', '--hellos-burst', '2',
    '--hellos-total-rate', '1/m', '--hellos-total-burst', '3'], async (server) => {
    const hello = async (address) => {
      const guest = await Person.connect(server.url, forwardedFor(address));
      guest.say({ t: 'hello', v: 1, login: { provider: 'guest' } });
      return Promise.race([
        guest.hears('welcome').catch(() => null), guest.hears('error').catch(() => null)]);
    };
    assert.equal((await hello('192.0.2.1')).t, 'welcome');
    assert.equal((await hello('192.0.2.1')).t, 'welcome');
    const third = await hello('192.0.2.1');
    assert.equal(third.code, 'rate_limited');
    assert.ok(third.retry_ms > 0 && third.retry_ms <= 60_000);
    assert.equal((await hello('192.0.2.2')).t, 'welcome');
    const busy = await hello('192.0.2.3');
    assert.equal(busy.code, 'platform_busy');
    assert.ok(busy.retry_ms > 0 && busy.retry_ms <= 60_000);
    assert.equal(await metric(server, 'onechat_limited_total{limit="hellos"}'), 1);
    assert.equal(await metric(server, 'onechat_limited_total{limit="hellos_total"}'), 1);
  }));

test('new guests are limited in all, and those who are known come in', () =>
  withFlags(['--guest-logins-total-rate', '1/h', '--guest-logins-total-burst', '1'],
    async (server) => {
      const known = await Person.arrive(server.url);
      assert.equal(await greeted(server), 'platform_busy');
      await Person.arrive(server.url, { token: known.token });
      assert.equal(await metric(server, 'onechat_limited_total{limit="guest_logins_total"}'), 1);
    }));

// `one` meets and leaves `other` so many times; how the next search is answered.
async function skip(one, other, times) {
  for (let n = 0; n < times; n += 1) {
    one.say({ t: 'find' });
    other.say({ t: 'find' });
    await Promise.all([one.matched(), other.matched()]);
    one.say({ t: 'leave', pair: one.pair });
    await one.hears('idle');
    await other.hears('partner', (heard) => heard.state === 'left');
  }
}

const manyFinds = ['--finds-rate', '1000/s', '--finds-burst', '1000'];

test('who leaves a sixth partner within seconds waits, is told how long, longer next time', () =>
  withFlags([...manyFinds, '--skip-delay', '1s'], async (server) => {
    const one = await Person.arrive(server.url);
    const other = await Person.arrive(server.url);
    await skip(one, other, 6);

    one.say({ t: 'find', rid: 7 });
    const refused = await one.hears('error');
    assert.deepEqual([refused.code, refused.rid], ['rate_limited', 7]);
    assert.ok(refused.retry_ms > 0 && refused.retry_ms <= 1000);

    // It outlives the connection, and the one who was left pays for nothing.
    one.vanish();
    const again = await Person.arrive(server.url, { token: one.token });
    again.say({ t: 'find' });
    assert.equal((await again.hears('error')).code, 'rate_limited');
    other.say({ t: 'find' });
    await other.hears('waiting');

    await new Promise((resolve) => setTimeout(resolve, refused.retry_ms));
    await skip(again, other, 1);
    again.say({ t: 'find' });
    const longer = await again.hears('error');
    assert.ok(longer.retry_ms > 1000 && longer.retry_ms <= 2000);
    assert.equal(await metric(server, 'onechat_limited_total{limit="skips"}'), 3);
  }));

test('without rate limits people leave as quickly as they like', () =>
  withFlags(['--rate-limits', 'off', ...oneGuestEach, '--hellos-burst', '1'], async (server) => {
    const one = await Person.arrive(server.url);
    const other = await Person.arrive(server.url);
    await skip(one, other, 12);
    one.say({ t: 'find' });
    await one.hears('waiting');
  }));

test('a ban in the store outlives restarts and kills, ends, and is in the export', () =>
  withFlags([], async (server) => {
    const [one, two] = await couple(server.url);
    two.say({ t: 'leave' });
    await two.hears('idle');
    await server.stop();
    const database = join(server.data, 'onechat.db');
    const until = Date.now() + 3_600_000;
    execFileSync('sqlite3', [database,
      `insert into bans (person, user, reason, by, since, until, level)
       select person, id, 'a test', 'a test', 1, ${until}, 1 from users`]);
    const knock = async (home) => {
      const knocks = await Person.connect(home.url);
      knocks.say({ t: 'hello', v: 1, token: one.token });
      const bye = await knocks.hears('bye');
      assert.deepEqual([bye.code, bye.reason, bye.until], [4502, 'banned', until]);
      assert.equal((await knocks.closed).code, 4502);
    };
    const first = await Server.start({ flags: quick, data: server.data });
    await knock(first);
    assert.equal(await metric(first, 'onechat_banned'), 2);
    await first.kill();
    const second = await Server.start({ flags: quick, data: server.data });
    await knock(second);
    await second.kill();

    const [since, ended] = [until - 10 * 3_600_000, until - 9 * 3_600_000];
    execFileSync('sqlite3', [database, `update bans set since = ${since}, until = ${ended}`]);
    await withServer({ flags: quick, data: server.data }, async (third) => {
      const back = await Person.arrive(third.url, { token: one.token });
      back.say({ t: 'export' });
      const bans = [];
      for (let more = true; more;) {
        const page = await back.hears('exported');
        bans.push(...page.records.filter((record) => record.kind === 'ban'));
        more = page.more;
      }
      assert.deepEqual(bans.map((ban) => [ban.at, ban.until]), [[since, ended]]);
    });
  }));
