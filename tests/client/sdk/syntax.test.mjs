// What base libraries of WeChat from 2.x on and QQ run without being translated: ES2018 at most.
import { parse } from 'acorn';
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../../client/sdk/', import.meta.url);
const read = (text) => parse(text, { ecmaVersion: 2018, sourceType: 'script' });

test('the SDK is written in ES2018, as plain scripts', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  assert.ok(files.length > 10);
  for (const name of files) {
    assert.doesNotThrow(() => read(readFileSync(new URL(name, folder), 'utf8')), name);
  }
});

test('newer syntax is found', () => {
  for (const text of ['a?.b', 'a ?? b', 'class A { b = 1; }', 'try {} catch {}', 'import "a"']) {
    assert.throws(() => read(text), SyntaxError, text);
  }
});
