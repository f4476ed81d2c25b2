// Both languages have the same texts, each text is used, and each text that is used exists.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../client/miniprogram/', import.meta.url));
const require = createRequire(import.meta.url);
const zh = require(path.join(root, 'i18n/zh.js'));
const en = require(path.join(root, 'i18n/en.js'));

const leaves = (texts, before = '') =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' ? leaves(value, `${before}${key}.`) : [[before + key, value]],
  );
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

const sources = readdirSync(root, { recursive: true })
  .filter((file) => /\.(js|wxml)$/.test(file) && !/^(sdk|i18n\/(zh|en))/.test(file))
  .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));

// Which part of the texts `t`, `words` and the like stand for in a file.
function sectionsOf({ file, text }) {
  const found = {};
  const note = (pattern, order) => {
    for (const match of text.matchAll(pattern)) found[match[order[0]]] = match[order[1]];
  };
  note(/const (\w+) = texts\.(\w+);/g, [1, 2]);
  note(/@param \{typeof import\('\.\.\/i18n\/zh'\)\.(\w+)\} (\w+)/g, [2, 1]);
  for (const [, section, type] of text.matchAll(
    /@typedef \{typeof import\('\.\.\/i18n\/zh'\)\.(\w+)\} (\w+)/g,
  )) {
    for (const [, name] of text.matchAll(new RegExp(`@param \\{${type}\\} (\\w+)`, 'g')))
      found[name] = section;
  }
  const page = /^pages\/(\w+)\//.exec(file);
  if (file.endsWith('.wxml'))
    Object.assign(found, { common: 'common', words: 'chattt', t: page ? page[1] : 'chattt' });
  return found;
}

// Keys that are chosen while the program runs, by what they begin with.
const chosen = [
  'errors.',
  'avatars.',
  'privacy.kept.',
  'chattt.here',
  'chattt.away',
  'chattt.left',
];

function usedKeys(source) {
  const sections = sectionsOf(source);
  const used = [];
  for (const [, name, section, key] of source.text.matchAll(/\b(texts)\.(\w+)\.(\w+)/g))
    used.push(`${section}.${key}`);
  for (const [name, section] of Object.entries(sections)) {
    for (const [, key] of source.text.matchAll(new RegExp(`(?<![\\w.])${name}\\.(\\w+)`, 'g')))
      used.push(`${section}.${key}`);
  }
  return used;
}

const keys = new Map(leaves(zh));

test('Chinese and English have the same keys', () => {
  assert.deepEqual(
    leaves(en).map(([key]) => key),
    [...keys.keys()],
  );
});

test('a text has the same places to fill in both languages, and is nowhere empty', () => {
  // The year stands in no English day of the week, and Chinese has no name of a month.
  for (const [key, text] of leaves(en)) {
    assert.ok(text && keys.get(key), key);
    assert.deepEqual(places(text), places(keys.get(key)), key);
  }
});

test('lists of the calendar are complete', () => {
  for (const { time } of [zh, en]) {
    assert.equal(time.weekdays.split(',').length, 7);
    assert.equal(time.months.split(',').length, 12);
  }
});

test('every avatar of the protocol has a drawing and a name', () => {
  const { AVATARS } = require(path.join(root, 'sdk/protocol.js'));
  const avatars = require(path.join(root, 'art/avatars.js'));
  assert.deepEqual(avatars.ids, AVATARS);
  assert.deepEqual(Object.keys(zh.avatars), AVATARS);
  const drawings = AVATARS.map(avatars.drawing);
  assert.equal(new Set(drawings).size, AVATARS.length);
  for (const drawing of drawings) assert.doesNotMatch(drawing, /undefined|NaN/);
  assert.match(avatars.face('a later one'), /^data:image\/svg\+xml,/);
});

