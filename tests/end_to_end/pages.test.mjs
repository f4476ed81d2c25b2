// The web client and the operator's page as the server serves them: what a browser, a cache and
// somebody who tries paths get. A program that was built without them (-DONECHAT_WEB=OFF) doesn't
// pass.
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Raw, answersIn } from './support/raw.mjs';
import { Server } from './support/server.mjs';
import { overTls } from './support/tls.mjs';

const immutable = 'public, max-age=31536000, immutable';
const bytesMax = 60_000; // what a first visit may cost

const sides = { web: 'address', admin: 'admin' };

let server;
let side; // where is asked

// One request on a connection of its own; `body` as bytes, as they came.
async function ask(path, headers = {}, method = 'GET') {
  const secure = overTls && side === sides.web; // the operator's port is plain
  const raw = await Raw.connect(Number(server[side].split(':').pop()), secure);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  raw.send([`${method} ${path} HTTP/1.1`, 'Host: a', 'Connection: close', ...lines, '', '']
    .join('\r\n'));
  await raw.end();
  const { answers: [answer] } = answersIn(raw.received, true);
  return { ...answer, body: raw.received.subarray(raw.received.indexOf('\r\n\r\n') + 4) };
}

const unpacked = ({ headers, body }) => {
  const coding = headers['content-encoding'];
  return (coding === 'br' ? brotliDecompressSync(body)
    : coding === 'gzip' ? gunzipSync(body) : body).toString();
};

// The files that the page names.
async function files() {
  const page = unpacked(await ask('/'));
  return [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path);
}

before(async () => {
  server = await Server.start();
});
after(() => server.remove());

for (const [set, where] of Object.entries(sides)) {
  describe(`the pages of ${set}`, () => {
    before(() => {
      side = where;
    });

    test('the page names its files by their content, and all of them are there', async () => {
      const page = await ask('/?guest=new');
      assert.equal(page.status, 200);
      assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
      assert.equal(page.headers['cache-control'], 'no-cache');
      const markup = unpacked(page).replace(/"data:image[^"]*"/g, '""');
      assert.doesNotMatch(markup, /<style|style=|<script(?! src=)|\son\w+=|https?:/);
      const found = await files();
      assert.ok(found.length >= 3);
      for (const path of found) {
        assert.match(path, /^\/assets\/[\w-]+-[0-9a-f]{16}\.\w+$/);
        const file = await ask(path);
        assert.equal(file.status, 200, path);
        assert.equal(file.headers['cache-control'], immutable);
      }
    });

    test('each form holds the same, and a first visit is small', async () => {
      let total = 0;
      for (const path of ['/', ...await files()]) {
        const [plain, gzip, brotli] = await Promise.all(['identity', 'gzip', 'gzip, deflate, br']
          .map((coding) => ask(path, { 'Accept-Encoding': coding })));
        assert.equal(unpacked(gzip), unpacked(plain));
        assert.equal(unpacked(brotli), unpacked(plain));
        assert.equal(brotli.headers['content-encoding'], 'br');
        assert.equal(new Set([plain, gzip, brotli].map(({ headers }) => headers.etag)).size, 3);
        assert.equal(brotli.headers.vary, 'Accept-Encoding');
        assert.equal(Number(brotli.headers['content-length']), brotli.body.length);
        total += brotli.body.length;
      }
      assert.ok(total <= bytesMax, `${total} bytes`);
      const refused = await ask('/', { 'Accept-Encoding': 'br;q=0, gzip;q=0.5' });
      assert.equal(refused.headers['content-encoding'], 'gzip');
      assert.equal((await ask('/', { 'Accept-Encoding': 'identity;q=0' })).status, 406);
    });

    test('what a browser has is not sent again', async () => {
      for (const path of ['/', ...await files()]) {
        const first = await ask(path, { 'Accept-Encoding': 'br' });
        const { etag } = first.headers;
        const again = await ask(path, { 'Accept-Encoding': 'br', 'If-None-Match': etag });
        assert.equal(again.status, 304);
        assert.equal(again.body.length, 0);
        assert.equal(again.headers.etag, etag);
        assert.equal(again.headers['content-length'], undefined);
        const other = await ask(path, { 'Accept-Encoding': 'br', 'If-None-Match': '"other"' });
        assert.equal(other.status, 200);
      }
    });

    test('nothing inline, nothing foreign, no frames', async () => {
      for (const path of ['/', ...await files()]) {
        const { headers } = await ask(path);
        assert.equal(headers['content-security-policy'], "default-src 'none'; script-src 'self'; "
          + "style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
          + "form-action 'none'; frame-ancestors 'none'");
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers['access-control-allow-origin'], undefined);
      }
      const { headers } = await ask('/');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.match(headers['permissions-policy'], /camera=\(\)/);
    });

    test('HEAD is GET without the body; other methods are refused', async () => {
      for (const path of ['/', ...await files()]) {
        const get = await ask(path, { 'Accept-Encoding': 'br' });
        const head = await ask(path, { 'Accept-Encoding': 'br' }, 'HEAD');
        assert.deepEqual([head.status, head.body.length], [200, 0]);
        assert.deepEqual(head.headers, get.headers);
        for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
          const refused = await ask(path, {}, method);
          assert.deepEqual([refused.status, refused.headers.allow], [405, 'GET, HEAD']);
        }
      }
    });

    test('no path leads elsewhere', async () => {
      const [known] = await files();
      for (const path of ['/index.html', '/manifest.json', '/assets', '/assets/', '/assets/../',
        '/assets/../../etc/passwd', '/assets/%2e%2e/%2e%2e/etc/passwd', '/assets/..%2fetc', '//',
        '/assets//', `${known}/`, `${known}%00`, `/${known}`, known.toUpperCase(), `${known}.br`,
        known.replace('/assets/', '/assets/./'), known.replace('/assets/', '/ASSETS/')]) {
        const answer = await ask(path);
        assert.deepEqual([answer.status, `${answer.body}`], [404, 'not_found\n'], path);
      }
    });
  });
}
