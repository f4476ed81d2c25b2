// The app's life: shown while its tab can be seen, hidden otherwise. A browser tells of that in
// several ways, sometimes twice; the app hears each change once.

export class AppLife {
  constructor(window, stack) {
    this.window = window;
    this.stack = stack;
    this.app = {};
    this.shown = false;
    this.listeners = { show: new Set(), hide: new Set() };
  }

  register(app) {
    this.app = app;
  }

  launch(options) {
    const { document } = this.window;
    this.options = options;
    this.app.onLaunch?.(options);
    // A tab may be opened in the background; to the app that is a start like any other.
    this.become(true);
    if (document.hidden) this.become(false);
    document.addEventListener('visibilitychange', () => this.become(!document.hidden));
    this.window.addEventListener('pagehide', () => this.become(false));
    this.window.addEventListener('pageshow', () => this.become(!document.hidden));
  }

  on(change, listener) {
    this.listeners[change].add(listener);
  }

  off(change, listener) {
    if (listener) this.listeners[change].delete(listener);
    else this.listeners[change].clear();
  }

  become(shown) {
    if (this.shown === shown) return;
    this.shown = shown;
    const change = shown ? 'show' : 'hide';
    if (!shown) this.stack.appear(false);
    (shown ? this.app.onShow : this.app.onHide)?.call(this.app, this.options);
    for (const listener of [...this.listeners[change]]) listener(this.options);
    if (shown) this.stack.appear(true);
  }
}
