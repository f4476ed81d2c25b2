// A wx:for: keeps what it shows of each item as long as an item with that key is there.
import { MarkedNode, ViewNode } from './nodes.js';

function entriesOf(list) {
  if (Array.isArray(list)) return list.map((item, at) => [at, item]);
  if (typeof list === 'number') return Array.from({ length: list }, (_, at) => [at, at]);
  return Object.entries(list ?? {});
}

// Items of the same key are told apart by their order.
function keysOf(entries, name) {
  const seen = new Map();
  return entries.map(([at, item]) => {
    const own = name === '*this' ? item : item?.[name];
    const key = own ?? at;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return count === 1 ? `${key}` : `${key} ${count}`;
  });
}

const part = (changes, name) => (changes === true ? true : changes?.[name]);

export class ListNode extends MarkedNode {
  constructor(parent, place, key) {
    super(parent, place);
    this.key = key;
    this.items = new Map();
  }

  // `show(node, creates, item, index, itemChanges, indexChanges, place)` makes or updates an item;
  // `changes`: what has changed in the list, as update() in template.js has it.
  become(list, changes, show) {
    const entries = entriesOf(list);
    const keys = keysOf(entries, this.key);
    const wanted = new Set(keys);
    const old = this.items;
    this.items = new Map();
    for (const [key, node] of old) if (!wanted.has(key)) node.remove();

    // From the end, so that what comes after an item is in its place already.
    let next = this.mark;
    for (let at = entries.length - 1; at >= 0; --at) {
      const [index, item] = entries[at];
      const before = next;
      const place = (dom) => before.parentNode.insertBefore(dom, before);
      let node = old.get(keys[at]);
      if (node) {
        const roots = node.roots();
        if (roots.length > 0 && roots.at(-1).nextSibling !== before) roots.forEach(place);
        show(node, false, item, index, part(changes, index), node.index !== index, place);
      } else {
        node = new ViewNode(undefined);
        node.parent = this;
        show(node, true, item, index, undefined, undefined, place);
      }
      node.index = index;
      this.items.set(keys[at], node);
      next = node.first ?? next;
    }
    this.children = keys.map((key) => this.items.get(key));
  }
}
