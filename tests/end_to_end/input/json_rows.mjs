// What is said as text, and every answer to it: before the welcome, and after it. `said` may be a
// list; messages that are no text are written as JSON.
export const malformed = (code, field, rid) => ({ t: 'error', code, field, rid });
const bad_json = [malformed('bad_json')];
const unknown_type = (rid) => [malformed('unknown_type', undefined, rid)];
const bad_field = (field, rid) => [malformed('bad_field', field, rid)];
const pong = [{ t: 'pong' }];
const nested = (levels) => `{"t":"ping","x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
const ping = (more) => `{"t":"ping",${more}}`;
const cid = (number) => `{"t":"say","rid":3,"cid":${number},"text":"x"}`;
const nack = (number, code, more = {}) => [{ t: 'nack', cid: number, code, ...more }];
const row = (said, heard, more = {}) => ({ said: [said].flat(), heard, ...more });
const protocol_error = { t: 'bye', code: 4503, reason: 'protocol_error' };
const repeated = (count, one) => Array.from({ length: count }, () => one).flat();
const tooLong = { t: 'find', nickname: 'x'.repeat(33) };
const too_long = { t: 'error', code: 'too_long', field: 'nickname' };

export const welcomedRows = {
  '8 levels': row(nested(8), pong),
  '9 levels': row(nested(9), bad_json),
  '9 levels of objects': row(`${'{"t":'.repeat(9)}1${'}'.repeat(9)}`, bad_json),
  '10,000 levels': row('{"t":'.repeat(5000) + '['.repeat(5000), bad_json),
  'a key twice': row(ping('"t":"ping"'), bad_json),
  'an unknown key twice': row(ping('"x":1,"x":2'), bad_json),
  'a nested key twice': row(ping('"x":{"y":1,"y":1}'), bad_json),
  'a key twice, once escaped': row('{"t":"ping","\\u0074":"ping"}', bad_json),
  'something behind the object': row('{"t":"ping"}x', bad_json),
  'an object behind the object': row('{"t":"ping"}{"t":"ping"}', bad_json),
  'NUL behind the object': row('{"t":"ping"}\0', bad_json),
  'blanks around the object': row(' \r\n\t{ "t" : "ping" }\n ', pong),
  'a byte order mark': row('\ufeff{"t":"ping"}', bad_json),
  ...Object.fromEntries(['', ' ', '[]', '"ping"', '1', 'null', 'true', '{', '}', '{"t"}',
    '{"t":"ping"', '{"t":"ping",}', "{'t':'ping'}", '{t:"ping"}', '[{"t":"ping"}]',
    '{"t":"ping"}//', '{/**/"t":"ping"}', '{"t":"pi\nng"}', '{"t":"\\x"}', '{"t":"\\u12"}',
    ping('"x":01'), ping('"x":+1'), ping('"x":.5'), ping('"x":1.'), ping('"x":NaN'),
    ping('"x":-Infinity'), ping('"x":1e'), ping('"x":tru')].map((text) =>
    [`no JSON: ${JSON.stringify(text)}`, row(text, bad_json)])),
  'unknown fields of any kind': row(ping('"x":1e999,"y":[null,{}],"":"","z":-0.0'), pong),
  'an unknown number of 400 digits': row(ping(`"x":${'9'.repeat(400)}`), pong),
  'unknown strings of any kind': row(ping('"x":"\\ud800","y":"\\u0000","\\udc00":1'), pong),

  'an unknown type': row({ t: 'dance', rid: 5 }, unknown_type(5)),
  'no type': row({ rid: 5 }, unknown_type(5)),
  'a type that is a number': row({ t: 5, rid: 5 }, unknown_type(5)),
  'a type that is null': row({ t: null }, unknown_type()),
  'a type in another case': row({ t: 'Ping' }, unknown_type()),
  'a type with a blank': row({ t: 'ping ' }, unknown_type()),
  'a type with NUL': row('{"t":"ping\\u0000"}', unknown_type()),
  "a server's type": row({ t: 'welcome' }, unknown_type()),
  'a type of 10,000 letters': row({ t: 'x'.repeat(10_000) }, unknown_type()),

  'rid': row(ping('"rid":0'), [{ t: 'pong', rid: 0 }]),
  'the largest rid': row(ping('"rid":9007199254740991'), [{ t: 'pong', rid: 2 ** 53 - 1 }]),
  'the smallest rid': row(ping('"rid":-9007199254740991'), [{ t: 'pong', rid: 1 - 2 ** 53 }]),
  ...Object.fromEntries(
    ['9007199254740992', '-9007199254740992', '5.0', '5e0', '"5"', 'null', 'true', '[]'].map(
      (rid) => [`rid ${rid}`, row(ping(`"rid":${rid}`), bad_field('rid'))])),

  ...Object.fromEntries(
    ['9007199254740992', '1e400', '5.0', '5e0', '0', '-1', '"5"', 'null', 'true', '[5]', '{}'].map(
      (number) => [`cid ${number}`, row(cid(number), bad_field('cid', 3))])),
  'no cid': row({ t: 'say', text: 'x', rid: 3 }, bad_field('cid', 3)),
  'the largest cid': row(cid('9007199254740991'), nack(2 ** 53 - 1, 'not_paired', { rid: 3 })),
  'a bad text with a readable cid': row({ t: 'say', cid: 4, text: 5, rid: 3 },
    nack(4, 'bad_field', { rid: 3 })),
  'a bad rid with a readable cid': row('{"t":"say","cid":4,"text":"x","rid":"y"}',
    nack(4, 'bad_field', { rid: undefined })),
  'a cid in no say': row({ t: 'recall', cid: 4, seq: 0 }, bad_field('seq')),

  'a second hello': row({ t: 'hello', v: 1, login: { provider: 'guest' }, rid: 8 },
    [{ t: 'error', code: 'forbidden', rid: 8 }]),
  'a second hello with a wrong token': row({ t: 'hello', v: 1, token: 'wrong', rid: 8 },
    [{ t: 'error', code: 'forbidden', rid: 8 }]),
  'a second hello of version 2': row({ t: 'hello', v: 2, login: { provider: 'guest' } },
    bad_field('v')),

  '4 malformed': row(repeated(4, 'x'), repeated(4, bad_json)),
  '5 malformed': row(repeated(5, 'x'), [...repeated(5, bad_json), protocol_error],
    { close: 4503 }),
  '5 malformed of all kinds': row(
    ['x', { t: 'dance' }, { t: 'typing' }, cid(0), { t: 'ping', rid: 'x' }],
    [...bad_json, ...unknown_type(), ...bad_field('on'), ...bad_field('cid', 3),
      ...bad_field('rid'), protocol_error], { close: 4503 }),
  '5 malformed says': row(repeated(5, { t: 'say', cid: 1 }),
    [...repeated(5, nack(1, 'bad_field')), protocol_error], { close: 4503 }),
  'nothing is heard after the 5th': row([...repeated(5, 'x'), { t: 'ping' }, 'x'],
    [...repeated(5, bad_json), protocol_error], { close: 4503 }),
  '20 too long, 4 malformed': row([...repeated(20, tooLong), ...repeated(4, 'x')],
    [...repeated(20, too_long), ...repeated(4, bad_json)]),
};

const guest = { t: 'hello', v: 1, login: { provider: 'guest' }, rid: 1 };
const welcome = { t: 'welcome', v: 1, rid: 1, state: 'idle' };
const wrongToken = { close: 4501 };
const login_required = [{ t: 'bye', code: 4501, reason: 'login_required' }];
// Refused, and the connection is good for another hello.
const refusedHello = (hello, field, code = 'bad_field') =>
  row([typeof hello === 'string' ? hello : { ...guest, ...hello }, guest],
    [{ t: 'error', code, field, rid: 1 }, welcome]);
const held = { pair: 'AAAAAAAAAAAAAAAA', seq: 1, epoch: 1 };

const everything = [{ t: 'find' }, { t: 'cancel' }, { t: 'typing', on: true },
  { t: 'seen', seq: 1 }, { t: 'recall', seq: 1 }, { t: 'leave' }, { t: 'next' }, { t: 'away' },
  { t: 'history', pair: 'x' },
  { t: 'pairs' }, { t: 'clear', pair: 'x' }, { t: 'block', pair: 'x' }, { t: 'unblock', pair: 'x' },
  { t: 'report', pair: 'x', reason: 'spam' }, { t: 'notify', templates: [] }, { t: 'export' },
  { t: 'erase', confirm: true }, { t: 'logout' }, { t: 'ping' }];

export const newcomerRows = {
  ...Object.fromEntries(everything.map((message) => [`${message.t} before welcome`,
    row({ ...message, rid: 6 }, [{ t: 'error', code: 'not_ready', rid: 6 }])])),
  'say before welcome': row({ t: 'say', cid: 2, text: 'x', rid: 6 },
    nack(2, 'not_ready', { rid: 6 })),
  'hello after too early a message': row([{ t: 'find' }, guest],
    [{ t: 'error', code: 'not_ready' }, welcome]),
  'unknown fields': row({ ...guest, x: { y: 1 }, login: { provider: 'guest', z: [] } }, [welcome]),

  'version 2': refusedHello({ v: 2 }, 'v'),
  'version 0': refusedHello({ v: 0 }, 'v'),
  'version "1"': refusedHello({ v: '1' }, 'v'),
  'version 1.0': refusedHello('{"t":"hello","v":1.0,"login":{"provider":"guest"},"rid":1}', 'v'),
  'no version': refusedHello({ v: undefined }, 'v'),
  'neither login nor token': refusedHello({ login: undefined }, 'login'),
  'a login that is null': refusedHello({ login: null }, 'login'),
  'a login that is a word': refusedHello({ login: 'guest' }, 'login'),
  'a login without a provider': refusedHello({ login: {} }, 'login.provider'),
  'an unknown provider': refusedHello({ login: { provider: 'x' } }, 'login.provider'),
  'a provider that is a number': refusedHello({ login: { provider: 1 } }, 'login.provider'),
  'a code that is a number': refusedHello({ login: { provider: 'guest', code: 1 } }, 'login.code'),
  'an empty code': refusedHello({ login: { provider: 'guest', code: '' } }, 'login.code'),
  'a code of 513 bytes': refusedHello({ login: { provider: 'guest', code: 'x'.repeat(513) } },
    'login.code'),
  'a platform that is not set up': refusedHello({ login: { provider: 'wechat', code: 'x' } },
    'login.provider', 'login_failed'),
  'a token that is a number': refusedHello({ token: 1 }, 'token'),
  'a token of 4097 bytes': refusedHello({ token: 'x'.repeat(4097) }, 'token'),
  'a token with NUL': refusedHello({ token: 'x\0' }, 'token'),
  'held that is a word': refusedHello({ held: 'x' }, 'held'),
  'held without a pair': refusedHello({ held: { ...held, pair: undefined } }, 'held.pair'),
  'held of 129 bytes': refusedHello({ held: { ...held, pair: 'x'.repeat(129) } }, 'held.pair'),
  'held with seq -1': refusedHello({ held: { ...held, seq: -1 } }, 'held.seq'),
  'held with epoch 2^53': refusedHello({ held: { ...held, epoch: 2 ** 53 } }, 'held.epoch'),
  'held of an unknown pair': row({ ...guest, held },
    [{ ...welcome, held: { pair: held.pair, keep: 0 } }]),

  ...Object.fromEntries(
    ['', 'x', '"', "' or 1=1 --", 'x'.repeat(88), 'x'.repeat(4096)].map((token) =>
      [`the token ${token.slice(0, 12)} of ${token.length}`,
        row({ t: 'hello', v: 1, token }, login_required, wrongToken)])),
  'a wrong token beside a login': row({ ...guest, token: 'wrong' }, login_required, wrongToken),
};
