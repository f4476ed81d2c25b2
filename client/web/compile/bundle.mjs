// One script of the runtime, the compiled templates and the mini program's own files.
import path from 'node:path';
import * as esbuild from 'esbuild';
import { assetPath } from './output.mjs';
import { scopeOf } from './styles.mjs';

const target = 'es2020';
const text = JSON.stringify;

function entry(program, templates, here) {
  const images = program.images().map((image) => [`/${image.name}`, assetPath(image)]);
  const pages = program.app.pages.map((page, at) => `${text(page)}: {
    scope: ${text(scopeOf(at))}, config: ${text(program.config(page))},
    load: () => require(${text(program.file(`${page}.js`))}) }`);
  return `import { boot } from ${text(path.join(here, 'runtime/boot.js'))};
boot({
  app: ${text(program.app)},
  theme: ${text(program.theme)},
  images: ${text(Object.fromEntries(images))},
  templates: ${templates},
  pages: {${pages.join(',')}},
  load: () => require(${text(program.file('app.js'))}),
});`;
}

export async function bundle(program, templates, here) {
  const { outputFiles: [script] } = await esbuild.build({
    stdin: { contents: entry(program, templates, here), resolveDir: here },
    bundle: true, minify: true, format: 'iife', target, write: false, charset: 'utf8',
    legalComments: 'none', logLevel: 'warning',
  });
  const notice = '/*! Templates compiled by glass-easel (MIT), see licences.txt. */';
  return Buffer.from(`${notice}\n${script.text}`);
}
