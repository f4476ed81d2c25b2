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
