// When the SDK connects, when it does not, and how it notices that a socket is gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Stage, limits, onechat, outcome } from './support/stage.mjs';
import { keepStages } from './support/staged.mjs';

const staged = keepStages();

test('a guest logs in once and comes back with the token, which no URL has', async () => {
  const stage = staged(await Stage.online());
  assert.deepEqual(stage.line.heard[0], { t: 'hello', v: 1, login: { provider: 'guest' } });
  assert.equal(stage.state.connection.status, 'online');

  stage.line.close(1006);
  await stage.welcome();

  assert.deepEqual(stage.line.heard[0], { t: 'hello', v: 1, token: 'token-1' });
  assert.deepEqual(new Set(stage.wx.urls), new Set(['wss://chat.test/ws']));
});

test('the token outlives the app', async () => {
  const stage = staged(await Stage.online());

  stage.killApp();
  stage.client.start();
  await stage.greeted();

  assert.equal(stage.line.heard[0].token, 'token-1');
});

test('every close that was not asked for leads to a new socket', async () => {
  const stage = staged(await Stage.online());
  for (const [code, reason] of [
    [1000, 'interrupted'], [0, 'interrupted'], [1001, 'Stream end encountered'], [1006, ''],
    [1011, ''], [1012, ''], [4000, ''], [4001, ''], [4002, ''], [4004, ''], [4499, ''],
  ]) {
    const before = stage.wx.lines.length;
    stage.line.close(code, reason);
    await stage.wait(20);
    assert.equal(stage.state.connection.status, 'offline', `after ${code}`);
    await stage.welcome();
    assert.equal(stage.wx.lines.length, before + 1, `after ${code}`);
    assert.equal(stage.state.connection.status, 'online');
  }
});

test('codes from 4500 on stop it, told by bye alone or by the close alone', async () => {
  for (const [code, why] of [[4500, 'replaced'], [4502, 'banned'], [4503, 'protocol_error'],
    [4504, 'erased'], [4510, 'protocol_error']]) {
    for (const way of ['bye', 'close']) {
      const stage = staged(await Stage.online());
      const line = stage.line;
      if (way === 'bye') {
        line.say({ t: 'bye', code, reason: 'x', until: 5 });
        line.close(1000);
      } else {
        line.close(code);
      }

      await stage.wait(120_000);
      stage.client.show();
      stage.client.networkChanged(true);
      await stage.wait(120_000);

      assert.equal(stage.state.connection.status, 'stopped');
      assert.equal(stage.state.connection.why, why);
      if (way === 'bye') assert.equal(stage.state.connection.until, 5);
      assert.equal(stage.wx.lines.length, 1);
    }
  }
});

test('start connects again after a stop, say when this page shall be the one', async () => {
  const stage = staged(await Stage.online());
  stage.line.bye(4500);
  await stage.wait();

  stage.client.start();
  await stage.welcome();

  assert.equal(stage.state.connection.status, 'online');
  assert.equal(stage.state.connection.why, null);
});

test('pauses are spread from half a second to a ceiling that grows to 20 s', async () => {
  for (const [chance, expected] of [
    [0, [500, 500, 500, 500, 500, 500, 500]],
    [0.999999, [1000, 2000, 4000, 8000, 16000, 20000, 20000]],
  ]) {
    const stage = staged(new Stage({ random: () => chance }));
    stage.wx.refuses = true;
    const pauses = [];
    stage.client.on('state', ({ connection }) => {
      if (connection.status === 'offline') pauses.push(connection.retry_at - stage.clock.now());
    });
    stage.client.start();
    await stage.wait(75_000);
    assert.deepEqual(pauses.slice(0, 7), expected);
  }
});

test('a welcome makes the next pause short again', async () => {
  const stage = staged(new Stage({ random: () => 0.999999 }));
  stage.wx.refuses = true;
  stage.client.start();
  await stage.wait(60_000);
  stage.wx.refuses = false;
  await stage.welcome();

  stage.line.close(1006);
  await stage.wait(20);

  assert.ok(stage.state.connection.retry_at - stage.clock.now() <= 1000);
});

