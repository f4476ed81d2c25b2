// What the platforms' moderators say of a text: WeChat's msg_sec_check in its second version, QQ's
// MsgSecCheck as WeChat's first one was. The verdict itself is the test's: `tencent.verdict`.
import { randomBytes } from 'node:crypto';
import { lengthOf, refusal } from './answers.mjs';
import { tokens } from './tokens.mjs';

const contentMax = 2500;
const recently = 2 * 3600 * 1000;

function wechat(tencent, query, body) {
  const wrong = tokens.refused(tencent, 'wechat', query, body);
  if (wrong) return wrong;
  const person = tencent.people.get(body.openid);
  if (!person) return refusal(40003, 'invalid openid');
  if (person.provider !== 'wechat') return refusal(43104, 'this appid does not match this openid');
  // Theirs is refused as well when the person has not been there for two hours.
  if (Date.now() - person.seen > recently) return refusal(40003, 'invalid openid');
  if (body.version !== 2) return refusal(47001, 'data format error');
  if (![1, 2, 3, 4].includes(body.scene)) return refusal(40129, 'invalid scene');
  if (typeof body.content !== 'string' || body.content === '') return refusal(44002, 'empty post');
  if (lengthOf(body.content) > contentMax) return refusal(47001, 'data format error');
  const { suggest, label } = tencent.verdict(body.content, body);
  const trace = randomBytes(12).toString('hex');
  return {
    errcode: 0,
    errmsg: 'ok',
    result: { suggest, label },
    detail: [{ strategy: 'content_model', errcode: 0, suggest, label, prob: 90.5 }],
    trace_id: trace,
  };
}

function qq(tencent, query, body) {
  const wrong = tokens.refused(tencent, 'qq', query, body);
  if (wrong) return { errCode: wrong.errcode, errMsg: wrong.errmsg };
  if (body.appid !== tencent.appOf('qq').appid) return { errCode: 40013, errMsg: 'invalid appid' };
  if (typeof body.content !== 'string' || body.content === '') {
    return { errCode: 44002, errMsg: 'empty content' };
  }
  const { suggest } = tencent.verdict(body.content, body);
  return suggest === 'risky'
    ? { errCode: 87014, errMsg: 'risky content' } : { errCode: 0, errMsg: 'ok' };
}

export const checks = { wechat, qq };
