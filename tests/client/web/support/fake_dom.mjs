// As much of the DOM as a view touches: a tree of nodes, attributes, and text.

class FakeNode {
  childNodes = [];
  parentNode = null;

  get nextSibling() {
    const { childNodes } = this.parentNode;
    return childNodes[childNodes.indexOf(this) + 1] ?? null;
  }

  remove() {
    if (!this.parentNode) return;
    const { childNodes } = this.parentNode;
    childNodes.splice(childNodes.indexOf(this), 1);
    this.parentNode = null;
  }

  insertBefore(child, before) {
    child.remove();
    const at = before === null ? this.childNodes.length : this.childNodes.indexOf(before);
    if (at < 0) throw new Error('the reference is not a child');
    this.childNodes.splice(at, 0, child);
    child.parentNode = this;
    return child;
  }

  appendChild(child) {
    return this.insertBefore(child, null);
  }
}

class FakeText extends FakeNode {
  constructor(data) {
    super();
    this.data = data;
  }
}

class FakeComment extends FakeNode {}

class FakeElement extends FakeNode {
  constructor(tag) {
    super();
    Object.assign(this, { localName: tag, tabIndex: -1, className: '', id: '', style: {} });
    this.attributes = new Map();
    this.heard = {};
  }

  setAttribute(name, value) {
    this.attributes.set(name, String(value));
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  addEventListener(type, listener) {
    (this.heard[type] ??= []).push(listener);
  }

  append(...children) {
    children.forEach((child) => this.appendChild(child));
  }

  getBoundingClientRect() {
    return { left: 0, top: 0, width: 0, height: 0 };
  }

  // Tells it and everything around it, as a bubbling event does.
  fire(type, more = {}) {
    const event = { type, target: this, detail: 1, timeStamp: 0, preventDefault() {}, ...more };
    for (let at = this; at; at = at.parentNode) at.heard?.[type]?.forEach((hear) => hear(event));
  }
}

export const fakeDocument = {
  createElement: (tag) => new FakeElement(tag),
  createTextNode: (data) => new FakeText(data),
  createComment: () => new FakeComment(),
};

// What can be seen of it, as markup; comments can't.
export function markup(node) {
  const inner = node.childNodes.map(markup).join('');
  if (node instanceof FakeText) return node.data;
  if (node instanceof FakeComment) return '';
  const attributes = [...node.attributes].sort().map(([name, value]) => ` ${name}="${value}"`);
  const name = node.className ? ` class="${node.className}"` : '';
  return `<${node.localName}${name}${attributes.join('')}>${inner}</${node.localName}>`;
}

// The first below it, itself included, that fits.
export function first(node, fits) {
  if (fits(node)) return node;
  for (const child of node.childNodes) {
    const found = first(child, fits);
    if (found) return found;
  }
  return undefined;
}