test('it waits as long as bye says, and coming back does not shorten that', async () => {
  const stage = staged(await Stage.online());
  stage.line.bye(4003, { retry_ms: 10_000 });
  await stage.wait(20);

  stage.client.hide();
  stage.client.show();
  stage.client.networkChanged(true);
  await stage.wait(9_900);
  assert.equal(stage.wx.lines.length, 1);
  await stage.wait(200);
  assert.equal(stage.wx.lines.length, 2);
});

test('it connects at once when the app comes back, or the network', async () => {
  for (const wake of [(client) => client.show(), (client) => client.networkChanged(true)]) {
    const stage = staged(new Stage({ random: () => 0.999999 }));
    stage.wx.refuses = true;
    stage.client.start();
    await stage.wait(60_000);
    await stage.wait(stage.state.connection.retry_at ? 1000 : 0);
    stage.wx.refuses = false;
    const before = stage.wx.lines.length;
    assert.equal(stage.state.connection.status, 'offline');

    wake(stage.client);
    await stage.wait(0);

    assert.equal(stage.wx.lines.length, before + 1);
    await stage.welcome();
  }
});

test('it does not connect inside onClose, where some phones fail, even when shown', async () => {
  const stage = staged(await Stage.online());
  stage.line.close(1000, 'interrupted');
  await stage.wait(10);

  stage.client.show();

  assert.equal(stage.wx.lines.length, 1);
  await stage.wait(250);
  assert.equal(stage.wx.lines.length, 2);
});

test('showing, hiding and flipping the network never make a second socket', async () => {
  const stage = staged(new Stage());
  stage.client.start();
  for (let n = 0; n < 50; ++n) {
    stage.client.hide();
    stage.client.show();
    stage.client.networkChanged(false);
    stage.client.networkChanged(true);
    stage.client.start();
    await stage.wait(1);
  }
  assert.equal(stage.wx.lines.length, 1);
  await stage.welcome();
  assert.equal(stage.wx.live.length, 1);
});

test('callbacks of an old socket change nothing, and one that opens late is closed', async () => {
  const stage = staged(new Stage());
  stage.wx.hangs = true;
  stage.client.start();
  await stage.wait(15_100);
  const old = stage.line;
  stage.wx.hangs = false;
  await stage.welcome();
  assert.notEqual(stage.line, old);

  old.open();
  old.on.message?.({ data: JSON.stringify({ t: 'bye', code: 4500, reason: 'replaced' }) });
  old.on.error?.({});
  old.on.close?.({ code: 4502 });
  await stage.wait(5_000);

  assert.equal(stage.state.connection.status, 'online');
  assert.deepEqual(old.closedByClient, { code: 1000, reason: '' });
  assert.equal(old.heard.length, 0);
  assert.equal(stage.wx.live.length, 1);
});

test('a silent socket is given up 10 s after an unanswered ping', async () => {
  const stage = staged(await Stage.online());
  const { line } = stage;
  line.die();

  await stage.wait(25_000);
  assert.equal(stage.wx.lines.length, 1);
  await stage.wait(11_500);
  assert.equal(stage.wx.lines.length, 2);
  assert.equal(line.isGone, true);
  await stage.welcome();
});

test('pings keep the beat of the server, and any frame is an answer', async () => {
  const stage = staged(await Stage.online());
  stage.line.hear = (message) => {
    if (message.t === 'ping') stage.line.say({ t: 'seen', pair: 'none', seq: 1 });
  };
  await stage.wait(250_000);
  assert.equal(stage.line.all('ping').length, 10);
  assert.equal(stage.wx.lines.length, 1);
});

