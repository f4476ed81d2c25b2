// The chain of moderators through the front door, against the stand-in for WeChat and QQ: what is
// held, refused, delivered without an opinion or taken away afterwards, the notes of reports, and
// messages to people who are away.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import test from 'node:test';
import { withTencent } from '../support/tencent/tencent.mjs';
import { Operator } from './support/operator.mjs';
import { until } from './support/patience.mjs';
import { Person, meet } from './support/person.mjs';
import { arriveBy, metric, nackOf, pairBy, quick, say, textTo, withPlatforms } from
  './support/platforms.mjs';
import { Server, binary } from './support/server.mjs';

const checksOf = (tencent) => tencent.calls.filter(({ name }) => name === 'check')
  .map(({ body }) => JSON.parse(body));

// ---- hold ----

test('in hold a text passes, is refused or passes with a flag, as WeChat says', () =>
  withPlatforms(['--moderation', 'hold'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);

    await ada.text('你好');
    assert.equal((await textTo(bob)).text, '你好');
    const cid = say(ada, 'a risky text');
    assert.equal((await nackOf(ada, cid)).code, 'blocked_text');
    await ada.text('review me');
    assert.equal((await textTo(bob)).text, 'review me');

    const first = checksOf(tencent)[0];
    assert.deepEqual(first, { version: 2, openid: 'o-ada', scene: 4, content: '你好' });
    assert.equal(await metric(server, 'onechat_looks_total{opinion="risky"}'), 1);
    assert.equal(await metric(server, 'onechat_looks_total{opinion="doubtful"}'), 1);
    assert.equal(bob.events().filter(({ kind }) => kind === 'text').length, 2);
  }));

test('in hold QQ is asked about its own people, and nobody about guests', () =>
  withPlatforms(['--moderation', 'hold'], async (server, tencent) => {
    const ada = await arriveBy(server, tencent, 'q-ada', 'qq');
    const bob = await Person.arrive(server.url);
    await meet(ada, bob);

    assert.equal((await nackOf(ada, say(ada, 'risky'))).code, 'blocked_text');
    await bob.text('risky, said by a guest');
    assert.equal((await textTo(ada)).text, 'risky, said by a guest');

    const asked = checksOf(tencent);
    assert.equal(asked.length, 1);
    assert.deepEqual(Object.keys(asked[0]).sort(), ['appid', 'content']);
  }));

test('while one text waits, later ones of its author do, and the partner talks on', () =>
  withPlatforms(['--moderation', 'hold'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    await ada.text('warm up');
    await textTo(bob);
    tencent.delay = 600;
    say(ada, 'one');
    await until(() => tencent.count('check') === 2);
    tencent.delay = 0;
    say(ada, 'two');
    const bobs = await arriveBy(server, tencent, 'o-eve').then((eve) => eve.leaveForGood())
      .then(() => bob.text('meanwhile'));

    assert.equal((await textTo(ada)).text, 'meanwhile');
    const [one, two] = [await textTo(bob), await textTo(bob)];
    assert.deepEqual([one.text, two.text], ['one', 'two']);
    assert.ok(bobs.seq < one.seq && two.seq === one.seq + 1);
  }));

test('without an opinion in time a text is delivered, and taken away if the opinion is bad', () =>
  withPlatforms(['--moderation', 'hold', '--platform-time', '10s'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    await ada.text('warm up');
    await textTo(bob);
    tencent.delay = 3500;

    const began = Date.now();
    say(ada, 'risky, and slow to judge');

    const { text, seq } = await textTo(bob);
    assert.equal(text, 'risky, and slow to judge');
    const waited = Date.now() - began;
    assert.ok(waited >= 1400 && waited < 3500, `${waited} ms`);
    assert.equal(await metric(server, 'onechat_unjudged_total{then="passed"}'), 1);
    for (const who of [ada, bob]) {
      const removal = await who.hears('event', ({ kind }) => kind === 'recall');
      assert.deepEqual([removal.ref, removal.gone], [seq, 'removed']);
    }
  }));

