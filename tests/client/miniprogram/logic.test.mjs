// The parts of the mini program that decide something, without any platform: times, words, counts,
// and which rows stand in the list of a chat.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';

const source = createRequire(new URL('../../../client/miniprogram/app.js', import.meta.url));
const zh = source('./i18n/zh');
const en = source('./i18n/en');
const times = source('./chat/time_labels');
const { asksForHelp } = source('./chat/help_words');
const { words: helpWords } = source('./help');
const { codePoints, measure } = source('./chat/counter');
const span = source('./chat/span');
const rows = source('./chat/rows');
const { describe: describeSearch } = source('./chat/search');
const view = source('./chat/view');
const { banner } = source('./parts/connection');
const { readable, exportLines } = source('./chat/rights');

const local = (...parts) => new Date(...parts).getTime();
const now = local(2026, 10, 27, 9, 30); // a Friday

const text = (seq, from = 'partner', more = {}) => ({
  pair: 'p',
  seq,
  at: now - 100_000 + seq,
  from,
  kind: 'text',
  text: `text ${seq}`,
  ...more,
});
const texts = (count) => Array.from({ length: count }, (_, at) => text(at + 1));
const content = (more = {}) => {
  const events = more.events ?? [];
  return {
    events,
    from: 0,
    to: events.length,
    outbox: [],
    seen: 0,
    met: 0,
    topic: '',
    now,
    ...more,
  };
};

test('a time today is a clock, and the further back the more is said', () => {
  assert.equal(times.moment(local(2026, 10, 27, 8, 5), now, zh.time), '08:05');
  assert.equal(times.moment(local(2026, 10, 26, 23, 59), now, zh.time), '昨天 23:59');
  assert.equal(times.moment(local(2026, 10, 25, 8, 5), now, zh.time), '星期三 08:05');
  assert.equal(times.moment(local(2026, 1, 3, 8, 5), now, zh.time), '2月3日 08:05');
  assert.equal(times.moment(local(2025, 11, 31, 8, 5), now, en.time), '31 Dec 2025 08:05');
  assert.equal(times.moment(local(2026, 10, 25, 8, 5), now, en.time), 'Wed 08:05');
});

test('a time that lies ahead has its date, however near', () => {
  assert.equal(times.moment(local(2026, 10, 28, 8, 5), now, zh.time), '11月28日 08:05');
});

test('a list shows the time of today, else the day', () => {
  assert.equal(times.brief(local(2026, 10, 27, 8, 5), now, zh.time), '08:05');
  assert.equal(times.brief(local(2026, 10, 26, 8, 5), now, en.time), 'Yesterday');
});

test('a search counts minutes and seconds, never below zero', () => {
  assert.equal(times.lasted(7_900), '0:07');
  assert.equal(times.lasted(61_000), '1:01');
  assert.equal(times.lasted(-5), '0:00');
});

test('help words are found in any case and spacing, and ordinary talk is left alone', () => {
  assert.ok(asksForHelp('我 真的不 想活了', helpWords));
  assert.ok(asksForHelp('I could Kill  Myself', helpWords));
  assert.ok(!asksForHelp('今天的电影真好看', helpWords));
  assert.ok(!asksForHelp('the weather is to die for', helpWords));
});

test('a text is counted in code points, as the server does', () => {
  assert.equal(codePoints('猫😀e\u0301'), 4);
  assert.equal(codePoints('\ud800'), 1);
  assert.equal(codePoints('a' + '\u0301'.repeat(1999)), 2000);
});

test('the counter shows near the limit only, and too long a text cannot be sent', () => {
  assert.deepEqual(measure('hello', 2000), { rest: null, sendable: true });
  assert.deepEqual(measure('😀'.repeat(1950), 2000), { rest: 50, sendable: true });
  assert.deepEqual(measure('a'.repeat(2001), 2000), { rest: -1, sendable: false });
  assert.deepEqual(measure(' \n ', 2000), { rest: null, sendable: false });
});

test('a record of 1000 texts is read upward in steps, with a bounded number of rows', () => {
  const events = texts(1000);
  let shown = span.newest(events);
  assert.deepEqual(span.bounds(events, shown), [950, 1000]);
  let steps = 0;
  for (let next = span.older(events, shown); next; next = span.older(events, shown)) {
    const before = span.bounds(events, shown);
    shown = next;
    const [from, to] = span.bounds(events, shown);
    assert.equal(from, before[0] - span.STEP);
    assert.ok(to - from <= span.MOST);
    ++steps;
  }
  assert.equal(steps, 19);
  assert.equal(shown.first, 1);
  while (shown.last !== Infinity) {
    const before = span.bounds(events, shown);
    shown = span.newer(events, shown);
    const [from, to] = span.bounds(events, shown);
    assert.ok(from <= before[1], 'no row is left out');
    assert.ok(to > before[1] && to - from <= span.MOST);
  }
  assert.equal(span.bounds(events, shown)[1], 1000);
});

