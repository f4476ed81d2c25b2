// Access tokens. WeChat's stable_token goes on giving out the same one until its last five minutes,
// unless forced (20 times a day, 30 s apart); QQ's getToken makes a new one each time. The one
// before stays good for five minutes.
import { randomBytes } from 'node:crypto';
import { refusal } from './answers.mjs';

const lifetime = 7200;
const overlap = 5 * 60 * 1000;

function make(tencent, app) {
  const text = `${randomBytes(60).toString('base64url')}+${randomBytes(30).toString('base64url')}=`;
  tencent.secrets.add(text);
  if (app.token) app.before = { text: app.token.text, until: Date.now() + overlap };
  app.token = { text, until: Date.now() + lifetime * 1000 };
}

function given(app) {
  const left = Math.floor((app.token.until - Date.now()) / 1000);
  return { access_token: app.token.text, expires_in: left };
}

function trouble(tencent, provider, { appid, secret, grant_type: type }) {
  if (!appid) return refusal(41002, 'appid missing');
  if (tencent.providerOf(appid) !== provider) return refusal(40013, 'invalid appid');
  if (secret !== tencent.appOf(provider).secret) return refusal(40125, 'invalid appsecret');
  return type === 'client_credential' ? undefined : refusal(40002, 'invalid grant_type');
}

function stable(tencent, query, body) {
  if (!body) return refusal(47001, 'data format error');
  const wrong = trouble(tencent, 'wechat', body);
  if (wrong) return wrong;
  const app = tencent.appOf('wechat');
  const now = Date.now();
  if (body.force_refresh === true) {
    app.forced = app.forced.filter((at) => now - at < 24 * 3600 * 1000);
    if (app.forced.length >= 20 || now - (app.forced.at(-1) ?? 0) < 30_000) {
      return refusal(45009, 'reach max api daily quota limit');
    }
    app.forced.push(now);
    make(tencent, app);
  } else if (!app.token || app.token.until - now < overlap) {
    make(tencent, app);
  }
  return given(app);
}

function plain(tencent, query) {
  const wrong = trouble(tencent, 'qq', query);
  if (wrong) return wrong;
  const app = tencent.appOf('qq');
  make(tencent, app);
  return { errcode: 0, errmsg: '', ...given(app) };
}

// Why a call with that token is refused, if it is.
function refused(tencent, provider, query, body) {
  if (!body) return refusal(47001, 'data format error');
  if (body.access_token !== undefined) return refusal(47001, 'data format error');
  const app = tencent.appOf(provider);
  const text = query.access_token;
  const good = [app.token, app.before].some((one) => one?.text === text && one.until > Date.now());
  if (good) return undefined;
  return provider === 'wechat'
    ? refusal(40001, 'invalid credential, access_token is invalid or not latest')
    : refusal(40014, 'invalid access_token');
}

export const tokens = { stable, plain, refused };