test('with refuse nothing passes unjudged, and what is refused may be said again', () =>
  withPlatforms(['--moderation', 'hold', '--moderation-on-failure', 'refuse'],
    async (server, tencent) => {
      const [ada, bob] = await pairBy(server, tencent);
      await ada.text('warm up');
      await textTo(bob);
      tencent.script('check', { errcode: 45009, errmsg: 'reach max api daily quota limit' });

      const nack = await nackOf(ada, say(ada, 'nobody can judge me'));
      assert.equal(nack.code, 'platform_busy');
      assert.ok(nack.retry_ms > 0);
      await new Promise((resolve) => setTimeout(resolve, nack.retry_ms));
      await ada.text('nobody can judge me');
      assert.equal((await textTo(bob)).text, 'nobody can judge me');
    }));

test('a text that waits when the chat ends is refused before the end', () =>
  withPlatforms(['--moderation', 'hold'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    await ada.text('warm up');
    tencent.script('check', 'hang');
    const cid = say(ada, 'too late');
    await until(() => tencent.count('check') === 2);

    bob.say({ t: 'leave', pair: bob.pair });

    await ada.hears('partner', ({ state }) => state === 'left');
    const nack = ada.all.findIndex((one) => one.t === 'nack' && one.cid === cid);
    const end = ada.all.findIndex((one) => one.t === 'event' && one.kind === 'end');
    assert.equal(ada.all[nack].code, 'not_paired');
    assert.ok(nack < end);
  }));

test('a text that waited when the process was killed may be said again, and is shown once', () =>
  withTencent(async (tencent) => {
    const flags = [...quick, ...tencent.flags(), '--moderation', 'hold'];
    let server = await Server.start({ flags, env: tencent.env() });
    try {
      const [ada, bob] = await pairBy(server, tencent);
      await ada.text('warm up');
      tencent.script('check', 'hang');
      const cid = say(ada, 'again');
      await until(() => tencent.count('check') === 2);
      await server.kill();
      server = await Server.start({ data: server.data, flags, env: tencent.env() });
      server.ownsData = true;

      const later = await Person.arrive(server.url, { token: ada.token });
      const other = await Person.arrive(server.url, { token: bob.token });
      assert.equal(later.welcome.state, 'paired');
      later.say({ t: 'say', cid, text: 'again', pair: ada.pair });
      await later.hears('ack', (ack) => ack.cid === cid);
      assert.equal((await textTo(other)).text, 'again');
    } finally {
      server.ownsData = true;
      await server.remove();
    }
  }));

test('a nickname is looked at before anybody is met by it', () =>
  withPlatforms(['--moderation', 'hold'], async (server, tencent) => {
    const ada = await arriveBy(server, tencent, 'o-ada');
    ada.say({ t: 'find', nickname: 'risky', rid: 7 });
    const error = await ada.hears('error');
    assert.deepEqual([error.code, error.field, error.rid], ['blocked_text', 'nickname', 7]);

    const bob = await arriveBy(server, tencent, 'o-bob');
    bob.say({ t: 'find' });
    ada.say({ t: 'find', nickname: '小艾' });
    const [, met] = await Promise.all([ada.matched(), bob.matched()]);
    assert.equal(met.partner.nickname, '小艾');
    assert.deepEqual(checksOf(tencent).map(({ scene }) => scene), [1, 1]);
  }));

// ---- after ----

test('in after a risky text is taken away from both, live, in history and on resume', () =>
  withPlatforms(['--moderation', 'after'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    const { seq } = await ada.text('a risky text');

    const removals = [ada, bob].map((who) => who.hears('event', ({ kind }) => kind === 'recall'));
    for (const removal of await Promise.all(removals)) {
      assert.deepEqual([removal.from, removal.ref, removal.gone, removal.seq],
        ['system', seq, 'removed', seq + 1]);
    }
    bob.say({ t: 'history', pair: bob.pair });
    const { events } = await bob.hears('history');
    const text = events.find((event) => event.seq === seq);
    assert.equal(text.gone, 'removed');
    assert.equal(text.text, undefined);
    await bob.vanish();
    const again = await Person.arrive(server.url, {
      token: bob.token, held: { pair: bob.pair, seq: seq - 1, epoch: bob.welcome.epoch } });
    const shown = await again.hears('event', (event) => event.seq === seq);
    assert.equal(shown.gone, 'removed');
    await again.hears('event', ({ kind, from }) => kind === 'recall' && from === 'system');
    assert.equal(await metric(server, 'onechat_removals_total'), 1);
  }));