test('coming back to a socket that died in the background takes 3 s, not a minute', async () => {
  const stage = staged(await Stage.online());
  stage.client.hide();
  await stage.wait(1000);
  stage.line.die();
  stage.clock.freeze(180_000);

  stage.client.show();
  await stage.wait(3_300);

  assert.equal(stage.wx.lines.length, 2);
  await stage.welcome();
});

test('a frozen app does not give up a socket that is well', async () => {
  const stage = staged(await Stage.online());
  const answer = (message) => message.t === 'ping' && stage.line.say({ t: 'pong', now: 1 });
  await stage.wait(25_000 - 100);
  assert.equal(stage.line.last('ping'), undefined);
  await stage.wait(10);
  stage.line.hear = answer;
  stage.clock.freeze(60_000);
  await stage.wait(60_000);
  assert.equal(stage.wx.lines.length, 1);
});

test('a socket that neither opens nor fails is given up', async () => {
  const stage = staged(new Stage());
  stage.wx.hangs = true;
  stage.client.start();
  await stage.wait(60_000);
  assert.ok(stage.wx.lines.length >= 3, `${stage.wx.lines.length} sockets`);
  assert.ok(stage.wx.lines.length <= 5);
});

test('a server that does not welcome is given up', async () => {
  const stage = staged(new Stage());
  stage.client.start();
  await stage.greeted();
  await stage.wait(16_500);
  assert.equal(stage.wx.lines.length, 2);
});

test('an error without a close counts as one', async () => {
  const stage = staged(await Stage.online());
  stage.line.on.error({ errMsg: 'broken' });
  await stage.wait(2_500);
  assert.equal(stage.wx.lines.length, 2);
});

test('a refused token is forgotten and the guest logs in anew, but not for ever', async () => {
  const stage = staged(await Stage.online());
  stage.line.bye(4501);
  await stage.wait(400);
  assert.deepEqual(stage.line.heard[0].login, { provider: 'guest' });
  await stage.welcome({ token: 'token-2' });

  stage.line.bye(4501);
  await stage.wait(60_000);

  assert.equal(stage.state.connection.why, 'login_required');
  assert.equal(stage.wx.values.has('onechat:token'), false);
  stage.client.start();
  await stage.welcome();
  assert.equal(stage.state.connection.status, 'online');
});

test('each hello has a code of its own, and a failing login is tried again', async () => {
  const stage = staged(new Stage());
  stage.client = onechat.createClient({
    url: 'wss://chat.test/ws', ...onechat.platform(stage.wx), clock: stage.clock,
    random: () => 0.5,
  });
  stage.wx.loginFails = true;
  stage.client.start();
  await stage.wait(5_000);
  assert.equal(stage.wx.lines.length, 0);

  stage.wx.loginFails = false;
  await stage.greeted();
  const { login } = stage.line.heard[0];
  assert.equal(login.provider, 'wechat');
  stage.line.say({ t: 'error', code: 'login_code_used', text: 'x' });
  await stage.wait(10_000);
  await stage.greeted();
  assert.notEqual(stage.line.heard[0].login.code, login.code);
});

test('a login that cannot help stops, one that may waits as it is told', async () => {
  const wrong = staged(new Stage());
  wrong.client.start();
  (await wrong.greeted()).say({ t: 'error', code: 'login_failed', text: 'x' });
  await wrong.wait(60_000);
  assert.equal(wrong.state.connection.why, 'login_failed');
  assert.equal(wrong.wx.lines.length, 1);

  const busy = staged(new Stage());
  busy.client.start();
  (await busy.greeted()).say({ t: 'error', code: 'rate_limited', text: 'x', retry_ms: 7000 });
  await busy.wait(6_900);
  assert.equal(busy.wx.lines.length, 1);
  await busy.wait(500);
  assert.equal(busy.wx.lines.length, 2);
});

