// WXSS -> one style sheet: the runtime's own rules, app.wxss, then each page's in its
// scope. It is a file of its own, since the Content-Security-Policy allows no inline styles.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { assetPath } from './output.mjs';
import { appScope, mapSelectors, pageScope } from './selectors.mjs';
import { resolve } from './sources.mjs';

// Old enough that esbuild undoes nesting; :where() is the newest that we use ourselves.
const target = ['chrome88', 'safari14', 'firefox82'];

// The text of a WXSS file with what it imports.
function wxss(program, file, chain = []) {
  if (chain.includes(file)) throw new Error(`${file}: imports itself`);
  if (!program.has(file)) {
    if (chain.length === 0) return '';
    throw new Error(`${chain.at(-1)}: there is no ${file} to import`);
  }
  return program.read(file).replace(/@import\s+["'](.+?)["']\s*;?/g, (_, name) =>
    wxss(program, resolve(name, file), [...chain, file]));
}

// An rpx is a 750th of the column's width.
const rpx = (css) => css.replace(/(-?(?:\d+\.?\d*|\.\d+))rpx\b/g, (_, amount) =>
  (Number(amount) === 0 ? '0px' : `calc(var(--rpx)*${Number(amount)})`));

async function compiled(program, unit) {
  const file = `${unit}.wxss`;
  const images = new Map(program.images().map((image) => [image.name, image]));
  const css = rpx(wxss(program, file)).replace(/url\(["']?([^"')]+)["']?\)/g, (all, name) => {
    if (/^(data:|#)/.test(name)) return all;
    const image = images.get(resolve(name, file));
    if (!image) throw new Error(`${file}: there is no ${name}`);
    return `url(${path.posix.basename(assetPath(image))})`;
  });
  const { code } = await esbuild.transform(css, { loader: 'css', minify: true, target,
    sourcefile: file, logLevel: 'error' });
  return code.trim();
}

const colour = (program, value, theme) =>
  (value?.startsWith('@') ? program.theme[theme]?.[value.slice(1)] : value);

// The colours of the bar and behind the pages, before any script has run.
function windowColours(program) {
  const { window = {} } = program.app;
  const rules = (theme) => {
    const dark = colour(program, window.navigationBarTextStyle, theme) !== 'black';
    const bar = colour(program, window.navigationBarBackgroundColor, theme) ?? '#000000';
    const ground = colour(program, window.backgroundColor, theme) ?? '#ffffff';
    return `:root{--bar:${bar};--bar-ink:${dark ? '#fff' : '#000'};--ground:${ground}}`;
  };
  return program.app.darkmode
    ? `${rules('light')}@media (prefers-color-scheme:dark){${rules('dark')}}`
    : `${rules('light')}:root{color-scheme:light}`;
}

export async function styleSheet(program, runtime) {
  const base = readFileSync(path.join(runtime, 'base.css'), 'utf8');
  const { code } = await esbuild.transform(base, { loader: 'css', minify: true, target });
  const app = mapSelectors(await compiled(program, 'app'), appScope);
  const parts = [code.trim(), windowColours(program), app];
  for (const [at, page] of program.app.pages.entries()) {
    parts.push(mapSelectors(await compiled(program, page), pageScope(scopeOf(at))));
  }
  return Buffer.from(`${parts.join('\n')}\n`);
}

// The class that stands for the n-th page.
export function scopeOf(at) {
  return `u${at}`;
}
