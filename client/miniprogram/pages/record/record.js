// @ts-check
// Reading the record of a past chat.

const avatars = require('../../art/avatars');
const { createList } = require('../../chat/list');
const menus = require('../../chat/menus');
const { client } = require('../../parts/client');
const { define, update } = require('../../parts/page');
const { texts } = require('../../i18n/texts');
const visit = require('../../visit');

/** Events that one answer brings. */
const PAGE = 50;

define('record', {
  data: {
    rows: [],
    scrollTop: 0,
    below: 0,
    live: true,
    olderText: '',
    failed: false,
    words: texts.chattt,
    name: '',
    myFace: avatars.face(visit.avatar),
    partnerFace: '',
  },

  /** @param {Record<string, string>} query */
  onLoad: function (query) {
    const self = this;
    const name = decodeURIComponent(query.name);
    self.pair = decodeURIComponent(query.pair);
    self.events = [];
    self.hasOlder = true;
    self.list = createList(self, {
      content: function () {
        return self.events.length
          ? {
              pair: self.pair,
              events: self.events,
              outbox: [],
              seen: 0,
              met: -1,
              topic: '',
              hasOlder: self.hasOlder,
            }
          : null;
      },
      fetchOlder: () => self.fetch(),
      now: () => client.serverNow(),
    });
    self.setData({
      name: name,
      partnerFace: avatars.face(query.avatar),
      myFace: avatars.face(visit.avatar),
    });
    wx.setNavigationBarTitle({ title: name });
    self.begin();
  },

  begin: function () {
    const self = this;
    self.setData({ failed: false });
    self.fetch().then(
      () => {
        self.list.sync();
        self.list.resized();
      },
      () => {
        self.setData({ failed: true });
      },
    );
  },

  onRetry: function () {
    this.begin();
  },

  fetch: function () {
    const self = this;
    const first = self.events[0];
    return client
      .history(self.pair, { before: first && first.seq, limit: PAGE })
      .then((/** @type {any} */ page) => {
        self.events = page.events.concat(self.events);
        self.hasOlder = page.more;
        update(self, {
          olderText: page.more ? texts.chattt.older : self.events.length ? '' : texts.record.empty,
        });
      });
  },

  /** @param {any} event */
  onScroll: function (event) {
    this.list.scrolled(event.detail);
  },
  onUpper: function () {
    this.list.upper();
  },
  onLower: function () {
    this.list.lower();
  },
  /** @param {any} event */
  onText: function (event) {
    const row = this.data.rows[event.currentTarget.dataset.index];
    if (row) menus.copyMenu(row);
  },
});
