// What is sent before an upgrade, and the exact answer. A row that `goesOn` keeps its connection:
// then the request that each row sends after its own is served as well, and never otherwise.
import { upgrade } from '../support/raw.mjs';

const request = (first, ...lines) => [first, 'Host: a', ...lines, '', ''].join('\r\n');
const get = (target, ...lines) => request(`GET ${target} HTTP/1.1`, ...lines);
const post = (target, ...lines) => request(`POST ${target} HTTP/1.1`, ...lines);
const without = (line, text = upgrade()) => text.replace(`${line}\r\n`, '');
const withOther = (line, other) => upgrade().replace(line, other);
const fill = (count) => Array.from({ length: count }, (_, at) => `X-${at}: y`);
const long = (bytes) => 'a'.repeat(bytes);
const smuggled = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';
const chunked = 'Transfer-Encoding: chunked';
const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const version = 'Sec-WebSocket-Version: 13';

const upgrades = {
  upgrade: 'websocket', 'sec-websocket-version': '13', connection: 'Upgrade, close',
};
const accepted = {
  upgrade: 'websocket', connection: 'Upgrade',
  'sec-websocket-accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
};
const no = (status, body, bytes, more = {}) => ({ status, body: `${body}\n`, bytes, ...more });
const served = (bytes, more = {}) => ({ status: 200, body: 'ok\n', bytes, goesOn: true, ...more });
const missing = (bytes) => no(404, 'not_found', bytes, { goesOn: true });
const wrong = (bytes) =>
  no(405, 'method_not_allowed', bytes, { headers: { allow: 'GET, HEAD' }, goesOn: true });
const upgraded = (bytes, headers = {}) =>
  ({ status: 101, bytes, headers: { ...accepted, ...headers } });

