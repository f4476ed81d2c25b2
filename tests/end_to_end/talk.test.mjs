// `onechat talk` as somebody at a terminal uses it: lines in, lines out.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import test from 'node:test';
import { binary, withServer } from './support/server.mjs';
import { tlsFlags, overTls } from './support/tls.mjs';

const patience = 10_000;
const quick = { flags: ['--match-round', '20ms', '--rematch-after', '0s'] };
const trust = overTls ? ['--tls-ca', tlsFlags[1]] : [];

class Terminal {
  constructor(url, flags = trust) {
    this.process = spawn(binary, ['talk', '--url', url, ...flags]);
    this.shown = '';
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.changes = new Set();
    this.process.stdin.on('error', () => {});  // it may have ended by itself
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.on('data', (bytes) => {
        this.shown += bytes;
        for (const look of [...this.changes]) look();
      });
    }
  }

  type(line) {
    this.process.stdin.write(`${line}\n`);
  }

  shows(what) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no ${what} within ${patience} ms in:\n${this.shown}`));
      }, patience);
      const look = () => {
        if (!what.test(this.shown)) return;
        clearTimeout(timer);
        this.changes.delete(look);
        resolve();
      };
      this.changes.add(look);
      look();
    });
  }

  // As Ctrl-D does; resolves with the exit status.
  end() {
    this.process.stdin.end();
    return this.ended;
  }
}

const withTerminals = async (server, several, body) => {
  const terminals = several.map((flags) => new Terminal(server.url, flags));
  try {
    await body(...terminals);
  } finally {
    for (const { process } of terminals) process.kill('SIGKILL');
  }
};

test('two people at terminals meet and talk', () =>
  withServer(quick, (server) => withTerminals(server, [trust, trust], async (one, two) => {
    await Promise.all([one, two].map((each) => each.shows(/you talk with/)));
    one.type('你好，陌生人');
    await two.shows(/你好，陌生人/);
    two.type('你好呀');
    await one.shows(/你好呀/);

    assert.equal(await one.end(), 0);
    assert.equal(await two.end(), 0);
  })));

test('a server whose certificate nobody vouches for is not talked to', {
  skip: overTls ? false : 'it is about certificates',
}, () => withServer(quick, (server) => withTerminals(server, [[]], async (one) => {
  await one.shows(/certificate/);
  one.type('can anybody hear me?');
  assert.doesNotMatch(one.shown, /meet|met/i);
})));

test('a file of certificates that is not there is refused at once', () =>
  withServer(quick, (server) =>
    withTerminals(server, [['--tls-ca', '/nowhere/ca.pem']], async (one) => {
      assert.equal(await one.ended, 2);
      assert.match(one.shown, /--tls-ca/);
    })));
