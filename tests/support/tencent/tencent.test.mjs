// The stand-in is held to the documents that it stands in for; what it gets wrong, all that is
// tested against it gets wrong.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import test from 'node:test';
import { withTencent } from './tencent.mjs';

function ask(tencent, method, path, body) {
  return new Promise((resolve, reject) => {
    const sent = request(`${tencent.url}${path}`,
      { method, ca: readFileSync(tencent.ca), agent: false }, (response) => {
        let text = '';
        response.on('data', (part) => { text += part; });
        response.on('end', () => resolve(JSON.parse(text)));
        response.on('error', reject);
      });
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}

const loginPath = (app, code) => `/sns/jscode2session?appid=${app.appid}&secret=${app.secret}` +
  `&js_code=${code}&grant_type=authorization_code`;

async function tokenOf(tencent) {
  const { appid, secret } = tencent.apps.wechat;
  const got = await ask(tencent, 'POST', '/cgi-bin/stable_token',
    { grant_type: 'client_credential', appid, secret });
  return encodeURIComponent(got.access_token);
}

test('a code is good once, at its own platform', () => withTencent(async (tencent) => {
  const { wechat, qq } = tencent.apps;
  const code = tencent.code('o-one');

  assert.equal((await ask(tencent, 'GET', loginPath(qq, code))).errcode, 40029);
  const first = await ask(tencent, 'GET', loginPath(wechat, code));
  assert.equal(first.openid, 'o-one');
  assert.ok(first.session_key);
  assert.equal(first.errcode, undefined);
  assert.equal((await ask(tencent, 'GET', loginPath(wechat, code))).errcode, 40163);
  assert.equal((await ask(tencent, 'GET', loginPath(wechat, 'x'))).errcode, 40029);
  const wrong = { ...wechat, secret: 'x' };
  assert.equal((await ask(tencent, 'GET', loginPath(wrong, 'x'))).errcode, 40125);
  assert.equal((await ask(tencent, 'GET', loginPath(qq, tencent.code('q', 'qq')))).errcode, 0);
}));

test('a token is the same until it is forced', () => withTencent(async (tencent) => {
  const { appid, secret } = tencent.apps.wechat;
  const body = { grant_type: 'client_credential', appid, secret };
  const first = await ask(tencent, 'POST', '/cgi-bin/stable_token', body);
  const second = await ask(tencent, 'POST', '/cgi-bin/stable_token', body);
  assert.equal(first.access_token, second.access_token);
  assert.ok(first.expires_in > 7100 && first.expires_in <= 7200);

  const forced = { ...body, force_refresh: true };
  const third = await ask(tencent, 'POST', '/cgi-bin/stable_token', forced);
  assert.notEqual(third.access_token, first.access_token);
  assert.equal((await ask(tencent, 'POST', '/cgi-bin/stable_token', forced)).errcode, 45009);
}));

test('a text is checked for somebody who was there, with a good token', () =>
  withTencent(async (tencent) => {
    await ask(tencent, 'GET', loginPath(tencent.apps.wechat, tencent.code('o-one')));
    const path = `/wxa/msg_sec_check?access_token=${await tokenOf(tencent)}`;
    const body = { version: 2, scene: 4, openid: 'o-one', content: 'hello' };

    const well = await ask(tencent, 'POST', path, body);
    assert.deepEqual(well.result, { suggest: 'pass', label: 100 });
    const bad = await ask(tencent, 'POST', path, { ...body, content: 'risky' });
    assert.equal(bad.result.suggest, 'risky');
    const rows = [[{ openid: 'o-two' }, 40003], [{ scene: 5 }, 40129], [{ content: '' }, 44002],
      [{ access_token: 'x' }, 47001], [{ content: '字'.repeat(2501) }, 47001]];
    for (const [change, errcode] of rows) {
      assert.equal((await ask(tencent, 'POST', path, { ...body, ...change })).errcode, errcode);
    }
    tencent.spoilTokens();
    assert.equal((await ask(tencent, 'POST', path, body)).errcode, 40001);
  }));

test('a message goes to who allowed it, as often as they did', () =>
  withTencent(async (tencent) => {
    await ask(tencent, 'GET', loginPath(tencent.apps.wechat, tencent.code('o-one')));
    const path = `/cgi-bin/message/subscribe/send?access_token=${await tokenOf(tencent)}`;
    const data = { thing1: { value: '有人在等你' } };
    const body = { touser: 'o-one', template_id: 'tmpl-1', data };
    assert.equal((await ask(tencent, 'POST', path, body)).errcode, 43101);
    tencent.consent('o-one', 'tmpl-1');

    const long = { thing1: { value: '字'.repeat(21) } };
    assert.equal((await ask(tencent, 'POST', path, { ...body, data: long })).errcode, 47003);
    assert.equal((await ask(tencent, 'POST', path, { ...body, template_id: 'x' })).errcode, 40037);
    assert.equal((await ask(tencent, 'POST', path, body)).errcode, 0);

    assert.equal((await ask(tencent, 'POST', path, body)).errcode, 43101);
    assert.equal(tencent.sent.length, 1);
  }));

test('a script bends the next calls and then is over', () => withTencent(async (tencent) => {
  tencent.script('login', { errcode: -1, errmsg: 'system error' }, 'drop');
  const path = () => loginPath(tencent.apps.wechat, tencent.code('o-one'));

  assert.equal((await ask(tencent, 'GET', path())).errcode, -1);
  await assert.rejects(ask(tencent, 'GET', path()));
  assert.equal((await ask(tencent, 'GET', path())).openid, 'o-one');

  await tencent.down();
  await assert.rejects(ask(tencent, 'GET', path()), /ECONNREFUSED/);
  await tencent.up();
  assert.equal((await ask(tencent, 'GET', path())).openid, 'o-one');
}));
