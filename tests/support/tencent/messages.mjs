// Subscribe messages: one for each time that a person allowed one (`tencent.consent`).
import { lengthOf, refusal } from './answers.mjs';
import { tokens } from './tokens.mjs';

// By the beginning of the field's name; the others are taken as they are.
const rules = {
  thing: (value) => lengthOf(value) <= 20,
  phrase: (value) => lengthOf(value) <= 5,
  number: (value) => /^[\d.]{1,32}$/.test(value),
  time: (value) => /\d{1,2}:\d{2}/.test(value) || /\d{4}/.test(value),
};

function wrongField(data) {
  return Object.entries(data).find(([name, field]) => {
    const value = field?.value;
    if (typeof value !== 'string' || value === '') return true;
    const rule = rules[/^[a-z_]+/.exec(name)?.[0]];
    return rule !== undefined && !rule(value);
  })?.[0];
}

// What both check, in their order; a QQ code where theirs differs.
function send(tencent, provider, query, body, codes) {
  const wrong = tokens.refused(tencent, provider, query, body);
  if (wrong) return wrong;
  const person = tencent.people.get(body.touser);
  if (!person || person.provider !== provider) return refusal(codes.person, 'invalid openid');
  if (!tencent.templates.has(body.template_id)) return refusal(40037, 'invalid template_id');
  if (typeof body.data !== 'object' || body.data === null) {
    return refusal(codes.data, 'argument invalid! data is missing');
  }
  const field = wrongField(body.data);
  if (field) return refusal(codes.data, `argument invalid! data.${field}.value invalid`);
  if (body.page !== undefined && !/^\/?pages\//.test(body.page)) {
    return refusal(codes.page, 'invalid page');
  }
  const key = `${body.touser} ${body.template_id}`;
  const allowed = tencent.consents.get(key) ?? 0;
  if (allowed === 0) return refusal(codes.consent, 'user refuse to accept the msg');
  tencent.consents.set(key, allowed - 1);
  tencent.sent.push({ provider, ...body });
  return { errcode: 0, errmsg: 'ok' };
}

const wechat = (tencent, query, body) =>
  send(tencent, 'wechat', query, body, { person: 40003, data: 47003, page: 41030, consent: 43101 });

const qq = (tencent, query, body) =>
  send(tencent, 'qq', query, body, { person: 40035, data: 40035, page: 40035, consent: 46001 });

export const messages = { wechat, qq };