export const httpRows = {
  'a resource': served(get('/healthz')),
  'a resource and a query': served(get('/healthz?tokens=1&a=%00')),
  'the page': { status: 200, bytes: get('/'), goesOn: true,
    headers: { 'content-type': 'text/html; charset=utf-8' } },
  'HEAD': { status: 200, body: '', bytes: request('HEAD /healthz HTTP/1.1'), goesOn: true,
    headers: { 'content-length': '3' } },
  'an empty line first': served(`\r\n${get('/healthz')}`),
  'absolute form': served(get('http://anywhere:80/healthz')),
  'absolute form, upgraded': upgraded(upgrade([], 'GET http://a/ws HTTP/1.1')),
  'HTTP/1.0': served(request('GET /healthz HTTP/1.0'), { goesOn: false }),
  'Connection: close': served(get('/healthz', 'Connection: close'), { goesOn: false }),
  'a body nobody wants': served(get('/healthz', `Content-Length: ${smuggled.length}`) + smuggled),

  'unknown path': missing(get('/nothing')),
  'a path below the WebSocket': missing(get('/ws/')),
  'a path in another case': missing(get('/WS')),
  'a path that climbs': missing(get('/../../etc/passwd')),
  'a path with an encoded NUL': missing(get('/healthz%00')),
  'PUT': wrong(request('PUT /healthz HTTP/1.1')),
  'OPTIONS': wrong(request('OPTIONS /healthz HTTP/1.1')),
  'an unknown method': wrong(request('BREW /healthz HTTP/1.1')),
  'a method in another case': wrong(request('get /healthz HTTP/1.1')),

  'no upgrade': no(426, 'upgrade_required', get('/ws'), { headers: upgrades }),
  'another upgrade': no(426, 'upgrade_required',
    withOther('Upgrade: websocket', 'Upgrade: h2c'), { headers: upgrades }),
  'no Connection: Upgrade': no(426, 'upgrade_required', without('Connection: Upgrade'),
    { headers: upgrades }),
  ...Object.fromEntries(['8', '14', '', '13, 8', 'x'].map((other) =>
    [`version "${other}"`, no(426, 'version_13_required',
      withOther(version, `Sec-WebSocket-Version: ${other}`), { headers: upgrades })])),
  'no version': no(426, 'version_13_required', without(version), { headers: upgrades }),
  'no key': no(400, 'bad_websocket_key', without(key)),
  'two keys': no(400, 'bad_websocket_key', upgrade([key])),
  ...Object.fromEntries(['', 'abc', 'dGhlIHNhbXBsZSBub25j!Q==', 'dGhlIHNhbXBsZSBub25jZQ'].map(
    (other) => [`key "${other}"`, no(400, 'bad_websocket_key',
      withOther(key, `Sec-WebSocket-Key: ${other}`))])),
  'POST to the WebSocket': no(400, 'upgrade_needs_get', upgrade([], 'POST /ws HTTP/1.1')),
  'an upgrade of HTTP/1.0': no(400, 'upgrade_needs_http_1_1', upgrade([], 'GET /ws HTTP/1.0')),
  'an upgrade with a body': no(400, 'upgrade_with_body', `${upgrade(['Content-Length: 1'])}x`),

  'no Host': no(400, 'one_host_required', 'GET /healthz HTTP/1.1\r\n\r\n'),
  'an empty Host': no(400, 'one_host_required', 'GET /healthz HTTP/1.1\r\nHost:\r\n\r\n'),
  'Host twice': no(400, 'one_host_required', get('/healthz', 'Host: b')),
  'no Host for the WebSocket': no(400, 'one_host_required', without('Host: a')),

  'chunked': no(501, 'transfer_encoding_not_supported',
    `${post('/healthz', chunked)}0\r\n\r\n${smuggled}`),
  'any encoding': no(501, 'transfer_encoding_not_supported',
    get('/healthz', 'Transfer-Encoding: identity')),
  'an encoded upgrade': no(501, 'transfer_encoding_not_supported', upgrade([chunked])),
  'an encoding with a blank': no(400, 'bad_request',
    get('/healthz', 'Transfer-Encoding : chunked')),
  'a length and an encoding': no(400, 'length_and_encoding',
    `${post('/healthz', 'Content-Length: 5', chunked)}0\r\n\r\n${smuggled}`),
  'an encoding and a length': no(400, 'length_and_encoding',
    `${post('/healthz', chunked, 'Content-Length: 5')}0\r\n\r\n${smuggled}`),
  'two lengths': { status: 400,
    bytes: post('/healthz', 'Content-Length: 5', 'Content-Length: 6') + smuggled },
  'one length twice': no(400, 'two_lengths',
    post('/healthz', 'Content-Length: 0', 'Content-Length: 0')),
  ...Object.fromEntries(
    ['18446744073709551616', '99999999999999999999999', '-1', '+5', '0x10', '5 5', '5,5', 'x'].map(
      (other) => [`length ${other}`, { status: 400,
        bytes: post('/healthz', `Content-Length: ${other}`) + smuggled }])),

  'a head of 8 KiB': served(get('/healthz', `X: ${long(8192 - get('/healthz', 'X: ').length)}`)),
  'a head of more': no(431, 'head_too_big', get('/healthz', `X: ${long(8192)}`)),
  '64 headers': served(get('/healthz', ...fill(63))),
  '65 headers': no(431, 'too_many_headers', get('/healthz', ...fill(64))),
  'a target of 2 KiB': missing(get(`/${long(2047)}`)),
  'a longer target': no(414, 'target_too_long', get(`/${long(2048)}`)),
  'a target of 100 KiB': no(414, 'target_too_long', get(`/${long(100_000)}`)),
  'a target beyond ASCII': no(400, 'bad_target', get('/é')),
  'a target with DEL': { status: 400, bytes: get('/\x7f') },
  'a target with ESC': { status: 400, bytes: get('/\x1b[2J') },
  'a target with a blank': { status: 400, bytes: get('/a b') },
  'a relative target': { status: 400, bytes: get('healthz') },
  'authority form': no(400, 'bad_target', request('CONNECT a:80 HTTP/1.1')),
  'asterisk form': no(400, 'bad_target', request('OPTIONS * HTTP/1.1')),
  'absolute form of another scheme': no(400, 'bad_target', get('ftp://a/healthz')),

  'a body of 64 KiB': wrong(post('/healthz', 'Content-Length: 65536') + long(65_536)),
  'a larger body, unsent': no(413, 'body_too_big', post('/healthz', 'Content-Length: 65537')),
  'a larger body, awaited': no(413, 'body_too_big',
    post('/healthz', 'Content-Length: 65537', 'Expect: 100-continue')),
  'the largest body': no(413, 'body_too_big', post('/ws', 'Content-Length: 18446744073709551615')),

  ...Object.fromEntries(
    ['/ws?token=S3CRET', '/?a=b&token=S3CRET', '/?%74oken=S3CRET', 'http://a/?token=S3CRET',
      '/nothing?token=S3CRET'].map((target) =>
      [`a token in ${target}`, no(400, 'token_in_url', get(target))])),
  'a token in the upgrade': no(400, 'token_in_url',
    upgrade([], 'GET /ws?token=S3CRET HTTP/1.1')),

  'a bare line feed': { status: 400, bytes: 'GET /healthz HTTP/1.1\nHost: a\n\n\r\n\r\n' },
  'a bare carriage return': { status: 400, bytes: get('/healthz', 'X: a\rb') },
  'a folded header': { status: 400, bytes: get('/healthz', 'X: a', ' b') },
  'NUL': { status: 400, bytes: get('/healthz', 'X: a\0b') },
  'ESC in a header': { status: 400, bytes: get('/healthz', 'X: a\x1b[2J') },
  'a header without a colon': { status: 400, bytes: get('/healthz', 'nonsense') },
  'a header name with a blank': { status: 400, bytes: get('/healthz', 'X : y') },
  'HTTP/2': { status: 400, bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' },
  'HTTP/0.9': { status: 400, bytes: 'GET /healthz\r\n\r\n' },
  'TLS': { status: 400, bytes: Buffer.from('16030100a5010000a10303000d0a0d0a', 'hex') },

  'an upgrade': upgraded(upgrade()),
  'an upgrade with odd headers': upgraded(upgrade(
    ['Origin: https://servicewechat.com', 'Cookie: a=b', 'Referer: x', 'User-Agent: %s%n'])),
  'an upgrade in other words': upgraded(withOther('Upgrade: websocket',
    'UPGRADE: h2c, WebSocket').replace('Connection: Upgrade', 'connection: keep-alive, UPGRADE')),
  'our subprotocol among others': upgraded(upgrade(['Sec-WebSocket-Protocol: chat, onechat.v1']),
    { 'sec-websocket-protocol': 'onechat.v1' }),
  'unknown subprotocols': upgraded(upgrade(['Sec-WebSocket-Protocol: chat, onechat.v2']),
    { 'sec-websocket-protocol': undefined }),
  'extensions': upgraded(upgrade(['Sec-WebSocket-Extensions: permessage-deflate, x-y; z=1']),
    { 'sec-websocket-extensions': undefined }),
};

// With `--allow-origins https://chat.example`.
const from = (...origins) => upgrade(origins.map((origin) => `Origin: ${origin}`));
const refused = (origin) => [`from ${origin}`, no(403, 'origin_not_allowed', from(origin))];
export const originRows = {
  'no origin': upgraded(upgrade()),
  'a listed origin': upgraded(from('https://chat.example')),
  'a listed origin in capitals': upgraded(from('HTTPS://Chat.Example')),
  ...Object.fromEntries(['https://evil.example', 'http://chat.example', 'https://chat.example:444',
    'https://chat.example.evil.example', 'https://chat.example@evil.example', 'http://',
    'https://chat.example https://evil.example'].map(refused)),
  'no scheme': upgraded(from('null')),
  'an odd scheme': upgraded(from('file://')),
  'two origins': no(400, 'two_origins', from('https://chat.example', 'https://chat.example')),
  'another page reads the plain one': served(get('/healthz', 'Origin: https://evil.example')),
};
