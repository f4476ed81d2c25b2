// Which pages are open, in step with the browser's history: each entry of the history carries the
// whole stack as its state, so that back, forward and jumps need no other bookkeeping. Knows pages
// only by `load`, `show`, `hide` and `unload`.

export const pagesMax = 10; // WeChat's

export class PageStack {
  // `create(url)` makes a page; `window` gives history and popstate; `home` is the first page.
  constructor(create, window, home) {
    this.create = create;
    this.window = window;
    this.home = home;
    this.open = [];
    this.shown = true;
    this.work = Promise.resolve();
    window.addEventListener('popstate', ({ state }) => {
      this.arrived?.();
      this.arrived = undefined;
      this.become(this.urlsIn(state));
    });
  }

  get top() {
    return this.open.at(-1);
  }

  get urls() {
    return this.open.map(({ url }) => url);
  }

  pages() {
    return this.open.map(({ instance }) => instance);
  }

  // A reload begins at home again, and goes back in the history to where home was: the pages that
  // were open lived on what the script knew.
  launch() {
    const { history } = this.window;
    const depth = this.urlsIn(history.state).length - 1;
    this.become([this.home]);
    if (depth > 0) this.enqueue(() => this.travel(-depth));
    this.enqueue(() => this.record('replaceState'));
  }

  navigateTo(url) {
    return this.enqueue(() => {
      if (this.open.length >= pagesMax) throw new Error(`more than ${pagesMax} pages are open`);
      this.become([...this.urls, url]);
      this.record('pushState');
    });
  }

  redirectTo(url) {
    return this.enqueue(() => {
      this.become([...this.urls.slice(0, -1), url], this.open.length - 1);
      this.record('replaceState');
    });
  }

  reLaunch(url) {
    return this.enqueue(async () => {
      this.become([url], 0);
      const depth = this.urlsIn(this.window.history.state).length - 1;
      if (depth > 0) await this.travel(-depth, [url]);
      this.record('replaceState');
    });
  }

  navigateBack(delta = 1) {
    return this.enqueue(async () => {
      const steps = Math.min(delta, this.open.length - 1);
      if (steps > 0) await this.travel(-steps);
    });
  }

  // One after the other, since going back in the history takes a while.
  enqueue(step) {
    const done = this.work.then(step);
    this.work = done.catch(() => {});
    return done;
  }

  // `urls`: what the stack is to be on arrival, whatever that entry says.
  travel(delta, urls = undefined) {
    this.destination = urls;
    const arrival = new Promise((resolve) => {
      this.arrived = resolve;
    });
    this.window.history.go(delta);
    return arrival;
  }

  urlsIn(state) {
    const urls = this.destination ?? state?.pages;
    this.destination = undefined;
    return Array.isArray(urls) && urls.length > 0 ? urls : [this.home];
  }

  record(how) {
    this.window.history[how]({ pages: this.urls }, '');
  }

  // Closes and opens pages until the stack is as said; `keep`: how many stay at most.
  become(urls, keep = urls.length) {
    let same = 0;
    while (same < Math.min(keep, this.open.length) && this.open[same].url === urls[same]) ++same;
    if (same === this.open.length && same === urls.length) return;
    const covered = same === this.open.length ? this.top : undefined;
    if (covered && this.shown) covered.hide();
    covered?.cover();
    while (this.open.length > same) this.open.pop().unload();
    const added = urls.slice(same);
    for (const [at, url] of added.entries()) {
      const page = this.create(url);
      this.open.push(page);
      page.load(at > 0 || same > 0);
      if (at < added.length - 1) page.cover();
    }
    if (added.length === 0) this.top.uncover();
    if (this.shown) this.top.show();
    if (added.length > 0) this.top.ready();
  }

  // The app as a whole went to or came from the background.
  appear(shown) {
    if (this.shown === shown) return;
    this.shown = shown;
    if (shown) this.top?.show();
    else this.top?.hide();
  }
}
