// What the build writes: the same every time, under names that change with the content, and never
// more than is allowed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { appScope, mapSelectors, pageScope } from '../../../client/web/compile/selectors.mjs';

const build = fileURLToPath(new URL('../../../client/web/build.mjs', import.meta.url));
const gallery = fileURLToPath(new URL('gallery', import.meta.url));
const scratch = mkdtempSync(path.join(tmpdir(), 'onechat-web-'));
after(() => rmSync(scratch, { recursive: true }));

function filesIn(folder) {
  const found = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(found, filesIn(file));
    else found[file.slice(scratch.length).replace(/^\/[^/]*/, '')] = readFileSync(file);
  }
  return found;
}

function built(name, source = gallery, ...more) {
  const out = path.join(scratch, name);
  execFileSync(process.execPath, [build, '--out', out, '--source', source, ...more]);
  return filesIn(out);
}

// Ends with what the build complains about, after `change` has had a copy of the gallery.
function refused(name, change) {
  const source = path.join(scratch, `${name}-source`);
  cpSync(gallery, source, { recursive: true });
  change(source);
  const args = [build, '--out', path.join(scratch, name), '--source', source];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  assert.equal(status, 1);
  return stderr;
}

const assetOf = (files, suffix) => Object.keys(files).find((name) => name.endsWith(suffix));

test('two builds are the same, byte for byte', () => {
  const one = built('one', gallery, '--embed', path.join(scratch, 'one.cpp'));
  const two = built('two', gallery, '--embed', path.join(scratch, 'two.cpp'));
  assert.deepEqual(one, two);
  assert.deepEqual(readFileSync(path.join(scratch, 'one.cpp')),
    readFileSync(path.join(scratch, 'two.cpp')));
  for (const [name, bytes] of Object.entries(one)) {
    assert.ok(!bytes.includes(scratch) && !bytes.includes(gallery), `${name} names a path`);
    if (name.endsWith('.br')) assert.deepEqual(brotliDecompressSync(bytes), one[name.slice(0, -3)]);
    if (name.endsWith('.gz')) assert.deepEqual(gunzipSync(bytes), one[name.slice(0, -3)]);
  }
});

test('a file that changes changes its name, and the others keep theirs', () => {
  const before = built('before', gallery, '--plain');
  const source = path.join(scratch, 'changed-source');
  cpSync(gallery, source, { recursive: true });
  writeFileSync(path.join(source, 'app.wxss'), 'page { color: red; }');
  const now = built('changed', source, '--plain');
  assert.notEqual(assetOf(now, '.css'), assetOf(before, '.css'));
  assert.equal(assetOf(now, '.svg'), assetOf(before, '.svg'));
  assert.ok(`${now['/index.html']}`.includes(assetOf(now, '.css')));
});

test('the licence of what is inside is served with it', () => {
  const files = built('licence', gallery, '--plain');
  const licences = assetOf(files, '.txt');
  assert.match(`${files[licences]}`, /glass-easel[^]*Permission is hereby granted/);
  assert.ok(`${files['/index.html']}`.includes(licences));
});

test('what would not work in a browser stops the build', () => {
  assert.match(refused('tag', (source) =>
    writeFileSync(path.join(source, 'pages/second/second.wxml'), '<view><slider /></view>')),
  /second\.wxml: there is no <slider>/);
  assert.match(refused('component', (source) =>
    writeFileSync(path.join(source, 'pages/second/second.json'),
      '{"usingComponents": {"card": "../card"}}')), /usingComponents/);
  assert.match(refused('import', (source) =>
    writeFileSync(path.join(source, 'app.wxss'), '@import "none.wxss";')), /there is no none/);
  assert.match(refused('image', (source) =>
    writeFileSync(path.join(source, 'app.wxss'), 'page { background: url(no.png); }')), /no\.png/);
});

test('more than 60 kB stop the build', () => {
  assert.match(refused('big', (source) =>
    writeFileSync(path.join(source, 'art/noise.png'), randomBytes(80_000))), /60000 are allowed/);
});

test('rules get the scope of their page', () => {
  const scoped = (css) => mapSelectors(css, pageScope('u1'));
  assert.equal(scoped('.a,.b:not(.c,.d) text{top:0}'),
    ':where(.u1) .a,:where(.u1) .b:not(.c,.d) text{top:0}');
  assert.equal(scoped('page{top:0}page .a{top:0}.page-x{top:0}'),
    'page.u1{top:0}page.u1 .a{top:0}:where(.u1) .page-x{top:0}');
  assert.equal(scoped('@media(min-width:1px){.a{top:0}}@keyframes k{0%{top:0}50.5%{top:1px}}'),
    '@media(min-width:1px){:where(.u1) .a{top:0}}@keyframes k{0%{top:0}50.5%{top:1px}}');
  assert.equal(scoped('.a:before{content:"},.b{"}[data-x="a,b"]{top:0}'),
    ':where(.u1) .a:before{content:"},.b{"}:where(.u1) [data-x="a,b"]{top:0}');
  assert.equal(mapSelectors('page{top:0}button{top:0}', appScope),
    'page{top:0}:where(page) button{top:0}');
});
