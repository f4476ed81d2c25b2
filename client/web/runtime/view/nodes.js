// The tree behind what a page shows. Elements and texts have a node of the DOM; what only groups
// others (a wx:if, a wx:for, one of its items) has none, and at most a mark where it ends.

export class ViewNode {
  constructor(parent, dom = undefined) {
    this.parent = parent;
    this.dom = dom;
    this.children = [];
    if (dom) dom.wxNode = this;
    parent?.children.push(this);
  }

  // The first of the DOM's nodes that belong to it; undefined when there is none.
  get first() {
    return this.roots()[0];
  }

  // The DOM's nodes that belong to it and lie in no other of them, in their order.
  roots(found = []) {
    if (this.dom) {
      found.push(this.dom);
    } else {
      for (const child of this.children) child.roots(found);
      if (this.mark) found.push(this.mark);
    }
    return found;
  }

  remove() {
    for (const dom of this.roots()) dom.remove();
  }

  empty() {
    for (const child of this.children) child.remove();
    this.children = [];
  }
}

export class ElementNode extends ViewNode {
  constructor(parent, dom) {
    super(parent, dom);
    this.id = '';
    this.dataset = {};
    this.marks = undefined;
    this.listeners = undefined;
  }
}

// Children go in front of the mark.
export class MarkedNode extends ViewNode {
  constructor(parent, place) {
    super(parent);
    this.mark = document.createComment('');
    place(this.mark);
  }

  get place() {
    return (dom) => this.mark.parentNode.insertBefore(dom, this.mark);
  }
}
