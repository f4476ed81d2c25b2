// A server with the stand-in for WeChat and QQ behind it, and people who come by them.
import { withTencent } from '../../support/tencent/tencent.mjs';
import { Person, meet } from './person.mjs';
import { withServer } from './server.mjs';

export const quick = ['--match-round', '20ms', '--rematch-after', '0s', '--log-level', 'debug'];

export function withPlatforms(flags, body) {
  return withTencent((tencent) =>
    withServer({ flags: [...quick, ...tencent.flags(), ...flags], env: tencent.env() },
      (server) => body(server, tencent)));
}

export async function arriveBy(server, tencent, openid, provider = 'wechat') {
  const person = await Person.connect(server.url);
  person.say({ t: 'hello', v: 1, login: { provider, code: tencent.code(openid, provider) } });
  person.welcome = await person.hears('welcome');
  person.token = person.welcome.token;
  person.cid = 0;
  return person;
}

// Two who have met, both of that platform.
export async function pairBy(server, tencent, provider = 'wechat') {
  const one = await arriveBy(server, tencent, 'o-ada', provider);
  const two = await arriveBy(server, tencent, 'o-bob', provider);
  await meet(one, two);
  return [one, two];
}

// Says it without waiting for the answer; the number of it.
export function say(who, text) {
  const cid = ++who.cid;
  who.say({ t: 'say', cid, text, pair: who.pair });
  return cid;
}

export const nackOf = (who, cid) => who.hears('nack', (nack) => nack.cid === cid);
export const textTo = (who) => who.hears('event', (event) => event.kind === 'text');

export async function metric(server, name) {
  const text = await (await fetch(`${server.adminHome}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ').pop());
}
