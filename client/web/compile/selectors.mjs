// Gives the rules of one WXSS file their scope, as WeChat does: a page's hold for that page.
// Works on what esbuild has minified: no comments, no nesting.

// Where a run of text ends that stops at one of `stops` outside of strings, brackets and escapes.
export function endOf(css, from, stops) {
  let depth = 0;
  for (let at = from; at < css.length; ++at) {
    const c = css[at];
    if (c === '\\') {
      ++at;
    } else if (c === '"' || c === "'") {
      while (css[++at] !== c) if (css[at] === '\\') ++at;
    } else if (depth === 0 && stops.includes(c)) {
      return at;
    } else if (c === '(' || c === '[' || c === '{') {
      ++depth;
    } else if (c === ')' || c === ']' || c === '}') {
      --depth;
    }
  }
  return css.length;
}

function split(list) {
  const parts = [];
  for (let from = 0; from <= list.length;) {
    const end = endOf(list, from, ',');
    parts.push(list.slice(from, end));
    from = end + 1;
  }
  return parts;
}

// Calls `change` for each selector of a list, also of those inside @media and the like.
export function mapSelectors(css, change) {
  let out = '';
  for (let at = 0; at < css.length;) {
    const end = endOf(css, at, '{;}');
    const prelude = css.slice(at, end);
    if (css[end] !== '{') {
      out += css.slice(at, end + 1);
      at = end + 1;
      continue;
    }
    const close = endOf(css, end + 1, '}');
    const body = css.slice(end + 1, close);
    if (/^@(media|supports|container|layer)\b/.test(prelude)) {
      out += `${prelude}{${mapSelectors(body, change)}}`;
    } else if (prelude.startsWith('@')) {
      out += `${prelude}{${body}}`;
    } else {
      out += `${split(prelude).map(change).join(',')}{${body}}`;
    }
    at = close + 1;
  }
  return out;
}

// `.bubble` of page p1 -> `:where(.p1) .bubble`; `page` is the page itself. :where() adds nothing
// to the weight, so that a page and app.wxss go on meeting as equals.
export function pageScope(scope) {
  return (selector) => (/^page(?![\w-])/.test(selector) ? selector.replace(/^page/, `page.${scope}`)
    : `:where(.${scope}) ${selector}`);
}

// app.wxss holds for all pages, and not for the bar and the dialogs around them.
export const appScope = (selector) =>
  (/^page(?![\w-])/.test(selector) ? selector : `:where(page) ${selector}`);
