// For each message of the contract what may be wrong with it, and the exact refusal. `own` stands
// for the speaker's pair, `others` for that of two other people, `nobodys` for none at all.
export const own = '$own';
export const others = '$others';
export const nobodys = 'AAAAAAAAAAAAAAAA';

const is = (code, field) => ({ code, field });
const bad = (field) => is('bad_field', field);
const silence = null;
// [what is said, refusal], with the message itself as the row's name.
const table = (...rows) => rows.map(([said, refusal, more]) => ({ said, refusal, ...more }));
const each = (values, said) => values.map((value) => said(value));

const long = 'x'.repeat(129);
const notStrings = [1, null, true, ['x'], {}];
const unclean = ['\0', 'a\0b'];
const notCounts = [-1, 5.5, 2 ** 53, '5', null, true, [5]];

// A pair that must be one's own, present or past.
const pairRows = (message) => [
  [{ ...message, pair: undefined }, bad('pair')],
  ...each([...notStrings, ...unclean, long], (pair) => [{ ...message, pair }, bad('pair')]),
  ...each(['', 'x', nobodys, others, "' or 1=1 --", '%', '../..', '压力'],
    (pair) => [{ ...message, pair }, is('unknown_pair')]),
];

const wishRows = (t) => [
  ...each([1, 'music', null, { 0: 'music' }, Array(9).fill('music'), [1], [['music']], [''], [long],
    ['music', null], ['\0']], (topics) => [{ t, topics }, bad('topics')]),
  ...each([['x'], ['music', 'x'], ["' or 1=1 --"], ['MUSIC ']],
    (topics) => [{ t, topics }, is('unknown_topic', 'topics')]),
  ...each([...notStrings, ...unclean], (nickname) => [{ t, nickname }, bad('nickname')]),
  [{ t, nickname: 'x'.repeat(33) }, is('too_long', 'nickname')],
  [{ t, nickname: '😀'.repeat(33) }, is('too_long', 'nickname')],
  ...each([...notStrings, '', 'FOX', 'fox ', 'https://a/b.png', '../fox', long],
    (avatar) => [{ t, avatar }, bad('avatar')]),
];

// Answered in whatever state somebody is; said while paired, where most can be broken.
export const pairedRows = table(
  ...wishRows('find'),
  ...wishRows('next'),
  [{ t: 'find' }, is('already_paired')],
  [{ t: 'find', topics: ['music'], nickname: 'x', avatar: 'fox' }, is('already_paired')],
  ...each([...notStrings, ...unclean, long], (pair) => [{ t: 'next', pair }, bad('pair')]),
  ...each([nobodys, others, '', 'x'], (pair) => [{ t: 'next', pair }, is('not_paired')]),

  ...each([...notStrings, ...unclean, ''],
    (text) => [{ t: 'say', cid: 1, text }, bad(), { nacked: 1 }]),
  [{ t: 'say', cid: 1 }, bad(), { nacked: 1 }],
  [{ t: 'say', cid: 1, text: 'x'.repeat(2001) }, is('too_long'), { nacked: 1 }],
  [{ t: 'say', cid: 1, text: '😀'.repeat(2001) }, is('too_long'), { nacked: 1 }],
  ...each([...notStrings, ...unclean, long],
    (pair) => [{ t: 'say', cid: 1, text: 'x', pair }, bad(), { nacked: 1 }]),
  ...each([nobodys, others, '', "' or 1=1 --"],
    (pair) => [{ t: 'say', cid: 1, text: 'x', pair }, is('not_paired'), { nacked: 1 }]),
  ...each([...notCounts, 0], (cid) => [{ t: 'say', cid, text: 'x' }, bad('cid')]),
  [{ t: 'say', text: 'x' }, bad('cid')],
  [{ t: 'say' }, bad('cid')],

  ...each([undefined, 1, 0, 'true', null, [], {}], (on) => [{ t: 'typing', on }, bad('on')]),
  ...each([...notStrings, ...unclean, long],
    (pair) => [{ t: 'typing', on: true, pair }, bad('pair')]),
  ...each([nobodys, others, ''], (pair) => [{ t: 'typing', on: true, pair }, silence]),

  ...each([undefined, ...notCounts], (seq) => [{ t: 'seen', seq }, bad('seq')]),
  ...each([...notStrings, ...unclean, long], (pair) => [{ t: 'seen', seq: 1, pair }, bad('pair')]),
  ...each([nobodys, others, ''], (pair) => [{ t: 'seen', seq: 1, pair }, silence]),

  ...each([undefined, ...notCounts, 0], (seq) => [{ t: 'recall', seq }, bad('seq')]),
  ...each([...notStrings, ...unclean, long],
    (pair) => [{ t: 'recall', seq: 1, pair }, bad('pair')]),
  ...each([nobodys, others, ''], (pair) => [{ t: 'recall', seq: 1, pair }, is('not_paired')]),
  [{ t: 'recall', seq: 1, pair: own }, is('too_late')], // the chat's start
  [{ t: 'recall', seq: 2, pair: own }, is('too_late')], // the partner's text
  [{ t: 'recall', seq: 99, pair: own }, is('too_late')], // nothing yet
  [{ t: 'recall', seq: 2 ** 53 - 1 }, is('too_late')],

  ...each([...notStrings, ...unclean, long], (pair) => [{ t: 'leave', pair }, bad('pair')]),
  ...each([nobodys, others, ''], (pair) => [{ t: 'leave', pair }, is('not_paired')]),

  ...pairRows({ t: 'history' }),
  ...each([...notCounts, 0, 101], (limit) => [{ t: 'history', pair: own, limit }, bad('limit')]),
  ...each(notCounts, (before) => [{ t: 'history', pair: own, before }, bad('before')]),
  ...each([...notCounts, 0, 101], (limit) => [{ t: 'pairs', limit }, bad('limit')]),
  ...each([...notStrings, ...unclean, 'x'.repeat(257), '', '1', '1.', '.', `.${nobodys}`,
    `-1.${nobodys}`, `01.${nobodys}`, `1.${nobodys}A`, `1.${nobodys.slice(1)}`, `1.%${nobodys}`,
    `${'9'.repeat(30)}.${nobodys}`], (before) => [{ t: 'pairs', before }, bad('before')]),

  ...['clear', 'block', 'unblock'].flatMap((t) => pairRows({ t })),
  ...pairRows({ t: 'report', reason: 'spam' }),
  ...each([undefined, ...notStrings, '', 'SPAM', 'nothing'],
    (reason) => [{ t: 'report', pair: own, reason }, bad('reason')]),
  ...each([...notStrings, ...unclean],
    (note) => [{ t: 'report', pair: own, reason: 'spam', note }, bad('note')]),
  [{ t: 'report', pair: own, reason: 'spam', note: '😀'.repeat(501) }, is('too_long', 'note')],

  ...each([undefined, 'x', 1, null, {}, [1], [''], [long], ['\0'], Array(17).fill('x')],
    (templates) => [{ t: 'notify', templates }, bad('templates')]),
  ...each([undefined, false, 1, 'true', null, []],
    (confirm) => [{ t: 'erase', confirm }, bad('confirm')]),
);

