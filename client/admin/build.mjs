// Builds the operator's page: one page, one script and one style sheet, named after their bytes.
// usage: node build.mjs --out DIR [--embed FILE] [--plain]
// DIR is emptied first. `--embed` writes all of it into a C++ file as well; `--plain` leaves out
// the compressed forms, which take most of the time.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { licences } from '../web/compile/licences.mjs';
import { write } from '../web/compile/output.mjs';

const shipped = ['htm', 'preact', 'uplot'];
// Old enough that esbuild undoes nesting in style sheets, new enough to keep private fields.
const target = ['es2022', 'chrome110', 'safari16.4', 'firefox115'];

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({ options: {
  out: { type: 'string' },
  embed: { type: 'string' },
  plain: { type: 'boolean', default: false },
} });

async function bundle(entry) {
  const { outputFiles: [file] } = await esbuild.build({
    entryPoints: [path.join(here, 'source', entry)], bundle: true, minify: true, format: 'iife',
    target, write: false, charset: 'utf8', legalComments: 'none', logLevel: 'warning',
  });
  return file.text;
}

async function build() {
  if (!options.out) throw new Error('usage: node build.mjs --out DIR [--embed FILE] [--plain]');
  const notice = `/*! With ${shipped.join(', ')}: see licences.txt. */\n`;
  const total = write(path.resolve(options.out), {
    set: 'admin',
    page: readFileSync(path.join(here, 'index.html'), 'utf8'),
    assets: [{ name: 'app.css', bytes: Buffer.from(await bundle('style/all.css')) },
      { name: 'app.js', bytes: Buffer.from(notice + await bundle('main.js')) },
      { name: 'licences.txt', bytes: licences(here, shipped) }],
    compressed: !options.plain,
    cpp: options.embed,
  });
  console.log(total);
}

try {
  await build();
} catch (error) {
  console.error(`client/admin: ${error.message}`);
  process.exitCode = 1;
}