test('a text of a chat that is over by then is taken away as well', () =>
  withPlatforms(['--moderation', 'after'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    tencent.delay = 400;
    const { seq } = await ada.text('a risky text');
    ada.say({ t: 'leave', pair: ada.pair });
    await bob.hears('partner', ({ state }) => state === 'left');
    let events;
    await until(async () => {
      bob.say({ t: 'history', pair: bob.pair });
      ({ events } = await bob.hears('history'));
      return events.at(-1).kind === 'recall';
    });
    assert.equal(await metric(server, 'onechat_removals_total'), 1);
    assert.equal(events.find((event) => event.seq === seq).gone, 'removed');
    assert.deepEqual([events.at(-1).gone, events.at(-1).ref], ['removed', seq]);
    tencent.delay = 0;
    await meet(ada, bob);
    await ada.text('hello again');
  }));

// ---- notes of reports ----

for (const mode of ['hold', 'after']) {
  test(`in ${mode} a report is filed at once, and flagged when its note is risky`, () =>
    withPlatforms(['--moderation', mode, '--platform-time', '10s'], async (server, tencent) => {
      const owner = await Operator.of(server);
      const [ada, bob] = await pairBy(server, tencent);
      tencent.delay = 1000;
      const note = 'the-risky-note';

      ada.say({ t: 'report', pair: ada.pair, reason: 'abuse', note });
      await ada.hears('reported');

      const [filed] = (await owner.get('/reports')).reports;
      assert.equal(filed.flagged, false);
      await until(async () => (await owner.get('/reports')).reports[0].flagged);
      const report = await owner.get(`/reports/${filed.id}`);
      assert.deepEqual([report.flagged, report.note], [true, note]);
      assert.deepEqual(checksOf(tencent).map(({ openid, content }) => [openid, content]),
        [['o-ada', note]]);
      assert.equal(await metric(server, 'onechat_looks_total{opinion="risky"}'), 1);
      assert.ok(!server.log.join('\n').includes(note));
      assert.ok(!bob.raw.join('\n').includes(note));
    }));
}

// ---- the budget, and secrets ----

test('when the budget is used up nobody is asked, and words pass', () =>
  withPlatforms(['--moderation', 'hold', '--moderation-budget', '0'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    await ada.text('a risky text');
    assert.equal((await textTo(bob)).text, 'a risky text');
    assert.equal(tencent.count('check'), 0);
    assert.equal(await metric(server, 'onechat_looks_unaffordable_total'), 1);
  }));

test('a dead moderator lets words through and leaves neither them nor OpenIDs in the log', () =>
  withPlatforms(['--moderation', 'hold'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    await ada.text('the-secret-words-0');
    tencent.script('check', ...Array(30).fill('drop'));
    for (let n = 1; n <= 4; ++n) await ada.text(`the-secret-words-${n}`);
    for (let n = 0; n <= 4; ++n) await textTo(bob);

    const tokens = tencent.calls.map(({ query }) => query.access_token).filter(Boolean);
    assert.ok(tokens.length > 0);
    const log = server.log.join('\n');
    for (const secret of ['the-secret-words', 'o-ada', 'o-bob', ...tokens, ...tencent.secrets]) {
      assert.ok(!log.includes(secret), secret);
      const heard = bob.raw.join('\n');
      if (secret !== 'the-secret-words') assert.ok(!heard.includes(secret), secret);
    }
  }));