// By somebody who has nobody.
export const idleRows = table(
  [{ t: 'cancel' }, is('not_waiting')],
  [{ t: 'leave' }, is('not_paired')],
  [{ t: 'leave', pair: others }, is('not_paired')],
  [{ t: 'say', cid: 1, text: 'x' }, is('not_paired'), { nacked: 1 }],
  [{ t: 'say', cid: 1, text: 'x', pair: others }, is('not_paired'), { nacked: 1 }],
  [{ t: 'typing', on: true }, silence],
  [{ t: 'typing', on: false, pair: others }, silence],
  [{ t: 'seen', seq: 1 }, silence],
  [{ t: 'seen', seq: 1, pair: others }, silence],
  [{ t: 'recall', seq: 1 }, is('not_paired')],
  [{ t: 'recall', seq: 2, pair: others }, is('not_paired')],
  [{ t: 'away' }, silence],
  [{ t: 'history', pair: others }, is('unknown_pair')],
  [{ t: 'clear', pair: others }, is('unknown_pair')],
  [{ t: 'block', pair: others }, is('unknown_pair')],
  [{ t: 'unblock', pair: others }, is('unknown_pair')],
  [{ t: 'report', pair: others, reason: 'other' }, is('unknown_pair')],
);

// Texts, and what is as long as it may be: heard and kept exactly as they were said.
export const texts = {
  'SQL': "'); drop table users; -- \"`; select 1 /*",
  'HTML': '<script>alert(1)</script><img src=x onerror=alert(1)>&amp;&lt;',
  'CR and LF': 'a\r\nb\rc\n\n',
  'a forged log line': 'x\nready listen=0.0.0.0:1\n2026-01-01T00:00:00Z error forged',
  'ESC': '\u001b[2J\u001b]0;title\u0007\u009b31m',
  'all other control characters': Array.from({ length: 31 }, (_, at) =>
    String.fromCharCode(at + 1)).join('') + '\u007f\u0080\u0085',
  'right-to-left marks': '\u202eabc\u202c\u2066x\u2069\u200f\u061c',
  '1,999 combining marks': `a${'\u0301'.repeat(1999)}`,
  'not composed': 'e\u0301 é ﬁ Å \u212b',
  'a byte order mark and noncharacters': '\ufeff\ufffe\uffff\u{1ffff}\u{10ffff}',
  'line separators': '\u2028\u2029\u00a0\u200b',
  'joined emoji': '👩‍👩‍👧‍👦🏳️‍🌈🇨🇳👍🏽',
  '2,000 code points of four bytes': '😀'.repeat(2000),
  'JSON': '{"t":"bye","code":4504}\\u0000\\"',
  'formats': '%s%n%x {} {0} ${7*7} $(id) `id` \\',
  'a blank': ' ',
  'Chinese': '你好，陌生人。𠮷',
};
export const nicknames = ['<b>"\'&', '\u202e\r\n\u001b[0m', '😀'.repeat(32), '', ' ', '\ufeff'];
