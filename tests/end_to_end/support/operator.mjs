// Somebody with a token who asks the operator's API, over sockets or over the command line.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { binary } from './server.mjs';

export const root = '/admin/api/v1';

export class Operator {
  // The owner whose token the first start has made.
  static async of(server) {
    const token = (await readFile(join(server.data, 'admin.token'), 'utf8')).trim();
    return new Operator(server, token);
  }

  constructor(server, token) {
    this.server = server;
    this.token = token;
  }

  // Another one, whom this owner lets in.
  async admits(name, role) {
    const { body } = await this.ask('POST', '/tokens', { body: { name, role } });
    return new Operator(this.server, body.token);
  }

  // `body`: what is written as JSON, or a string as it is; `why`: null for no reason.
  async ask(method, path, { body, why = 'for a test', headers = {}, raw } = {}) {
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const { status, headers: said, text: answer } = await send(this.server.admin, {
      method,
      path: path.startsWith('/admin') ? path : root + path,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(why === null ? {} : { 'x-reason': encodeURIComponent(why) }),
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    }, text);
    const isJson = said['content-type'] === 'application/json';
    return { status, headers: said, text: answer, body: isJson ? JSON.parse(answer) : undefined };
  }

  // What it answers when all is well.
  async get(path, options) {
    const { status, body, text } = await this.ask('GET', path, options);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return body;
  }

  // `onechat admin ...` with this token.
  async command(...args) {
    const process_ = spawn(binary, ['admin', '--url', this.server.adminHome, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ONECHAT_ADMIN_TOKEN: this.token },
    });
    const out = { stdout: '', stderr: '' };
    for (const name of Object.keys(out)) process_[name].on('data', (data) => (out[name] += data));
    out.status = await new Promise((resolve) => process_.once('close', resolve));
    return out;
  }
}

// node's own client: fetch would mend what a test means to be wrong.
export const send = (address, options, text) =>
  new Promise((resolve, reject) => {
    const [, host, port] = /^(.*):(\d+)$/.exec(address);
    const asked = request({ host: host.replace(/[[\]]/g, ''), port, agent: false, ...options },
      (answer) => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (part) => (body += part));
        answer.on('end', () =>
          resolve({ status: answer.statusCode, headers: answer.headers, text: body }));
      });
    asked.on('error', reject);
    asked.end(text);
  });
