// Runs what glass-easel's compiler makes of WXML. A compiled template describes its children by
// calling, in their order, one function for each: T for a text, E for an element, B for a branch of
// wx:if, F for a wx:for, J for what only groups. The first time they are made; later the same calls
// update them, and values that cannot have changed are left out.
import { change, createElement } from '../elements/index.js';
import { ListNode } from './list.js';
import { ElementNode, MarkedNode, ViewNode } from './nodes.js';

// Events may be written with and without the colon; the compiler leaves the latter to us.
const eventAttribute = /^(bind|catch)(?=[a-z])/;

// What a compiled template does to elements; the names are the compiler's.
class Renderer {
  constructor(page) {
    this.page = page;
  }

  // Sets an attribute. `model`: the path of the data that `model:` binds it to.
  r = (node, name, value, model) => {
    if (eventAttribute.test(name)) {
      this.v(node, name.replace(eventAttribute, ''), value, name.startsWith('catch'));
      return;
    }
    change(node.dom, name, value);
    if (!model) return;
    if (!node.model) {
      node.dom.addEventListener('input', () => this.page.setPath(node.model, node.dom.value));
    }
    node.model = model;
  };

  c = (node, value) => {
    node.dom.className = value;
  };

  y = (node, value) => change(node.dom, 'style', value);

  i = (node, value) => {
    node.id = value;
    node.dom.id = this.page.domId(value);
  };

  d = (node, name, value) => {
    node.dataset[name] = value;
  };

  m = (node, name, value) => {
    (node.marks ??= {})[name] = value;
  };

  v = (node, type, handler, final) => {
    node.listeners ??= {};
    if (!node.listeners[type]) this.page.listen(node.dom, type);
    node.listeners[type] = { handler, final };
  };

  setFnFilter() {}
}

const nothing = () => {};

export class TemplateView {
  constructor(template, page, element) {
    this.renderer = new Renderer(page);
    this.template = template('');
    this.root = new ElementNode(undefined, element);
  }

  create(data) {
    const { C } = this.template(this.renderer, true, data, undefined);
    this.make(C, this.root, (dom) => this.root.dom.appendChild(dom));
  }

  // `changes`: a tree of the paths that have changed, `true` where all below has.
  update(data, changes) {
    const { C } = this.template(this.renderer, false, data, changes);
    this.renew(C, this.root);
  }

  make(children, parent, place) {
    children(true, (text) => {
      const dom = document.createTextNode(text);
      new ViewNode(parent, dom);
      place(dom);
    }, (tag, generics, init, below) => {
      const dom = createElement(tag);
      const node = new ElementNode(parent, dom);
      init(node, true);
      this.make(below, node, (child) => dom.appendChild(child));
      place(dom);
    }, (key, branch) => {
      const node = new MarkedNode(parent, place);
      node.branch = key;
      this.make(branch, node, node.place);
    }, (list, key, changes, path, item) => {
      new ListNode(parent, place, key).become(list, true, this.shower(item, path));
    }, nothing, (below) => {
      this.make(below, new ViewNode(parent), place);
    });
  }

  renew(children, parent) {
    let at = 0;
    const next = () => parent.children[at++];
    children(false, (text) => {
      const { dom } = next();
      if (text !== undefined && dom.data !== text) dom.data = text;
    }, (tag, generics, init, below) => {
      const node = next();
      init(node, false);
      this.renew(below, node);
    }, (key, branch) => {
      const node = next();
      if (node.branch === key) {
        this.renew(branch, node);
      } else {
        node.empty();
        node.branch = key;
        this.make(branch, node, node.place);
      }
    }, (list, key, changes, path, item) => {
      next().become(list, changes, this.shower(item, path));
    }, nothing, (below) => {
      this.renew(below, next());
    });
  }

  shower(item, path) {
    return (node, creates, value, index, valueChanges, indexChanges, place) => {
      const below = (C, ...rest) => item(C, value, index, valueChanges,
        indexChanges || undefined, path && [...path, index], ...rest);
      if (creates) this.make(below, node, place);
      else this.renew(below, node);
    };
  }
}
