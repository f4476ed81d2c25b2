// One open page: its element, its life, and its share of the bar above.
import { words } from './language.js';

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

// Texts that came while nobody looked stand in front of the title.
export function countUnread(count) {
  unread = count;
  const name = showing?.title ?? '';
  document.title = unread > 0 ? `(${unread}) ${name}` : name;
}

export class PageFactory {
  constructor(program, space, backend, stage) {
    Object.assign(this, { program, space, backend, stage });
  }

  create(url) {
    const [path, search = ''] = url.split('?');
    const unit = this.program.units.find((one) => one.isPage && one.path === path);
    if (!unit) throw new Error(`there is no page ${path}`);
    return new Page(this, unit, url, Object.fromEntries(new URLSearchParams(search)));
  }
}

class Page {
  constructor(factory, unit, url, query) {
    Object.assign(this, { factory, unit, url, query });
    const config = { ...factory.program.app.window, ...unit.config };
    this.title = config.navigationBarTitleText ?? '';
    this.ownBar = config.navigationStyle === 'custom';
    this.colours = unit.config.navigationBarBackgroundColor ? {
      backgroundColor: unit.config.navigationBarBackgroundColor,
      frontColor: config.navigationBarTextStyle,
    } : {};
  }

  // `slides`: whether it comes over another one.
  load(slides) {
    const { backend, space, stage } = this.factory;
    this.root = backend.createRoot('page', space, this.unit.path);
    this.component = this.root.getComponent();
    this.instance = this.root.get();
    Object.assign(this.instance, { route: this.unit.path, options: this.query });
    this.element = this.component.getBackendElement();
    this.element.classList.add(this.unit.scope);
    if (slides) this.element.classList.add('slides');
    this.call('onLoad', this.query);
    const place = stage.appendChild(document.createElement('i'));
    this.root.attach(stage, place);
  }

  call(name, ...values) {
    return this.instance[name]?.(...values);
  }

  show() {
    showing = this;
    this.drawBar();
    this.call('onShow');
    this.component.triggerPageLifetime('show', []);
  }

  hide() {
    this.call('onHide');
    this.component.triggerPageLifetime('hide', []);
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
    this.element.remove();
    this.root.release();
  }

  drawBar() {
    if (showing !== this) return;
    countUnread(unread);
    bar.title.textContent = this.title;
    bar.element.hidden = this.ownBar;
    bar.back.hidden = globalThis.getCurrentPages().length < 2;
    const { app, theme: variables } = this.factory.program;
    const resolve = (value) => (value?.startsWith('@')
      ? variables[app.darkmode ? theme() : 'light']?.[value.slice(1)] : value);
    const front = resolve(this.colours.frontColor);
    bar.element.style.setProperty('--bar', resolve(this.colours.backgroundColor) ?? '');
    bar.element.style.setProperty('--bar-ink',
      { black: '#000', white: '#fff' }[front] ?? front ?? '');
  }

  setTitle(title) {
    this.title = title;
    this.drawBar();
  }

  setColours({ frontColor, backgroundColor }) {
    Object.assign(this.colours, { frontColor, backgroundColor });
    this.drawBar();
  }
}
