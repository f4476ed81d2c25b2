// Who is kept out through the front door: bans by the operator, and mutes by those who report.
// Everybody comes from the stand-in for WeChat, since guests are nobody for long.
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { withTencent } from '../support/tencent/tencent.mjs';
import { Operator } from './support/operator.mjs';
import { Person, meet } from './support/person.mjs';
import { arriveBy } from './support/platforms.mjs';
import { Server } from './support/server.mjs';

const quick = ['--match-round', '20ms', '--rematch-after', '0s', '--seal-time', '0s'];
const day = 86_400_000;

// Runs `body(house)` with a server that may start anew over its folder.
function withHouse(flags, body) {
  return withTencent(async (tencent) => {
    const options = {
      flags: [...quick, ...tencent.flags(), ...flags, '--skips-max', '100'], env: tencent.env(),
    };
    const house = { tencent, server: await Server.start(options) };
    const { data } = house.server;
    house.restart = async () => {
      await house.server.stop();
      house.server = await Server.start({ ...options, data });
      house.owner.server = house.server;
    };
    try {
      house.owner = await Operator.of(house.server);
      await body(house);
    } finally {
      await house.server.remove();
      await rm(data, { recursive: true, force: true });
    }
  });
}

const arrive = ({ server, tencent }, openid) => arriveBy(server, tencent, openid);

// What somebody hears who isn't let in.
async function turnedAway({ server, tencent }, how) {
  const person = await Person.connect(server.url);
  person.say({ t: 'hello', v: 1, ...(how.token ? how
    : { login: { provider: 'wechat', code: tencent.code(how.openid) } }) });
  const bye = await person.hears('bye');
  assert.equal((await person.closed).code, bye.code);
  return bye;
}

const idOf = async (house, openid) =>
  (await house.owner.ask('POST', '/users/search', { body: { query: openid } })).body.users[0].id;

const ask = async (person, message, answer) => {
  person.say(message);
  return person.hears(answer);
};

test('a ban ends the chat, outlives restarts and an erasure, and the next one is longer', () =>
  withHouse(['--ban-terms', '1d,7d'], async (house) => {
    const [ada, bob] = [await arrive(house, 'o-ada'), await arrive(house, 'o-bob')];
    await meet(ada, bob);
    const before = Date.now();
    const ban = async (why) => {
      const { status, body } = await house.owner.ask('POST',
        `/users/${await idOf(house, 'o-ada')}/ban`, { body: {}, why });
      assert.equal(status, 200);
      return body;
    };
    const first = await ban('threats');
    assert.equal(first.level, 1);
    assert.ok(first.until >= before + day && first.until < Date.now() + day + 1000);

    const bye = await ada.hears('bye');
    assert.deepEqual([bye.code, bye.until], [4502, first.until]);
    assert.equal((await bob.hears('partner', ({ state }) => state === 'left')).reason, 'left');
    for (const how of [{ token: ada.token }, { openid: 'o-ada' }]) {
      assert.deepEqual((({ code, until }) => [code, until])(await turnedAway(house, how)),
        [4502, first.until]);
    }

    await house.restart();
    assert.equal((await turnedAway(house, { openid: 'o-ada' })).until, first.until);

    const id = await idOf(house, 'o-ada');
    assert.equal((await house.owner.ask('DELETE', `/users/${id}/ban`)).body.bans, 1);
    const back = await arrive(house, 'o-ada');
    assert.equal((await ban('a lifted one counts for nothing')).level, 1);
    await back.hears('bye');
    assert.equal((await ban('again')).level, 2);

    assert.equal((await house.owner.ask('DELETE', `/users/${id}`)).status, 200);
    assert.equal((await turnedAway(house, { openid: 'o-ada' })).code, 4502);
  }));

test('who is reported by enough people meets nobody until an operator has looked', () =>
  withHouse(['--mute-after-reporters', '2'], async (house) => {
    const ada = await arrive(house, 'o-ada');
    const met = async (openid, login = 'wechat') => {
      const other = login === 'guest' ? await Person.arrive(house.server.url)
        : await arrive(house, openid);
      await meet(ada, other);
      await ask(other, { t: 'report', pair: other.pair, reason: 'abuse' }, 'reported');
      await ask(other, { t: 'report', pair: other.pair, reason: 'spam' }, 'reported');
      other.say({ t: 'leave' });
      await other.hears('idle');
      await ada.hears('partner', ({ state }) => state === 'left');
      other.socket.close();
    };
    await met('o-bob');
    await met('o-bob'); // weighs once
    await met('', 'guest'); // weighs nothing
    await met('', 'guest');
    ada.say({ t: 'find' });
    await ada.hears('waiting');
    ada.say({ t: 'cancel' });
    await ada.hears('idle');

    await met('o-cyd');
    const refused = await ask(ada, { t: 'find', rid: 9 }, 'error');
    assert.deepEqual([refused.code, refused.rid], ['forbidden', 9]);
    ada.socket.close();
    const again = await arrive(house, 'o-ada');
    assert.equal((await ask(again, { t: 'find' }, 'error')).code, 'forbidden');

    await house.restart();
    const late = await arrive(house, 'o-ada');
    assert.equal((await ask(late, { t: 'find' }, 'error')).code, 'forbidden');
    const id = await idOf(house, 'o-ada');
    assert.deepEqual((await house.owner.get('/users?state=muted')).users.map((one) => one.id),
      [id]);
    const { reports } = await house.owner.get('/reports?state=open');
    const resolved = await house.owner.ask('POST', `/reports/${reports[0].id}/resolve`,
      { body: { person: true } });
    assert.equal(resolved.status, 200);
    late.say({ t: 'find' });
    await late.hears('waiting');
  }));
