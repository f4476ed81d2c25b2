// What runs compiled templates: whatever a page does to its data, it shows what it would show had
// it begun with that data.
import assert from 'node:assert/strict';
import test from 'node:test';
import { compileTemplates } from '../../../client/web/compile/templates.mjs';
import { assign, copy, parsePath } from '../../../client/web/runtime/view/data.js';
import { listen } from '../../../client/web/runtime/view/dispatch.js';
import { TemplateView } from '../../../client/web/runtime/view/template.js';
import { fakeDocument, first, markup } from './support/fake_dom.mjs';

globalThis.document = fakeDocument;

function compiled(wxml) {
  const program = { app: { pages: ['page'] }, read: () => wxml };
  return new Function(`return ${compileTemplates(program)}`)().page;
}

// A page that shows `data`; `heard`: what its functions were called with.
class Shown {
  constructor(template, data) {
    this.data = copy(data);
    this.heard = [];
    this.element = fakeDocument.createElement('page');
    const call = (name, event) => this.heard.push([name, event]);
    const page = {
      domId: (id) => id,
      listen: (element, type) => listen(element, type, this.element, call),
      setPath: (path, value) => this.set(path, value),
    };
    this.view = new TemplateView(template, page, this.element);
    this.view.create(this.data);
  }

  set(path, value) {
    this.setData({ [path]: value }, Array.isArray(path) ? path : undefined);
  }

  setData(values, path = undefined) {
    const changes = {};
    for (const [name, value] of Object.entries(values)) {
      assign(this.data, changes, path ?? parsePath(name), value);
    }
    this.view.update(this.data, changes);
  }

  get markup() {
    return markup(this.element);
  }
}

const everything = compiled(`
<template name="row"><text class="t {{on ? 'on' : ''}}">{{label}}</text></template>
<view hidden="{{!title}}" aria-pressed="{{open}}">{{title}}<block wx:if="{{open}}">open {{title}}
</block><view wx:elif="{{rows.length > 3}}">many</view><text wx:else>few</text></view>
<view wx:for="{{rows}}" wx:key="id" data-id="{{item.id}}"><text>{{index}}</text>{{item.name}}
<text wx:if="{{item.mark}}">!</text>
<block wx:for="{{item.inner}}" wx:for-item="one" wx:key="*this">{{one}}{{title}},</block>
<template is="row" data="{{label: item.name, on: open}}" /></view>
<template is="row" data="{{...summary, label: title}}" />tail`);

function seeded(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('after any changes a page shows what a new one would', () => {
  for (let seed = 1; seed <= 300; ++seed) {
    const below = seeded(seed);
    const row = () => ({
      id: below(12), name: `n${below(5)}`, mark: below(2) === 0,
      inner: Array.from({ length: below(4) }, () => below(3)),
    });
    const rows = () => Array.from({ length: below(7) }, row);
    const page = new Shown(everything, { title: 'a', open: false, rows: rows(), summary: {} });
    for (let step = 0; step < 12; ++step) {
      const at = below(Math.max(page.data.rows.length, 1));
      const changes = [
        () => ({ title: ['', 'a', 'b'][below(3)] }),
        () => ({ open: below(2) === 0, summary: { on: below(2) === 0 } }),
        () => ({ rows: rows() }),
        () => ({ rows: [...rows(), ...page.data.rows] }),
        () => ({ rows: [...page.data.rows].reverse() }),
        () => ({ [`rows[${page.data.rows.length}]`]: row() }),
        () => (page.data.rows.length ? { [`rows[${at}].name`]: `n${below(5)}` } : {}),
        () => (page.data.rows.length ? { [`rows[${at}].inner`]: [1, 2], open: true } : {}),
      ];
      page.setData(changes[below(changes.length)]());
      assert.equal(page.markup, new Shown(everything, page.data).markup, `seed ${seed}`);
    }
  }
});

test('what is shown of an item stays when others come and go', () => {
  const template = compiled('<view wx:for="{{rows}}" wx:key="id">{{item.id}}</view>');
  const page = new Shown(template, { rows: [{ id: 1 }, { id: 2 }] });
  const [one, two] = page.element.childNodes;

  page.setData({ rows: [{ id: 0 }, { id: 1 }, { id: 3 }, { id: 2 }] });

  const now = page.element.childNodes;
  assert.equal(now[1], one);
  assert.equal(now[3], two);
});

test('a value is written again when the page says so, and left alone otherwise', () => {
  const template = compiled('<view title="{{draft}}">{{other}}</view>');
  const page = new Shown(template, { draft: 'x', other: 0 });
  const [view] = page.element.childNodes;
  view.setAttribute('title', 'typed');

  page.setData({ other: 1 });
  assert.equal(view.attributes.get('title'), 'typed');
  page.setData({ draft: 'x' });
  assert.equal(view.attributes.get('title'), 'x');
});

test('events climb until one is caught, with data sets and marks', () => {
  const template = compiled(`<view bindtap="outer"><view catch:tap="middle" data-foo-bar="{{1}}"
    mark:place="m"><text bind:tap="inner" id="deep" mark:place="i">x</text></view></view>`);
  const page = new Shown(template, {});

  first(page.element, ({ localName }) => localName === 'text').fire('click',
    { clientX: 3, clientY: 4 });

  assert.deepEqual(page.heard.map(([name]) => name), ['inner', 'middle']);
  const [, event] = page.heard[1];
  assert.deepEqual(event.currentTarget.dataset, { fooBar: 1 });
  assert.equal(event.target.id, 'deep');
  assert.deepEqual(event.mark, { place: 'i' });
  assert.deepEqual(event.detail, { x: 3, y: 4 });
  assert.equal(event.touches.length, 1);
});

test('paths are read as setData writes them', () => {
  assert.deepEqual(parsePath('rows[3].a.b[0][1]'), ['rows', 3, 'a', 'b', 0, 1]);
  const data = {};
  const changes = {};
  assign(data, changes, parsePath('rows[1].a'), 5);
  assert.deepEqual(data.rows[1], { a: 5 });
  assert.deepEqual(changes, { rows: { 1: { a: true } } });
});

test('a tag without an element behind it stops the build', () => {
  assert.throws(() => compiled('<view><picker /></view>'), /no <picker>/);
  assert.throws(() => compiled('<view><text></view>'), /page\.wxml:1:/);
});
