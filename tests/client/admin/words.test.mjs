// What the page says: the same in every language, and all of it there.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';
import { languageOf, languages, speaker, tellProblem, wordOf }
  from '../../../client/admin/source/logic/words.js';

const source = new URL('../../../client/admin/source/', import.meta.url);

// 'login.token' -> text
function flat(words, prefix = '') {
  return Object.entries(words).flatMap(([key, value]) => (typeof value === 'string'
    ? [[prefix + key, value]] : flat(value, `${prefix}${key}.`)));
}
const places = (text) => [...text.matchAll(/\{\w+\}/g)].map(([one]) => one).sort();
const sources = ['', 'parts/', 'pages/'].flatMap((folder) => readdirSync(new URL(folder, source))
  .filter((name) => name.endsWith('.js'))
  .map((name) => [folder + name, readFileSync(new URL(folder + name, source), 'utf8')]));

test('every language has the same keys, but for words of the server that English keeps', () => {
  const keys = (lang) => flat(languages[lang]).map(([key]) => key)
    .filter((key) => !key.startsWith('act.')).sort();
  assert.deepEqual(keys('zh'), keys('en'));
});

test('every language fills in the same values', () => {
  const en = Object.fromEntries(flat(languages.en));
  for (const [key, text] of flat(languages.zh)) {
    if (en[key]) assert.ok(places(text).every((one) => places(en[key]).includes(one)), key);
  }
});

test('every key that the page says exists, and every key is said', () => {
  const all = sources.map(([, text]) => text).join('\n');
  const known = new Set(flat(languages.en).map(([key]) => key));
  const said = [...all.matchAll(/\bt\('([\w.]+)'/g)].map(([, key]) => key);
  assert.deepEqual(said.filter((key) => !known.has(key)), []);
  const groups = new Set([...all.matchAll(/\bt\(`([\w.]+)\.\$\{/g)].map(([, group]) => group));
  for (const [, group] of all.matchAll(/(?:group="|wordOf\(t, ')(\w+)/g)) groups.add(group);
  const things = [...all.matchAll(/name="(\w+)"/g)].map(([, name]) => name);
  const unsaid = [...known].filter((key) => !all.includes(`'${key}'`) && !things.includes(key)
    && ![...groups].some((group) => key.startsWith(`${group}.`))
    && !/^(problem|act)\./.test(key));
  assert.deepEqual(unsaid, []);
});

test('the language is the first wish that there is', () => {
  assert.equal(languageOf(['zh-CN', 'en']), 'zh');
  assert.equal(languageOf(['fr', 'en-GB', 'zh']), 'en');
  assert.equal(languageOf(['', 'de']), 'en');
});

test('what has no words shows as what it is', () => {
  const t = speaker('en');
  assert.equal(t('user', { id: 3 }), 'User 3');
  assert.equal(t('no.such.key'), 'no.such.key');
  assert.equal(t('constructor.name'), 'constructor.name');
  assert.equal(wordOf(t, 'act', 'a new act'), 'a new act');
  assert.equal(tellProblem(t, { code: 'new_code', text: 'A new sentence.' }), 'A new sentence.');
  assert.equal(tellProblem(t, new Error('ours')), t('problem.odd_answer'));
});

test('the sources write no markup and set none', () => {
  const more = readdirSync(new URL('logic/', source)).map((name) =>
    [name, readFileSync(new URL(`logic/${name}`, source), 'utf8')]);
  for (const [name, text] of [...sources, ...more]) {
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacent|document\.write/, name);
    assert.doesNotMatch(text, /dangerously|\beval\b|new Function/, name);
    assert.doesNotMatch(text, /https?:\/\//, name);
  }
});
