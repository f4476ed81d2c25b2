// Platforms that are unwell while they look at texts, and messages to people of QQ: through the
// front door, against the stand-in.
import assert from 'node:assert/strict';
import test from 'node:test';
import { until } from './support/patience.mjs';
import { arriveBy, metric, nackOf, pairBy, say, textTo, withPlatforms } from
  './support/platforms.mjs';

const noVerdicts = {
  'an error of the server': { status: 500, text: 'oops' },
  'a page of a gateway': { status: 200, text: '<html>not you</html>' },
  'half an answer': 'half',
  'an answer without a verdict': { errcode: 0, errmsg: 'ok' },
  'a verdict of another kind': { errcode: 0, result: { suggest: 7, label: 'x' } },
  'a refusal that nobody knows': { errcode: 99999, errmsg: 'who knows' },
};

for (const [what, step] of Object.entries(noVerdicts)) {
  test(`${what} is no verdict: the policy says what becomes of the text`, async () => {
    await withPlatforms(['--moderation', 'hold'], async (server, tencent) => {
      const [ada, bob] = await pairBy(server, tencent);
      tencent.script('check', ...Array(4).fill(step));
      await ada.text('a risky text');
      assert.equal((await textTo(bob)).text, 'a risky text');
      tencent.scripts.clear();
      assert.equal((await nackOf(ada, say(ada, 'a risky text'))).code, 'blocked_text');
    });
    await withPlatforms(['--moderation', 'hold', '--moderation-on-failure', 'refuse'],
      async (server, tencent) => {
        const [ada, bob] = await pairBy(server, tencent);
        tencent.script('check', ...Array(4).fill(step));
        const nack = await nackOf(ada, say(ada, 'hello'));
        assert.equal(nack.code, 'platform_busy');
        tencent.scripts.clear();
        await new Promise((resolve) => setTimeout(resolve, nack.retry_ms));
        await ada.text('hello');
        assert.equal((await textTo(bob)).text, 'hello');
      });
  });
}

test('checks that fail rest, and logins go on meanwhile', () =>
  withPlatforms(['--moderation', 'hold'], async (server, tencent) => {
    const [ada] = await pairBy(server, tencent);
    tencent.script('check', ...Array(200).fill('drop'));
    const resting = (call) => metric(server,
      `onechat_platform_resting{platform="wechat",call="${call}"}`);
    for (let n = 0; n < 30 && await resting('check') === 0; ++n) await ada.text(`text ${n}`);
    assert.equal(await resting('check'), 1);

    await arriveBy(server, tencent, 'o-eve');
    assert.equal(await resting('login'), 0);
  }));

test('in after a bad text of somebody of QQ is taken away', () =>
  withPlatforms(['--moderation', 'after'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent, 'qq');
    const { seq } = await ada.text('a risky text');
    for (const who of [ada, bob]) {
      const removal = await who.hears('event', ({ kind }) => kind === 'recall');
      assert.deepEqual([removal.ref, removal.gone], [seq, 'removed']);
    }
  }));

test('somebody of QQ who is away gets one message, by the template of QQ', () =>
  withPlatforms(['--nudge-after', '1s', '--qq-nudge-template', 'tmpl-2', '--qq-nudge-page',
    'pages/chat/chat', '--qq-nudge-values', 'thing1=有人在等你'], async (server, tencent) => {
    const [ada, bob] = await pairBy(server, tencent, 'qq');
    tencent.consent('o-bob', 'tmpl-2');
    bob.say({ t: 'notify', templates: ['tmpl-2'] });
    await bob.hears('noted');
    await bob.vanish();
    await ada.text('the-secret-words');
    await until(() => tencent.sent.length === 1);

    const [{ provider, touser, template_id: template }] = tencent.sent;
    assert.deepEqual([provider, touser, template], ['qq', 'o-bob', 'tmpl-2']);
    assert.ok(!JSON.stringify(tencent.sent).includes('the-secret-words'));
    await until(async () => await metric(server, 'onechat_nudges_total{outcome="sent"}') === 1);
  }));
