// Builds the mini program of client/miniprogram for browsers: one page, one script and one style
// sheet, with what they are named after their bytes.
// usage: node build.mjs --out DIR [--embed FILE] [--source DIR] [--plain]
// DIR is emptied first. `--embed` writes all of it into a C++ file as well; `--source` takes another
// mini program; `--plain` leaves out the compressed forms, which take most of the time.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './compile/bundle.mjs';
import { write } from './compile/output.mjs';
import { MiniProgram } from './compile/sources.mjs';
import { styleSheet } from './compile/styles.mjs';
import { licences } from './compile/licences.mjs';
import { compileTemplates } from './compile/templates.mjs';

// The compiler writes some of its own text into what it compiles.
const shipped = ['glass-easel-template-compiler'];

const here = path.dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({ options: {
  out: { type: 'string' },
  source: { type: 'string', default: path.join(here, '../miniprogram') },
  embed: { type: 'string' },
  plain: { type: 'boolean', default: false },
} });

async function build() {
  if (!options.out) throw new Error('usage: node build.mjs --out DIR [--embed FILE]');
  const program = new MiniProgram(path.resolve(options.source));
  const templates = compileTemplates(program);
  const css = await styleSheet(program, path.join(here, 'runtime'));
  const js = await bundle(program, templates, here);
  const total = write(path.resolve(options.out), {
    set: 'web',
    page: readFileSync(path.join(here, 'index.html'), 'utf8'),
    assets: [...program.images(), { name: 'app.css', bytes: css }, { name: 'app.js', bytes: js },
      { name: 'licences.txt', bytes: licences(here, shipped) }],
    compressed: !options.plain,
    cpp: options.embed,
  });
  console.log(total);
}

try {
  await build();
} catch (error) {
  console.error(`client/web: ${error.message}`);
  process.exitCode = 1;
}