test('every text that is used exists', () => {
  const found = sources.flatMap((source) =>
    usedKeys(source).map((key) => ({ key, file: source.file })),
  );
  assert.ok(found.length > 150, `only ${found.length} uses found`);
  for (const { key, file } of found) {
    const isPart = [...keys.keys()].some((known) => known.startsWith(`${key}.`));
    assert.ok(keys.has(key) || isPart, `${file}: ${key}`);
  }
});

test('every text that exists is used', () => {
  const used = new Set(sources.flatMap(usedKeys));
  const unused = [...keys.keys()].filter(
    (key) => !used.has(key) && !chosen.some((begin) => key.startsWith(begin)),
  );
  // A page's title is set by its name.
  assert.deepEqual(
    unused.filter((key) => !/^\w+\.title$/.test(key)),
    [],
  );
});

test('answers of a question are short enough for WeChat', () => {
  // Four Chinese characters, or eight letters.
  const width = (text) => [...text].reduce((sum, one) => sum + (one > '\u2e80' ? 2 : 1), 0);
  const answers = [
    'common.cancel',
    'common.delete',
    'chattt.nextDo',
    'chattt.leaveDo',
    'chattt.block',
    'records.unblock',
    'privacy.logout',
  ];
  for (const texts of [new Map(leaves(zh)), new Map(leaves(en))]) {
    for (const key of answers) assert.ok(width(texts.get(key)) <= 8, `${key}: ${texts.get(key)}`);
  }
});

// A Chinese character counts two, as WeChat counts; with a wider word its question never appears.
const width = (word) => word.replace(/[^\u0000-\u00ff]/g, '..').length;

test('the words on the buttons of a question are as short as WeChat wants them', () => {
  for (const texts of [zh, en]) {
    const { common, chattt, records, privacy } = texts;
    for (const word of [
      common.cancel, common.delete, chattt.leaveDo, chattt.nextDo, chattt.block, chattt.report,
      records.unblock, privacy.logout,
    ])
      assert.ok(width(word) <= 8, word);
  }
});

test('every name that the server gives has one in English, each its own', () => {
  const server = fileURLToPath(new URL('../../../server/', import.meta.url));
  const names = require(path.join(root, 'i18n/names.js'));
  const listed = (file, from) => {
    const text = readFileSync(path.join(server, file), 'utf8');
    const begin = text.indexOf(from);
    assert.ok(begin >= 0, `${file} has ${from}`);
    return [...text.slice(begin, text.indexOf(';', begin)).matchAll(/"([^"]+)"/g)].map(
      ([, word]) => word,
    );
  };
  const manners = listed('lobby/alias.cpp', 'manners = {');
  const nouns = listed('lobby/alias.cpp', 'nouns = {');
  assert.ok(manners.length > 30 && nouns.length > 30);
  const aliases = manners.flatMap((manner) =>
    nouns.map((noun) => names.alias('en', manner + noun)),
  );
  for (const alias of aliases) assert.match(alias, /^[A-Z][a-z-]+ [A-Z][a-z]+$/);
  assert.equal(new Set(aliases).size, manners.length * nouns.length);

  const topics = listed('topics.cpp', 'return {');
  assert.equal(topics.length % 3, 0);
  for (let at = 0; at < topics.length; at += 3) {
    const [, title, hint] = topics.slice(at, at + 3);
    const english = names.topic('en', { title, hint });
    assert.doesNotMatch(english.title + english.hint, /[\u4e00-\u9fff]/, title);
    assert.deepEqual(names.topic('zh', { title, hint }), { title, hint });
  }
});

test("an operator's own topics and the names of a later server stay as they are", () => {
  const names = require(path.join(root, 'i18n/names.js'));
  const own = { title: '围棋', hint: '来一盘' };
  assert.deepEqual(names.topic('en', own), own);
  assert.equal(names.topic('en', { title: '音乐', hint: '只聊爵士' }).hint, '只聊爵士');
  assert.equal(names.alias('en', '勤劳的海獭'), '勤劳的海獭');
  assert.equal(names.alias('zh', '安静的云'), '安静的云');
});
