// sns/jscode2session, the same at both platforms: a code is good once, for five minutes.
import { randomBytes } from 'node:crypto';
import { refusal } from './answers.mjs';

const codeTime = 5 * 60 * 1000;

function session(tencent, query) {
  const provider = tencent.providerOf(query.appid);
  if (!provider) return refusal(40013, 'invalid appid');
  if (query.secret !== tencent.appOf(provider).secret) return refusal(40125, 'invalid appsecret');
  if (query.grant_type !== 'authorization_code') return refusal(40002, 'invalid grant_type');
  if (!query.js_code) return refusal(41008, 'missing code');
  const code = tencent.codes.get(query.js_code);
  // Theirs repeats the code, too.
  if (!code || code.provider !== provider || Date.now() - code.at > codeTime) {
    return refusal(40029, `invalid code ${query.js_code}`);
  }
  if (code.used) return refusal(40163, `code been used, code: ${query.js_code}`);
  code.used = true;
  const sessionKey = randomBytes(16).toString('base64');
  tencent.secrets.add(sessionKey);
  tencent.secrets.add(query.js_code);
  const person = tencent.people.get(code.openid) ?? { provider };
  tencent.people.set(code.openid, { ...person, seen: Date.now() });
  const found = { session_key: sessionKey, openid: code.openid };
  return provider === 'wechat' ? found : { errcode: 0, errmsg: '', ...found };
}

export const logins = { session };
