// Tencent's own compilers accept every page and style, and the files name each other rightly: what
// DevTools would complain about, found without it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../client/miniprogram/', import.meta.url));
const bin = fileURLToPath(
  new URL('../node_modules/miniprogram-compiler/bin/linux/', import.meta.url),
);

const files = (suffix) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix))
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
const read = (file) => readFileSync(path.join(root, file), 'utf8');
const app = JSON.parse(read('app.json'));

// Packages are installed without running their scripts, which would have made them executable.
function compile(name, parameters, cwd = root) {
  chmodSync(path.join(bin, name), 0o755);
  const { status, stdout, stderr } = spawnSync(path.join(bin, name), parameters, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { status, said: stderr + (status === 0 ? '' : stdout.slice(-2000)) };
}

test('wcc takes every page', () => {
  const { status, said } = compile('wcc', ['-d', ...files('.wxml')]);
  assert.equal(status, 0, said);
});

test('wcsc takes every style, with what it imports', () => {
  const { status, said } = compile('wcsc', ['-lc', ...files('.wxss')]);
  assert.equal(status, 0, said);
});

test('both find what is broken', (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'onechat-wcc-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'broken.wxml'), '<view><text></view>');
  writeFileSync(path.join(folder, 'broken.wxss'), '.a { color: red');
  assert.notEqual(compile('wcc', ['-d', 'broken.wxml'], folder).status, 0);
  assert.notEqual(compile('wcsc', ['-lc', 'broken.wxss'], folder).status, 0);
});

test('every page has its four files, and every file its page', () => {
  const expected = app.pages.flatMap((page) =>
    ['.js', '.json', '.wxml', '.wxss'].map((suffix) => page + suffix),
  );
  for (const file of expected) assert.ok(existsSync(path.join(root, file)), file);
  const found = files('').filter((file) => file.startsWith('pages/'));
  assert.deepEqual(found, expected.sort());
});

test('every handler that a page names is one of its methods', () => {
  const shared = read('parts/page.js') + read('parts/consent.js');
  const handlers = (wxml) => [...wxml.matchAll(/\bbind:\w+="(\w+)"/g)].map(([, name]) => name);
  for (const page of app.pages) {
    const wxml = read(`${page}.wxml`);
    const imported = [...wxml.matchAll(/<import src="(.+?)"/g)].map(([, name]) =>
      read(path.join(path.dirname(page), name)),
    );
    const script = read(`${page}.js`) + shared;
    for (const name of [wxml, ...imported].flatMap(handlers)) {
      assert.match(script, new RegExp(`\\b${name}: function`), `${page}: ${name}`);
    }
  }
});

test('every page is reached by an address that exists', () => {
  for (const file of files('.js').filter((name) => !name.startsWith('sdk/'))) {
    for (const [, address] of read(file).matchAll(/url: [^\n]*?'(\.\.\/\w+\/\w+)/g)) {
      const page = path.join(
        path.dirname(file.startsWith('pages/') ? file : 'pages/x/x.js'),
        address,
      );
      assert.ok(app.pages.includes(page), `${file}: ${address}`);
    }
  }
});

test('what QQ does not know is not used', () => {
  for (const file of files('.wxml')) {
    assert.doesNotMatch(read(file), /<(input|textarea)[^>]*\bcatch:?\w/, file);
    assert.doesNotMatch(read(file), /<text[^>]*user-select/, file);
  }
  for (const file of files('.json')) {
    assert.doesNotMatch(read(file), /styleIsolation|themeLocation|"@\w+"/, file);
  }
});

test('what is tapped is a button, and has a name', () => {
  for (const file of files('.wxml')) {
    for (const [tag, name] of read(file).matchAll(/<(\w[\w-]*)\s[^>]*\bbind:tap=/g)) {
      assert.equal(name, 'button', `${file}: ${tag}`);
    }
    for (const [, attributes, inside] of read(file).matchAll(/<button([^>]*)>([^]*?)<\/button>/g)) {
      const said = inside.replace(/<view[^>]*aria-hidden[^]*?<\/view>|<[^>]*>/g, '').trim();
      assert.ok(/aria-label=/.test(attributes) || said, `${file}: <button${attributes}>`);
    }
  }
});

test('colours are named in one file alone', () => {
  const shared = read('app.wxss') + read('styles/rows.wxss');
  for (const page of app.pages) {
    const styles = shared + read(`${page}.wxss`);
    const colours = styles.match(/#[0-9a-f]{3,8}\b/gi);
    assert.equal(colours, null, `${page}: a colour that is not in styles/tokens.wxss`);
  }
});

test('the bar and the questions have the colours of the pages', () => {
  const known = read('styles/tokens.wxss');
  const told = [...(read('parts/look.js') + read('app.json')).matchAll(/#[0-9a-f]{6}/g)];
  assert.ok(told.length > 6);
  for (const [colour] of told) {
    if (colour !== '#000000') assert.ok(known.includes(colour), colour);
  }
});

test('scripts are what WeChat runs as they stand', () => {
  for (const file of files('.js').filter((name) => !name.startsWith('sdk/'))) {
    const source = read(file).replace(/\/\*[^]*?\*\/|\/\/.*|'(\\.|[^'\\\n])*'/g, '');
    assert.match(read(file), /^\/\/ @ts-check\n/, file);
    assert.doesNotMatch(
      source,
      /\?\.[a-z[(]|\?\?|^(import|export)\s|\basync\s|\.\.\.[a-z]|^\s*static\s/im,
      file,
    );
  }
});

test('the project opens without an account of its own, in both tools', () => {
  const project = JSON.parse(read('project.config.json'));
  assert.equal(project.appid, 'touristappid');
  assert.match(project.qqappid, /^\d+$/);
});
