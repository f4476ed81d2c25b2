// @ts-check
// Past partners, newest first: open a record, delete it, unblock somebody.

const avatars = require('../../art/avatars');
const { brief } = require('../../chat/time_labels');
const menus = require('../../chat/menus');
const { client } = require('../../parts/client');
const navigation = require('../../parts/navigation');
const { define, toast, ask } = require('../../parts/page');
const { LIMITS } = require('../../sdk/protocol');
const names = require('../../i18n/names');
const { texts, fill, language } = require('../../i18n/texts');

const t = texts.records;

/** @param {import('../../sdk/protocol').PairEntry} entry */
function shown(entry) {
  const name = names.alias(language, entry.partner.alias);
  return {
    pair: entry.pair,
    name: name,
    face: avatars.face(entry.partner.avatar),
    avatar: entry.partner.avatar,
    when: brief(entry.last.at, client.serverNow(), texts.time),
    last: entry.last.text || fill(t.met, { count: entry.met }),
    unseen: entry.unseen ? fill(t.unseen, { count: entry.unseen }) : '',
    blocked: entry.blocked,
    options: fill(t.options, { name: name }),
  };
}

define('records', {
  data: { pairs: [], more: false, loaded: false, failed: false, owl: avatars.face('owl') },

  onShow: function () {
    this.reload();
  },

  /** From the newest on, as many as were here, so that who comes back finds their place. */
  reload: function () {
    const count = Math.max(this.data.pairs.length, LIMITS.pageDefault);
    this.load([], { limit: Math.min(count, LIMITS.pageMax) });
  },

  /**
   * @param {any[]} before
   * @param {{before?: string, limit?: number}} page
   */
  load: function (before, page) {
    const self = this;
    // An answer to what was asked before comes too late.
    const asked = (self.asked || 0) + 1;
    self.asked = asked;
    if (client.state().connection.why === 'not_started') {
      self.setData({ loaded: true });
      return;
    }
    client.pairs(page).then(
      (page) => {
        if (asked !== self.asked) return;
        self.cursor = page.cursor;
        self.setData({
          pairs: before.concat(page.pairs.map(shown)),
          more: page.more,
          loaded: true,
          failed: false,
        });
      },
      () => {
        if (asked === self.asked) self.setData({ failed: true });
      },
    );
  },

  onMore: function () {
    this.load(this.data.pairs, { before: this.cursor });
  },

  onRetry: function () {
    this.reload();
  },

  /** @param {any} event */
  onOpen: function (event) {
    const one = this.data.pairs[event.currentTarget.dataset.index];
    const going = client.state().chat;
    if (going && going.pair === one.pair) {
      navigation.to(this, '../chattt/chattt?going=1');
      return;
    }
    navigation.to(
      this,
      '../record/record?pair=' +
        encodeURIComponent(one.pair) +
        '&name=' +
        encodeURIComponent(one.name) +
        '&avatar=' +
        one.avatar,
    );
  },

  /** @param {any} event */
  onOptions: function (event) {
    const self = this;
    const one = self.data.pairs[event.currentTarget.dataset.index];
    const reload = () => {
      self.reload();
    };
    menus.offer([
      {
        label: texts.common.delete,
        act: () => {
          self.remove(one.pair);
        },
      },
      one.blocked
        ? {
            label: t.unblock,
            act: () => {
              self.unblock(one.pair);
            },
          }
        : {
            label: texts.chattt.block,
            act: () => {
              menus.block(one.pair, reload);
            },
          },
      {
        label: texts.chattt.report,
        act: () => {
          menus.report(one.pair);
        },
      },
    ]);
  },

  /** @param {string} pair */
  remove: function (pair) {
    const self = this;
    ask(t.deleteAsk, texts.common.delete, () => {
      client.clear(pair).then(() => {
        toast(t.deleted);
        self.reload();
      }, menus.complain);
    });
  },

  /** @param {string} pair */
  unblock: function (pair) {
    const self = this;
    ask(t.unblockAsk, t.unblock, () => {
      client.unblock(pair).then(() => {
        toast(t.unblocked);
        self.reload();
      }, menus.complain);
    });
  },
});
