// A real nginx or HAProxy on free ports, run by whoever runs the test with the configuration from
// docs/examples, so that what is documented is what is tested. Ports, names of files and
// certificates are put in; nothing else changes.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certify } from './tls.mjs';

const examples = new URL('../../../docs/examples/', import.meta.url);
const folders = '/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin';

function find(program) {
  try {
    const env = { ...process.env, PATH: `${process.env.PATH}:${folders}` };
    return execFileSync('sh', ['-c', `command -v ${program}`], { env, encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

export const programs = { nginx: find('nginx'), haproxy: find('haproxy') };

// Free now; whoever takes it meanwhile makes the proxy fail to start, which is tried again.
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

// Each of the example's own words must be there, or the test would look at something else. What is
// put in is not looked at again: a port may begin like one of those words.
function put(text, changes) {
  for (const [from] of changes) {
    if (!text.includes(from)) throw new Error(`the example does not say "${from}" any more`);
  }
  const words = changes.map(([from]) => from.replace(/[.]/g, '\\.')).join('|');
  return text.replace(new RegExp(words, 'g'), (found) => new Map(changes).get(found));
}

const kinds = {
  async nginx({ folder, port, target, certificate, key }) {
    const site = put(await readFile(new URL('nginx.conf', examples), 'utf8'), [
      ['127.0.0.1:8080', target],
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      ['/etc/letsencrypt/live/chat.example.org/fullchain.pem', certificate],
      ['/etc/letsencrypt/live/chat.example.org/privkey.pem', key],
    ]);
    const file = join(folder, 'nginx.conf');
    const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${join(folder, name)};`).join('\n');
    await writeFile(file, `daemon off; pid ${join(folder, 'pid')}; error_log stderr;
events {}
http {
access_log off;
${paths}
${site}
}
`);
    return [programs.nginx, ['-c', file, '-p', folder, '-e', 'stderr']];
  },

  async haproxy({ folder, port, target, certificate, key, example = 'haproxy.cfg' }) {
    const both = join(folder, 'both.pem');
    await writeFile(both, await readFile(certificate) + await readFile(key));
    const file = join(folder, 'haproxy.cfg');
    await writeFile(file, put(await readFile(new URL(example, examples), 'utf8'), [
      ['127.0.0.1:8080', target],
      ['maxconn 50000', 'maxconn 500'], // two files for each, which not every machine allows
      [':443', `127.0.0.1:${port}`],
      ...(example === 'haproxy.cfg' ? [['/etc/haproxy/chat.example.org.pem', both]] : []),
    ]));
    return [programs.haproxy, ['-db', '-f', file]];
  },
};

const listens = (port) => new Promise((resolve) => {
  const probe = connect({ host: '127.0.0.1', port }, () => {
    probe.destroy();
    resolve(true);
  });
  probe.once('error', () => resolve(false));
});

export class Proxy {
  // `kind`: nginx or haproxy. `target`: where onechat listens, as ADDRESS:PORT. `more.example`:
  // another file of docs/examples.
  static async start(kind, target, more = {}) {
    const proxy = new Proxy();
    proxy.folder = await mkdtemp(join(tmpdir(), `onechat-${kind}-`));
    const { certificate, key } = certify(proxy.folder);
    proxy.ca = await readFile(certificate);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      proxy.port = await freePort();
      const [program, args] = await kinds[kind](
        { folder: proxy.folder, port: proxy.port, target, certificate, key, ...more });
      if (await proxy.run(program, args)) return proxy;
    }
    await proxy.remove();
    throw new Error(`${kind} does not start:\n${proxy.complaints}`);
  }

  async run(program, args) {
    this.complaints = '';
    this.process = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.process.stderr.on('data', (bytes) => {
      this.complaints += bytes;
    });
    let ended = false;
    this.exited = new Promise((resolve) => this.process.once('exit', resolve));
    this.exited.then(() => {
      ended = true;
    });
    while (!ended) {
      if (await listens(this.port)) return true;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return false;
  }

  get url() {
    return `wss://127.0.0.1:${this.port}/ws`;
  }

  async remove() {
    this.process.kill('SIGTERM');
    await this.exited;
    await rm(this.folder, { recursive: true, force: true });
  }
}
