// What the build writes: the same every time, small, whole, and with the notices that are due.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const build = fileURLToPath(new URL('../../../client/admin/build.mjs', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'onechat-admin-'));
after(() => rmSync(scratch, { recursive: true }));

function built(name) {
  const out = path.join(scratch, name);
  const cpp = path.join(scratch, `${name}.cpp`);
  const told = execFileSync(process.execPath, [build, '--out', out, '--embed', cpp],
    { encoding: 'utf8' });
  const files = Object.fromEntries(readdirSync(path.join(out, 'assets'))
    .map((file) => [file, readFileSync(path.join(out, 'assets', file))]));
  return { told, files, page: readFileSync(path.join(out, 'index.html'), 'utf8'),
    cpp: readFileSync(cpp, 'utf8') };
}

const one = built('one');

test('two builds are the same, byte for byte', () => {
  assert.deepEqual(built('two'), one);
  assert.ok(!one.cpp.includes(scratch));
});

test('it is small enough, with everything it brings', () => {
  const [, bytes] = /(\d+) bytes of brotli/.exec(one.told);
  assert.ok(Number(bytes) < 60_000, one.told);
});

test('the page names its files, and the program gets them under a name of their own', () => {
  for (const ending of ['js', 'css', 'txt']) {
    const [file] = Object.keys(one.files).filter((name) => name.endsWith(`.${ending}`));
    assert.ok(one.page.includes(`/assets/${file}`));
  }
  assert.match(one.cpp, /std::span<const asset> admin_assets\(\)/);
  assert.doesNotMatch(one.page, /<style|style=|<script(?! src=)|\son\w+=/);
});

test('the notices of all that is in the bundle are there', () => {
  const [file] = Object.keys(one.files).filter((name) => name.startsWith('licences'));
  const text = one.files[file].toString();
  const marks = { htm: 'Apache License', preact: 'MIT License', uplot: 'Leon Sorokin' };
  for (const [name, mark] of Object.entries(marks)) {
    assert.ok(text.includes(`${name} `) && text.includes(mark), name);
  }
});