test('a platform is needed for anybody to look, and the server says so', () => {
  for (const flags of [['--moderation', 'hold'], ['--wechat-nudge-template', 'tmpl-1']]) {
    assert.throws(
      () => execFileSync(binary, ['serve', '--listen', '127.0.0.1:0', '--admin-listen', 'off',
        '--data', '/tmp/onechat-no-such-data', ...flags], { stdio: 'pipe', timeout: 10_000 }),
      (wrong) => wrong.status === 2 && /appid|AppID/.test(wrong.stderr.toString()));
  }
});

// The checks hang for as long as a platform may take, which is longer than the login may.
test('a slow check holds up no login, and a token that is refused is replaced', () =>
  withPlatforms(['--moderation', 'hold', '--platform-time', '10s'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    await ada.text('warm up');
    await textTo(bob);
    tencent.script('check', { errcode: 42001, errmsg: 'access_token expired' });
    assert.equal((await nackOf(ada, say(ada, 'risky'))).code, 'blocked_text');

    tencent.script('check', ...Array(30).fill('hang'));
    for (let n = 0; n < 20; ++n) say(ada, `held ${n}`);
    await until(() => tencent.count('check') >= 20);
    const began = Date.now();
    await arriveBy(server, tencent, 'o-eve');
    assert.ok(Date.now() - began < 4000, 'the login waits for no check');
  }));

// ---- nudges ----

const nudging = ['--nudge-after', '1s', '--wechat-nudge-template', 'tmpl-1',
  '--wechat-nudge-page', 'pages/chat/chat', '--wechat-nudge-values', 'thing1=有人在等你'];

async function consents(who, tencent, openid) {
  tencent.consent(openid, 'tmpl-1');
  who.say({ t: 'notify', templates: ['tmpl-1'] });
  await who.hears('noted');
}

test('a text that waits for somebody who is gone sends them one message, without its words', () =>
  withPlatforms(nudging, async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    await consents(bob, tencent, 'o-bob');
    await bob.vanish();
    await ada.text('the-secret-words');
    await ada.text('more of them');

    await until(() => tencent.sent.length === 1);

    assert.deepEqual(tencent.sent[0], { provider: 'wechat', touser: 'o-bob',
      template_id: 'tmpl-1', page: 'pages/chat/chat', data: { thing1: { value: '有人在等你' } } });
    await until(async () => await metric(server, 'onechat_nudges_total{outcome="sent"}') === 1);
    assert.equal(tencent.count('message'), 1);
  }));

test('a second absence needs a second consent', () =>
  withPlatforms(nudging, async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    await consents(bob, tencent, 'o-bob');
    await bob.vanish();
    await ada.text('one');
    await until(() => tencent.sent.length === 1);
    const spent = await Person.arrive(server.url, { token: bob.token });
    await spent.vanish();
    await ada.text('two');
    // A message that is due later has gone by now, and none to Bob.
    const others = [await arriveBy(server, tencent, 'o-cy'),
      await arriveBy(server, tencent, 'o-dan')];
    for (const one of others) one.say({ t: 'find' });
    const [cy, dan] = others;
    await Promise.all([cy.matched(), dan.matched()]);
    await consents(dan, tencent, 'o-dan');
    await dan.vanish();
    await cy.text('hello');
    await until(() => tencent.sent.some(({ touser }) => touser === 'o-dan'));
    assert.equal(tencent.count('message'), 2);

    const again = await Person.arrive(server.url, { token: bob.token });
    await consents(again, tencent, 'o-bob');
    await again.vanish();
    await ada.text('three');
    await until(() => tencent.sent.length === 3);
  }));

test('a consent that the platform does not know of is not tried twice', () =>
  withPlatforms(nudging, async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent);
    for (let n = 0; n < 2; ++n) {
      bob.say({ t: 'notify', templates: ['tmpl-1'] });
      await bob.hears('noted');
    }
    await bob.vanish();
    await ada.text('one');
    const name = 'onechat_nudges_total{outcome="no_consent"}';
    await until(async () => await metric(server, name) === 1);

    const again = await Person.arrive(server.url, { token: bob.token });
    await again.vanish();
    await ada.text('two');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(tencent.count('message'), 1);
  }));