test('a reader further up is not disturbed, and one at the end keeps a short page', () => {
  const events = texts(250);
  const shown = { first: 1, last: Infinity };
  const stayed = span.grown(events, shown, false);
  assert.deepEqual(span.bounds(events, stayed), [0, span.MOST]);
  const followed = span.grown(events, shown, true);
  assert.deepEqual(span.bounds(events, followed), [200, 250]);
  assert.equal(span.grown(texts(100), shown, true), shown);
});

test('an empty record has no rows, and the first event appears in it', () => {
  const shown = span.newest([]);
  assert.deepEqual(span.bounds(texts(1), shown), [0, 1]);
  assert.deepEqual(rows.build(content(), { chattt: zh.chattt, time: zh.time }), []);
});

test('rows say who, when and in which state', () => {
  const events = [
    { pair: 'p', seq: 1, at: now - 1_000_000, from: 'system', kind: 'start' },
    text(2, 'me', { cid: 1, at: now - 1_000_000 }),
    text(3, 'me', { cid: 2, at: now - 100_000 }),
    text(4, 'partner', { at: now - 99_000 }),
  ];
  const outbox = [
    { id: 'o1', text: 'on its way', at: now, state: 'sending', code: null },
    { id: 'o2', text: 'too fast', at: now, state: 'failed', code: 'rate_limited' },
  ];
  const built = rows.build(content({ events, outbox, seen: 2 }), zh);
  assert.deepEqual(
    built.map((row) => [row.kind, row.mine, row.state]),
    [
      ['line', false, ''],
      ['text', true, 'seen'],
      ['text', true, 'sent'],
      ['text', false, ''],
      ['text', true, 'sending'],
      ['text', true, 'failed'],
    ],
  );
  assert.equal(built[0].text, zh.chattt.metFirst);
  assert.equal(built[1].when, '09:13');
  assert.equal(built[2].when, '09:28', 'after a pause of more than five minutes');
  assert.equal(built[3].when, '');
});

test('a recalled text leaves a note, and the recall itself no row', () => {
  const events = [
    text(1, 'me', { text: undefined, gone: 'recall' }),
    text(2, 'partner', { text: undefined, gone: 'erase' }),
    text(3, 'partner', { text: undefined, gone: 'recall' }),
    text(4, 'partner', { text: undefined, gone: 'removed' }),
    { ...text(5, 'me'), kind: 'recall', text: undefined, ref: 1 },
  ];
  assert.deepEqual(
    rows.build(content({ events }), zh).map((row) => [row.kind, row.text]),
    [
      ['note', zh.chattt.youRecalled],
      ['note', zh.chattt.erasedText],
      ['note', zh.chattt.theyRecalled],
      ['note', zh.chattt.removedText],
    ],
  );
});

test('on a rematch the past chat stands above a line that says when', () => {
  const start = (seq, at) => ({ pair: 'p', seq, at, from: 'system', kind: 'start' });
  const end = {
    pair: 'p',
    seq: 3,
    at: now - 80_000_000,
    from: 'partner',
    kind: 'end',
    reason: 'left',
  };
  const events = [
    start(1, now - 90_000_000),
    text(2, 'partner', { at: now - 89_000_000 }),
    end,
    start(4, now),
  ];
  const built = rows.build(content({ events, met: 1 }), en);
  assert.equal(built[0].text, 'Met Yesterday 08:30');
  assert.equal(built[2].text, 'They left');
  assert.equal(built[3].text, 'Above: earlier chats · met again 09:30');
});

test('a new text changes one row of a thousand, a state another', () => {
  const events = [...texts(999), text(1000, 'me', { cid: 1 })];
  const before = rows.build(content({ events }), zh);
  const more = [...events, text(1001)];
  const after = rows.build(content({ events: more, to: 1001, seen: 1000 }), zh);
  const change = rows.change(before, after);
  assert.deepEqual(Object.keys(change), ['rows[999]', 'rows[1000]']);
  assert.equal(
    rows.change(
      after,
      after.map((row) => ({ ...row })),
    ),
    null,
  );
});

test('a list that lost rows or moved is set as a whole', () => {
  const events = texts(100);
  const all = rows.build(content({ events }), zh);
  assert.deepEqual(Object.keys(rows.change(all, all.slice(0, 50))), ['rows']);
  assert.deepEqual(Object.keys(rows.change(all.slice(50), all)), ['rows']);
});

