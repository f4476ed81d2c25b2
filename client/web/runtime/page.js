// One open page: what its script sees of it, its element, its life, and its share of the bar.
import { words } from './language.js';
import { assign, copy, parsePath } from './view/data.js';
import { listen } from './view/dispatch.js';
import { SelectorQuery } from './view/query.js';
import { TemplateView } from './view/template.js';

const themed = matchMedia('(prefers-color-scheme: dark)');
export const theme = () => (themed.matches ? 'dark' : 'light');
themed.addEventListener('change', () => showing?.drawBar());
let showing; // the page whose title and colours the bar shows

const bar = {
  element: document.getElementById('bar'),
  back: document.getElementById('back'),
  title: document.getElementById('title'),
};
bar.back.setAttribute('aria-label', words.back);
bar.back.addEventListener('click', () => globalThis.wx.navigateBack());

let unread = 0;
let opened = 0;

// Texts that came while nobody looked stand in front of the title.
export function countUnread(count) {
  unread = count;
  const name = showing?.title ?? '';
  document.title = unread > 0 ? `(${unread}) ${name}` : name;
}

export class PageFactory {
  // `definitions`: path -> what the script gave to Page().
  constructor(program, definitions, stage) {
    Object.assign(this, { program, definitions, stage });
  }

  create(url) {
    const [path, search = ''] = url.split('?');
    if (!this.definitions.has(path)) throw new Error(`there is no page ${path}`);
    return new Page(this, path, url, Object.fromEntries(new URLSearchParams(search)));
  }
}

class Page {
  constructor(factory, path, url, query) {
    const { program, stage } = factory;
    Object.assign(this, { program, stage, path, url, query, number: ++opened });
    this.unit = program.pages[path];
    const config = { ...program.app.window, ...this.unit.config };
    this.title = config.navigationBarTitleText ?? '';
    this.ownBar = config.navigationStyle === 'custom';
    this.colours = {
      backgroundColor: this.unit.config.navigationBarBackgroundColor,
      frontColor: this.unit.config.navigationBarTextStyle,
    };
    this.instance = this.makeInstance(factory.definitions.get(path));
  }

  // The object that is `this` in the page's functions.
  makeInstance(definition) {
    const instance = {};
    for (const [name, value] of Object.entries(definition)) {
      instance[name] = typeof value === 'function' ? value : copy(value);
    }
    instance.data ??= {};
    return Object.assign(instance, {
      wxPage: this, route: this.path, options: this.query,
      setData: (values, done) => this.setData(values, done),
      createSelectorQuery: () => new SelectorQuery(this),
    });
  }

  setData(values, done) {
    const changes = {};
    for (const [path, value] of Object.entries(values)) {
      assign(this.instance.data, changes, parsePath(path), value);
    }
    this.view?.update(this.instance.data, changes);
    // Not a frame later: a hidden tab never draws one.
    if (done) queueMicrotask(() => done.call(this.instance));
  }

  setPath(path, value) {
    const changes = {};
    assign(this.instance.data, changes, path, value);
    this.view?.update(this.instance.data, changes);
  }

  listen(element, type) {
    listen(element, type, this.stage, (handler, event) => this.call(handler, event));
  }

  call(name, ...values) {
    return this.instance[name]?.(...values);
  }

  // Several pages are in the document at once and may use the same ids.
  domId(id) {
    return `p${this.number}-${id}`;
  }

  find(selector) {
    const own = selector.replace(/#([\w-]+)/g, (_, id) => `#${this.domId(id)}`);
    return [...this.element.querySelectorAll(own)];
  }

  // `slides`: whether it comes over another one.
  load(slides) {
    this.element = document.createElement('page');
    this.element.wxPage = this;
    this.element.classList.add(this.unit.scope);
    if (slides) this.element.classList.add('slides');
    this.call('onLoad', this.query);
    const view = new TemplateView(this.program.templates[this.path], this, this.element);
    view.create(this.instance.data);
    this.view = view;
    this.stage.append(this.element);
  }

  show() {
    showing = this;
    this.drawBar();
    this.call('onShow');
  }

  hide() {
    this.call('onHide');
  }

  // What happens once, after the first time it is shown. The focus goes to the new title, unless
  // the page has put it somewhere.
  ready() {
    this.call('onReady');
    queueMicrotask(() => {
      if (!this.element.contains(document.activeElement)) bar.title.focus();
    });
  }

  // Another page comes over it, or goes again; the focus returns to where it was.
  cover() {
    const { activeElement } = document;
    this.focused = this.element.contains(activeElement) ? activeElement : undefined;
    this.element.hidden = true;
  }

  uncover() {
    this.element.hidden = false;
    this.element.classList.remove('slides');
    (this.focused?.isConnected ? this.focused : bar.title).focus();
  }

  unload() {
    this.call('onUnload');
    this.view = undefined;
    this.element.remove();
  }

  drawBar() {
    if (showing !== this) return;
    countUnread(unread);
    bar.title.textContent = this.title;
    bar.element.hidden = this.ownBar;
    bar.back.hidden = globalThis.getCurrentPages().length < 2;
    const { app, theme: variables } = this.program;
    const resolve = (value) => (value?.startsWith('@')
      ? variables[app.darkmode ? theme() : 'light']?.[value.slice(1)] : value);
    const front = resolve(this.colours.frontColor);
    const set = (name, value) => document.documentElement.style.setProperty(name, value ?? '');
    set('--bar', resolve(this.colours.backgroundColor));
    set('--bar-ink', { black: '#000', white: '#fff' }[front] ?? front);
    set('--ground', resolve(this.colours.ground));
  }

  setTitle(title) {
    this.title = title;
    this.drawBar();
  }

  setColours(colours) {
    Object.assign(this.colours, colours);
    this.drawBar();
  }
}