test('frames may come as bytes, and what cannot be read is passed over', async () => {
  const stage = staged(new Stage());
  stage.client.start();
  const line = await stage.greeted();
  line.say('no object', { bytes: true });
  line.on.message({ data: '{' });
  line.on.message({ data: new Uint8Array([0xff, 0xfe]).buffer });
  line.say({
    t: 'welcome', v: 1, token: 't', expires: 1, epoch: 1, state: 'idle', limits, now: 1,
    topics: [{ id: 'a', title: '电影🎬', hint: '', waiting: '0' }], heartbeat_ms: 25000, away_ms: 1,
  }, { bytes: true });
  await stage.wait();
  assert.equal(stage.state.topics[0].title, '电影🎬');
});

test('storage that fails breaks nothing', async () => {
  const stage = staged(new Stage());
  stage.wx.storageIsBroken = true;
  stage.client.start();
  await stage.welcome();
  stage.line.close(1006);
  await stage.welcome();
  assert.equal(stage.line.heard[0].token, 'token-1');
  stage.client.stop();
  stage.client.start();
  await stage.greeted();
  assert.equal(stage.line.heard[0].token, 'token-1');
});

test('stop closes and stays closed, and what is asked then is refused', async () => {
  const stage = staged(await Stage.online());
  const waiting = outcome(stage.client.pairs());
  stage.client.stop();
  stage.client.show();
  stage.client.networkChanged(true);
  const late = outcome(stage.client.find());
  await stage.wait(60_000);

  assert.equal(stage.wx.live.length, 0);
  assert.equal(stage.state.connection.why, 'asked');
  assert.ok(['stopped', 'offline'].includes(waiting.code), waiting.code);
  assert.equal(late.code, 'stopped');
});

test('the app and its network are followed', async () => {
  const stage = staged(new Stage());
  onechat.followPlatform(stage.client, stage.wx);
  stage.client.start();
  await stage.welcome();

  stage.wx.appHide();
  await stage.wait();
  assert.equal(stage.line.all('away').length, 1);
  stage.wx.appShow();
  await stage.wait();
  assert.deepEqual(stage.line.last('typing'), { t: 'typing', on: false });
  stage.wx.networkStatusChange({ isConnected: false });
  await stage.wait();
  assert.ok(stage.line.all('ping').length >= 2);
});

test('a hello on a new socket while hidden is followed by away', async () => {
  const stage = staged(await Stage.online());
  stage.client.hide();
  stage.line.close(1000, 'interrupted');
  await stage.welcome();
  assert.equal(stage.line.last('away').t, 'away');
});

test('a token that the server cannot read is given up, not the service', async () => {
  const stage = staged(await Stage.online());
  stage.line.close(1006);
  await stage.greeted();
  stage.line.say({ t: 'error', code: 'bad_field', field: 'token', text: 'x' });
  await stage.wait(2_000);
  assert.deepEqual(stage.line.last('hello').login, { provider: 'guest' });
  stage.line.say({ t: 'error', code: 'bad_field', field: 'login', text: 'x' });
  await stage.wait();
  assert.equal(stage.state.connection.why, 'protocol_error');
});

test('a revoked token does not take away the one that another page has stored', async () => {
  const stage = staged(await Stage.online());
  stage.wx.values.set('onechat:token', 'token-2');
  stage.line.bye(4501);
  await stage.wait(2_000);
  assert.equal(stage.line.last('hello').token, 'token-2');
  assert.equal(stage.wx.values.get('onechat:token'), 'token-2');
});

test('a socket that tries over a network that is gone does not keep the next one waiting',
  async () => {
    const stage = staged(new Stage());
    stage.wx.hangs = true;
    stage.client.start();
    await stage.wait(20);
    stage.wx.hangs = false;
    stage.client.networkChanged(true);
    await stage.wait(7_000);
    assert.equal(stage.wx.lines.length, 2);
  });

test('the time of the server is learnt anew with each pong', async () => {
  const stage = staged(await Stage.online());
  const { now } = stage.clock;
  stage.line.say({ t: 'pong', now: stage.clock.now() + 5000 });
  await stage.wait();
  assert.equal(stage.client.serverNow() - now.call(stage.clock), 5000 - 10);
});
