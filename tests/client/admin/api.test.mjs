// What the page sends and what it makes of the answers.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Api, Refused, isTokenLike } from '../../../client/admin/source/logic/api.js';
import { may, roleOf } from '../../../client/admin/source/logic/roles.js';

// Answers with `reply(path, options)`, and keeps what was asked.
function played(reply) {
  const asked = [];
  const fetch = async (path, options) => {
    asked.push({ path, ...options });
    const { status = 200, body = {}, headers = {} } = await reply(path, options) ?? {};
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return new Response(text, { status, headers });
  };
  return { asked, fetch };
}

const problem = (status, code) => ({ status, body: { code, text: `A sentence about ${code}.` } });

test('a token is a header, a reason is percent-encoded, a body is JSON', async () => {
  const { asked, fetch } = played(() => ({ body: { bans: 1 } }));
  const api = new Api('secret', { fetch });

  const order = { body: { days: 1 }, why: '原因 “a”\ud800' };
  assert.deepEqual(await api.ask('POST', '/users/3/ban', order), { bans: 1 });

  const [{ path, method, headers, body, credentials, cache, redirect }] = asked;
  assert.deepEqual([path, method, body], ['/admin/api/v1/users/3/ban', 'POST', '{"days":1}']);
  assert.equal(headers.Authorization, 'Bearer secret');
  assert.equal(decodeURIComponent(headers['X-Reason']), '原因 “a”\ufffd');
  assert.match(headers['X-Reason'], /^[\x21-\x7e]+$/);
  assert.deepEqual([credentials, cache, redirect], ['omit', 'no-store', 'error']);
});

test('only what is wanted stands in the query, and no reason where none is given', async () => {
  const { asked, fetch } = played(() => ({}));
  const api = new Api('secret', { fetch });
  await api.get('/users', { query: { state: undefined, before: '7', limit: '' } });
  await api.get('/stats');
  assert.deepEqual(asked.map(({ path }) => path),
    ['/admin/api/v1/users?before=7', '/admin/api/v1/stats']);
  assert.ok(asked.every(({ headers }) => !('X-Reason' in headers)));
});

test('the token is nowhere to be read but in the requests', () => {
  const api = new Api('secret');
  assert.ok(!JSON.stringify(api).includes('secret'));
  assert.deepEqual(Object.values(api).filter((value) => value === 'secret'), []);
});

test('figures are asked for without the token', async () => {
  const { asked, fetch } = played(() => ({ body: 'a 1\n' }));
  assert.equal(await new Api('secret', { fetch }).figures(), 'a 1\n');
  assert.ok(!JSON.stringify(asked).includes('secret'));
});

test('a refusal carries the code and the sentence', async () => {
  const { fetch } = played(() =>
    ({ ...problem(429, 'too_many_failures'), headers: { 'Retry-After': '7' } }));
  await assert.rejects(new Api('x', { fetch }).get('/stats'), (error) => {
    assert.ok(error instanceof Refused);
    assert.deepEqual([error.status, error.code, error.retryAfter], [429, 'too_many_failures', 7]);
    return true;
  });
});

test('what a proxy or a dead line says is a refusal too', async () => {
  const cases = [
    [() => ({ status: 502, body: '<html>Bad gateway' }), 'odd_answer'],
    [() => ({ status: 404, body: '"text"' }), 'odd_answer'],
    [() => ({ status: 200, body: '<html>Log in' }), 'odd_answer'],
    [() => { throw new TypeError('failed to fetch'); }, 'unreachable'],
  ];
  for (const [reply, code] of cases) {
    const { fetch } = played(reply);
    await assert.rejects(new Api('x', { fetch }).get('/stats'), { code });
  }
});

test('a token that is no longer good is told once per answer, other refusals are not', async () => {
  let lost = 0;
  let status = 403;
  const { fetch } = played(() => problem(status, 'code'));
  const api = new Api('x', { fetch, onLost: () => { lost += 1; } });
  await assert.rejects(api.get('/stats'));
  assert.equal(lost, 0);
  status = 401;
  await assert.rejects(api.get('/stats'));
  assert.equal(lost, 1);
});

test('a question that nobody waits for is given up', async () => {
  const over = new AbortController();
  const fetch = (_, { signal }) => new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
  });
  const asked = new Api('x', { fetch }).get('/stats', { signal: over.signal });
  over.abort();
  await assert.rejects(asked, { name: 'AbortError' });
});

test('what cannot be a header is no token', () => {
  assert.ok(isTokenLike('onechat_admin_AbC-_09'));
  for (const text of ['', 'a b', 'ключ', 'a\n', 'x'.repeat(257)]) assert.ok(!isTokenLike(text));
});

test('the role is told by what is refused, without reading or changing anything', async () => {
  const rank = { viewer: 0, moderator: 1, owner: 2 };
  for (const role of Object.keys(rank)) {
    const { asked, fetch } = played((path) => {
      const needed = path.endsWith('/tokens') ? 2 : 1;
      if (rank[role] < needed) return problem(403, 'forbidden');
      return needed === 2 ? { body: { tokens: [] } } : problem(400, 'reason_required');
    });
    assert.equal(await roleOf(new Api('x', { fetch })), role);
    assert.ok(asked.every(({ method, headers }) => method === 'GET' && !headers['X-Reason']));
  }
  const { fetch } = played(() => problem(503, 'store_unavailable'));
  await assert.rejects(roleOf(new Api('x', { fetch })), { code: 'store_unavailable' });
});

test('each role includes the one before', () => {
  assert.ok(may('owner', 'viewer') && may('moderator', 'moderator') && may('viewer', 'viewer'));
  assert.ok(!may('viewer', 'moderator') && !may('moderator', 'owner'));
});
