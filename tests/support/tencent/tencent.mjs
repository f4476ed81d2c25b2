// Stands in for WeChat's and QQ's servers: the calls that onechat makes, over TLS, with the fields,
// limits and errors that their documents tell of, as a script of the test bends them. Strict where
// they are: what they would refuse is refused here. Both platforms live at one address; the paths
// and the AppIDs tell them apart.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certify } from '../../end_to_end/support/tls.mjs';
import { checks } from './checks.mjs';
import { logins } from './logins.mjs';
import { messages } from './messages.mjs';
import { tokens } from './tokens.mjs';

const bodyBytesMax = 1024 * 1024;

// The names that a test scripts by, and what each answers when nothing is scripted.
const endpoints = {
  'GET /sns/jscode2session': { name: 'login', answer: logins.session },
  'POST /cgi-bin/stable_token': { name: 'token', answer: tokens.stable },
  'GET /api/getToken': { name: 'token', answer: tokens.plain },
  'POST /wxa/msg_sec_check': { name: 'check', answer: checks.wechat },
  'POST /api/json/security/MsgSecCheck': { name: 'check', answer: checks.qq },
  'POST /cgi-bin/message/subscribe/send': { name: 'message', answer: messages.wechat },
  'POST /api/json/subscribe/SendSubscriptionMessage': { name: 'message', answer: messages.qq },
};

export class Tencent {
  static async start() {
    const one = new Tencent();
    await one.up();
    return one;
  }

  constructor() {
    this.apps = {
      wechat: { appid: `wx${randomBytes(8).toString('hex')}` },
      qq: { appid: `11${randomBytes(4).readUInt32BE()}` },
    };
    for (const app of Object.values(this.apps)) {
      app.secret = randomBytes(16).toString('hex');
      app.token = undefined; // {text, until}
      app.forced = []; // when force_refresh was granted, ms
    }
    this.codes = new Map(); // code -> {provider, openid, used, expired}
    this.people = new Map(); // openid -> {provider, sessionKeys, seen}
    this.consents = new Map(); // `openid template` -> how many messages are allowed
    this.templates = new Set(['tmpl-1', 'tmpl-2']);
    this.sent = []; // messages that would have reached a phone
    this.calls = []; // {name, path, query, body, servername, answer}: everything that came
    this.connections = 0; // since the start
    this.scripts = new Map(); // endpoint name -> steps still to come
    this.delay = 0; // ms before every answer
    this.secrets = new Set(Object.values(this.apps).map(({ secret }) => secret));
    // What moderation says of a text; a test may put another function here.
    this.verdict = (content) => {
      if (content.includes('risky')) return { suggest: 'risky', label: 20002 };
      if (content.includes('review')) return { suggest: 'review', label: 20001 };
      return { suggest: 'pass', label: 100 };
    };
    this.folder = mkdtempSync(join(tmpdir(), 'onechat-tencent-'));
    process.on('exit', () => rmSync(this.folder, { recursive: true, force: true }));
    const { certificate, key } = certify(this.folder, 'tencent.test');
    this.ca = certificate;
    this.tls = { cert: readFileSync(certificate), key: readFileSync(key) };
    this.sockets = new Set();
  }

  // ---- for starting the server ----

  get url() {
    return `https://127.0.0.1:${this.port}`;
  }

  // What makes a server use this one for those platforms.
  flags(...platforms) {
    const chosen = platforms.length > 0 ? platforms : ['wechat', 'qq'];
    return ['--platform-ca', this.ca, ...chosen.flatMap((name) =>
      [`--${name}-api`, this.url, `--${name}-appid`, this.apps[name].appid])];
  }

  env(...platforms) {
    const chosen = platforms.length > 0 ? platforms : ['wechat', 'qq'];
    return Object.fromEntries(chosen.map((name) =>
      [`ONECHAT_${name.toUpperCase()}_SECRET`, this.apps[name].secret]));
  }

  // ---- what people do on their phones ----

  // As wx.login() gives one: good once, for five minutes.
  code(openid, provider = 'wechat') {
    const code = `0${randomBytes(15).toString('hex')}`;
    this.codes.set(code, { provider, openid, at: Date.now() });
    return code;
  }

  // As wx.requestSubscribeMessage(): allows one message of that template.
  consent(openid, template) {
    const key = `${openid} ${template}`;
    this.consents.set(key, (this.consents.get(key) ?? 0) + 1);
  }

  // ---- how this one behaves ----

  // The next calls of an endpoint (login, token, check, message) get these instead, one each:
  // {errcode, errmsg} or any object: that answer; {status, text}: that HTTP answer;
  // 'hang': none; 'drop': the connection ends; 'half': it ends within the answer;
  // 'real': what there would be without a script.
  script(name, ...steps) {
    this.scripts.set(name, [...(this.scripts.get(name) ?? []), ...steps]);
  }

  // Whatever the token was, it is not good any more.
  spoilTokens() {
    for (const app of Object.values(this.apps)) app.token = undefined;
  }

  async up() {
    this.server = createServer(this.tls, (request, response) => this.#serve(request, response));
    this.server.on('secureConnection', (socket) => {
      this.sockets.add(socket);
      this.connections += 1;
      socket.on('close', () => this.sockets.delete(socket));
      socket.on('error', () => {});
    });
    this.server.on('tlsClientError', () => {});
    this.server.listen(this.port ?? 0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
  }

  // Nobody there; up() again at the same port.
  async down() {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  count(name) {
    return this.calls.filter((call) => call.name === name).length;
  }

  async remove() {
    if (this.server.listening) await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }

  // ---- inside ----

  appOf(provider) {
    return this.apps[provider];
  }

  providerOf(appid) {
    return Object.keys(this.apps).find((name) => this.apps[name].appid === appid);
  }

  async #serve(request, response) {
    const url = new URL(request.url, this.url);
    let body = '';
    for await (const part of request) {
      body += part;
      if (body.length > bodyBytesMax) return response.destroy();
    }
    const endpoint = endpoints[`${request.method} ${url.pathname}`];
    const query = Object.fromEntries(url.searchParams);
    const { servername } = request.socket;
    const call = { name: endpoint?.name, path: url.pathname, query, body, servername };
    this.calls.push(call);
    if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
    if (!endpoint) return response.writeHead(404).end();
    const step = this.scripts.get(endpoint.name)?.shift() ?? 'real';
    if (step === 'hang') return undefined;
    if (step === 'drop') return request.socket.destroy();
    if (step.status) return response.writeHead(step.status).end(step.text ?? '');
    call.answer = step === 'real' || step === 'half'
      ? endpoint.answer(this, query, parsed(body)) : step;
    // As the real ones: JSON that does not always say so.
    const text = JSON.stringify(call.answer);
    const length = Buffer.byteLength(text);
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': length });
    if (step === 'half') {
      response.write(text.slice(0, text.length / 2));
      return setTimeout(() => request.socket.destroy(), 10);
    }
    return response.end(text);
  }
}

function parsed(body) {
  try {
    const value = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

export async function withTencent(body) {
  const tencent = await Tencent.start();
  try {
    return await body(tencent);
  } finally {
    await tencent.remove();
  }
}