test('unstored texts are not shown in the middle of a record', () => {
  const outbox = [{ id: 'o1', text: 'later', at: now, state: 'sending', code: null }];
  assert.equal(rows.build(content({ events: texts(10), to: 5, outbox }), zh).length, 5);
});

test('building and comparing a page of a long record is quick', () => {
  const events = texts(2000);
  const begin = process.cpuUsage().user;
  for (let round = 0; round < 100; ++round) {
    rows.change(
      rows.build(content({ events, from: 1800 }), zh),
      rows.build(content({ events, from: 1800 }), zh),
    );
  }
  const each = (process.cpuUsage().user - begin) / 100_000;
  assert.ok(each < 10, `${each} ms for 200 rows, twice`);
});

test('the search says for how long, who would do, and how many wait', () => {
  const said = describeSearch({ since: now - 9_000, tier: 2, pool: '5-19' }, now, zh.chattt);
  assert.deepEqual(said, { elapsed: '已等 0:09', tier: zh.chattt.tier2, pool: '5-19 人也在等' });
  assert.equal(
    describeSearch({ since: now, tier: 0, pool: '0' }, now, zh.chattt).pool,
    zh.chattt.poolNobody,
  );
  assert.equal(describeSearch({ since: now, tier: 0, pool: null }, now, zh.chattt).pool, '');
});

test('the page is search, chat or over, as the state is', () => {
  const ended = { end: { by: 'partner', reason: 'left' } };
  assert.equal(view.phase({ chat: null, waiting: {}, ended }), 'search');
  assert.equal(view.phase({ chat: {}, waiting: null, ended: null }), 'chat');
  assert.equal(view.phase({ chat: null, waiting: null, ended }), 'over');
  assert.equal(view.overText(ended, zh.chattt), zh.chattt.theyLeft);
  assert.equal(
    view.overText({ end: { by: 'system', reason: 'timeout' } }, zh.chattt),
    zh.chattt.timedOut,
  );
});

test('typing never outlives the chat', () => {
  const chat = {
    partner: { alias: 'Quiet Otter' },
    typing: true,
    partner_state: 'here',
    end: null,
  };
  assert.equal(view.presence(chat, zh.chattt, 'zh').presenceText, zh.chattt.typing);
  assert.equal(view.presence({ ...chat, end: {} }, zh.chattt, 'zh').presenceText, zh.chattt.left);
});

test('the banner is silent while online and for a moment after, and says what helps', () => {
  const at = (status, why, lostFor = 5_000, until = null) =>
    banner({ status, why, until, retry_at: null }, lostFor, zh.connection, String);
  assert.equal(at('online', null), null);
  assert.equal(at('connecting', null, 200), null);
  assert.equal(at('connecting', null).text, zh.connection.connecting);
  assert.equal(at('offline', null).text, zh.connection.offline);
  assert.equal(at('stopped', 'replaced').action, zh.connection.replacedDo);
  assert.equal(at('stopped', 'banned', 0, 5).text, '账号被停用至 5');
  assert.equal(at('stopped', 'banned').text, zh.connection.bannedOpen);
  assert.equal(at('stopped', 'not_started'), null);
});

test('a receipt names what stays and until when, and what has no end', () => {
  const kept = [
    { what: 'texts', until: now },
    { what: 'blocks', until: 2 ** 53 - 1 },
  ];
  const shown = readable({ id: 'r', at: now, texts: 3, kept }, en, now);
  assert.deepEqual(shown.kept, [
    'sealed texts: until 09:30',
    'marks of blocks: for as long as needed',
  ]);
  assert.deepEqual(readable({ id: 'r', at: now, texts: 3, kept: [] }, en, now).kept, ['nothing']);
});

test('an export has a line per entry, with times that a machine reads as well', () => {
  const lines = exportLines([
    { kind: 'account', at: 0, provider: 'guest' },
    { kind: 'text', at: 1, text: '猫\n' },
  ]);
  assert.deepEqual(
    lines.split('\n').map((line) => JSON.parse(line).at),
    ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.001Z'],
  );
});

test('a page that closes with the consent sheet open has not agreed, and says so', () => {
  const page = { data: {}, setData: (data) => Object.assign(page.data, data) };
  const answers = [];
  let ask;
  globalThis.wx = { onNeedPrivacyAuthorization: (heard) => { ask = heard; } };
  globalThis.getCurrentPages = () => [page];
  const consent = source('./parts/consent');
  consent.hook();

  ask((answer) => answers.push(answer));
  assert.equal(page.data.consent, true);
  consent.gone(page);

  assert.deepEqual(answers, [{ event: 'disagree' }]);
});
