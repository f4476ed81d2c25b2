// WXML -> functions, by glass-easel's own compiler. A tag that the runtime doesn't know stops the
// build: in a browser it would silently be an element without behaviour.
import { TmplGroup } from 'glass-easel-template-compiler';
import { endOf } from './selectors.mjs';
import { resolve } from './sources.mjs';

const elements = ['view', 'text', 'image', 'button', 'input', 'textarea', 'scroll-view', 'label',
  'checkbox', 'checkbox-group', 'switch', 'page-meta'];
const syntax = ['block', 'template', 'import', 'include', 'wxs'];

function checkTags(file, source) {
  const markup = source.replace(/<!--[^]*?-->|<wxs[^]*?<\/wxs>|\{\{[^]*?\}\}/g, '');
  for (const [, tag] of markup.matchAll(/<([A-Za-z][\w-]*)/g)) {
    if (!elements.includes(tag) && !syntax.includes(tag)) {
      throw new Error(`${file}: there is no <${tag}> in client/web/runtime/elements`);
    }
  }
}

// glass-easel's own runtime has a second way to update what one field changes alone; ours has not,
// so the functions for it are left out. They stand as
// `A["field"][0]=(D,E,T)=>{...};`, also in chains.
function withoutBindingMaps(source) {
  const begin = /(?:A\["[^"]+"\]\[\d+\]=)+\(D,E,T\)=>\{/g;
  let out = '';
  let from = 0;
  for (let found = begin.exec(source); found; found = begin.exec(source)) {
    out += source.slice(from, found.index);
    from = endOf(source, begin.lastIndex, '}') + 1;
    if (source[from] === ';') from += 1;
    begin.lastIndex = from;
  }
  out += source.slice(from);
  return out.replace(/,A=\{[^{}]*\}(?=,K=U===true)/g, '').replace(/return \{C:(\w+),B:A\}/g,
    'return {C:$1}');
}

// The source of an expression: an object from path to compiled template.
export function compileTemplates(program) {
  const group = new TmplGroup();
  const added = new Set();
  const add = (unit) => {
    if (added.has(unit)) return;
    added.add(unit);
    const source = program.read(`${unit}.wxml`);
    checkTags(`${unit}.wxml`, source);
    for (const trouble of group.addTmpl(unit, source)) {
      const where = `${unit}.wxml:${trouble.startLine + 1}:${trouble.startColumn + 1}`;
      throw new Error(`${where}: ${trouble.message}`);
    }
    for (const script of group.getScriptDependencies(unit)) {
      group.addScript(script, program.read(`${script.replace(/\.wxs$/, '')}.wxs`));
    }
    for (const other of group.getDirectDependencies(unit)) {
      add(resolve(`/${other.replace(/\.wxml$/, '')}`, unit));
    }
  };
  for (const page of program.app.pages) add(page);
  return withoutBindingMaps(group.getTmplGenObjectGroups());
}
