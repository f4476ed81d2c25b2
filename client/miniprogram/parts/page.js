// @ts-check
// What every page has: its texts, the device's font size, the banner about the connection, the
// consent sheet, and data that follows the client's state.

const { client } = require('./client');
const { banner, QUIET_MS } = require('./connection');
const consent = require('./consent');
const look = require('./look');
const { texts } = require('../i18n/texts');
const { moment } = require('../chat/time_labels');

/** Since when there is no connection, by this device's clock; 0 while there is one. */
let lostSince = 0;

client.on('state', (state) => {
  if (state.connection.status === 'online') lostSince = 0;
  else if (!lostSince) lostSince = Date.now();
});

/** @returns {any} */
function bannerNow() {
  const lostFor = lostSince ? Date.now() - lostSince : 0;
  return banner(client.state().connection, lostFor, texts.connection, (until) => {
    return moment(until, Date.now(), texts.time);
  });
}

/**
 * Sets what differs from the page's data, and nothing else.
 * @param {any} page
 * @param {Record<string, any>} data
 */
function update(page, data) {
  /** @type {Record<string, any>} */
  const changed = {};
  let any = false;
  Object.keys(data).forEach((key) => {
    const before = page.data[key];
    if (before === data[key] || JSON.stringify(before) === JSON.stringify(data[key])) return;
    changed[key] = data[key];
    any = true;
  });
  if (any) page.setData(changed);
}

/**
 * `follow(state)` of a page is called at each change of the client's state while the page exists.
 * @param {keyof typeof texts} name the page's texts
 * @param {any} page
 */
function define(name, page) {
  const own = /** @type {any} */ (texts[name]);
  Page(
    Object.assign({}, consent.methods, page, {
      data: Object.assign(
        { t: own, common: texts.common, skin: look.skin(), banner: null, consent: false },
        page.data,
      ),

      /**
       * @this {any}
       * @param {Record<string, string>} query
       */
      onLoad: function (query) {
        const self = this;
        wx.setNavigationBarTitle({ title: own.title });
        if (page.onLoad) page.onLoad.call(self, query);
        self.refresh();
        self.unfollow = client.on('state', () => {
          self.refresh();
        });
      },
      /** @this {any} */
      onShow: function () {
        look.paintBar();
        update(this, { skin: look.skin() });
        if (page.onShow) page.onShow.call(this);
      },
      /** @this {any} */
      onUnload: function () {
        if (this.unfollow) this.unfollow();
        clearTimeout(this.quietTimer);
        consent.gone(this);
        if (page.onUnload) page.onUnload.call(this);
      },
      /** @this {any} */
      refresh: function () {
        const self = this;
        self.tellBanner();
        clearTimeout(self.quietTimer);
        if (lostSince)
          self.quietTimer = setTimeout(() => {
            self.tellBanner();
          }, QUIET_MS);
        if (page.follow) page.follow.call(self, client.state());
      },
      /** @this {any} */
      tellBanner: function () {
        update(this, { banner: bannerNow() });
        // The banner takes room from the list.
        if (this.list && Boolean(this.data.banner) !== this.hadBanner) this.list.resized();
        this.hadBanner = Boolean(this.data.banner);
      },
      onBanner: function () {
        client.start();
      },
    }),
  );
}

/**
 * @param {string} title
 */
function toast(title) {
  wx.showToast({ title: title, icon: 'none' });
}

/**
 * A question with one confirming answer.
 * @param {string} content
 * @param {string} confirmText
 * @param {() => void} confirmed
 */
function ask(content, confirmText, confirmed) {
  wx.showModal({
    content: content,
    confirmText: confirmText,
    confirmColor: look.accent(),
    cancelText: texts.common.cancel,
    success: (answer) => {
      if (answer.confirm) confirmed();
    },
  });
}

/**
 * A question with a line to write, which may stay empty. Where the platform knows no such line it
 * is a question with one confirming answer.
 * @param {string} title
 * @param {string} placeholder
 * @param {string} confirmText
 * @param {(text: string) => void} written
 */
function write(title, placeholder, confirmText, written) {
  wx.showModal({
    title: title,
    editable: true,
    placeholderText: placeholder,
    confirmText: confirmText,
    confirmColor: look.accent(),
    cancelText: texts.common.cancel,
    success: (answer) => {
      if (answer.confirm) written(answer.content || '');
    },
  });
}

/**
 * @param {string[]} items
 * @param {(index: number) => void} chosen
 * @param {string} [question]
 */
function choose(items, chosen, question) {
  wx.showActionSheet({
    alertText: question,
    itemList: items,
    success: (answer) => {
      chosen(answer.tapIndex);
    },
    fail: () => {},
  });
}

module.exports = {
  define: define,
  update: update,
  toast: toast,
  ask: ask,
  write: write,
  choose: choose,
};
