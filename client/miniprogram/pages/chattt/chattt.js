// @ts-check
// The search, and then the chat.

const avatars = require('../../art/avatars');
const help = require('../../help');
const { client } = require('../../parts/client');
const { define, update, ask } = require('../../parts/page');
const { createComposer, EMOJI } = require('../../chat/composer');
const { asksForHelp } = require('../../chat/help_words');
const { createList } = require('../../chat/list');
const menus = require('../../chat/menus');
const notify = require('../../chat/notify');
const { describe } = require('../../chat/search');
const view = require('../../chat/view');
const { texts, language } = require('../../i18n/texts');
const visit = require('../../visit');

const t = texts.chattt;

/** @param {string | null} topic */
function topicTitle(topic) {
  const found = client.state().topics.filter((one) => one.id === topic)[0];
  return found ? found.title : '';
}

/** The chat that goes on, else the one that is over but still on the page. */
function shownChat() {
  const state = client.state();
  return state.chat || (state.waiting ? null : state.ended);
}

function listContent() {
  const chat = shownChat();
  return (
    chat && {
      pair: chat.pair,
      events: chat.events,
      outbox: chat.outbox,
      seen: chat.partner_seen,
      met: chat.met,
      topic: topicTitle(chat.topic),
      hasOlder: chat.has_older,
    }
  );
}

define('chattt', {
  data: {
    phase: 'search',
    elapsed: '',
    tier: '',
    pool: '',
    name: '',
    myFace: '',
    partnerFace: '',
    presence: 'here',
    presenceText: '',
    overText: '',
    rows: [],
    scrollTop: 0,
    below: 0,
    live: true,
    pill: '',
    olderText: '',
    draft: '',
    focus: false,
    sendable: false,
    rest: null,
    restText: '',
    panel: false,
    keyboard: 0,
    emoji: EMOJI,
    help: null,
    notify: false,
  },

  onLoad: function () {
    const self = this;
    self.list = createList(self, {
      content: listContent,
      fetchOlder: () => client.older(),
      now: () => client.serverNow(),
      atEnd: () => {
        if (self.shown && client.state().chat) client.seen();
      },
    });
    self.composer = createComposer(self, {
      max: () => client.state().limits.text,
      typing: (/** @type {boolean} */ on) => {
        client.typing(on);
      },
      resized: () => {
        self.list.resized();
      },
    });
    self.setData({ myFace: avatars.face(visit.avatar) });
    self.onSize = () => {
      self.list.resized();
    };
    if (wx.onWindowResize) wx.onWindowResize(self.onSize);
    if (client.state().user === 'idle') self.search();
  },

  onShow: function () {
    const self = this;
    self.shown = true;
    self.ticking = setInterval(() => {
      if (self.data.phase === 'search')
        update(self, describe(client.state().waiting, Date.now(), t));
    }, 1000);
    self.refresh();
  },

  onHide: function () {
    this.shown = false;
    clearInterval(this.ticking);
  },

  onUnload: function () {
    clearInterval(this.ticking);
    this.shown = false;
    if (wx.offWindowResize) wx.offWindowResize(this.onSize);
    this.keepDraft();
    if (client.state().user === 'waiting') client.cancel();
  },

  search: function () {
    const self = this;
    client.find(visit.wanted(client.state().topics)).catch((error) => {
      menus.complain(error);
      // Nothing is searched for, and the page would wait for ever.
      const refused = error.code !== 'superseded' && error.code !== 'stopped';
      if (refused && self.shown && client.state().user === 'idle') self.onBack();
    });
  },

  /** @param {import('../../sdk/onechat').State} state */
  follow: function (state) {
    if (state.welcomed && !visit.greeted) {
      visit.greeted = true;
      wx.showToast({ title: t.loggedIn, icon: 'success' });
    }
    const phase = view.phase(state);
    const chat = shownChat();
    const strip = this.data.notify;
    const moved = phase !== this.data.phase;
    if (!chat) {
      update(
        this,
        Object.assign({ phase: phase, help: null }, describe(state.waiting, Date.now(), t)),
      );
    } else {
      update(
        this,
        Object.assign(
          {
            phase: phase,
            name: view.name(chat),
            partnerFace: avatars.face(chat.partner.avatar),
            overText: view.overText(chat, t),
            olderText: chat.gap ? t.gap : chat.has_older ? t.older : '',
            notify: notify.offered && phase === 'chat' && chat.partner_state === 'away',
          },
          view.presence(chat, t),
        ),
      );
    }
    if (chat && chat.pair !== this.pair) this.begin(chat.pair);
    this.list.sync();
    this.tellPill();
    if (moved) {
      wx.setNavigationBarTitle({ title: chat ? view.name(chat) : t.title });
    }
    if (moved || strip !== this.data.notify) this.list.resized();
  },

  /** @param {string} pair */
  begin: function (pair) {
    this.keepDraft();
    this.pair = pair;
    this.helped = false;
    this.composer.put(visit.drafts[pair] || '');
    this.setData({ help: null, panel: false, restText: '' });
  },

  keepDraft: function () {
    if (this.pair) visit.drafts[this.pair] = this.composer.draft();
  },

  tellPill: function () {
    update(this, { pill: view.pill(this.data.below, t) });
  },

  // ---- the list ----

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
  onNewest: function () {
    this.list.toNewest();
  },
  /** @param {any} event */
  onText: function (event) {
    const row = this.data.rows[event.currentTarget.dataset.index];
    if (row) menus.textMenu(row);
  },

  // ---- writing ----

  /** @param {any} event */
  onInput: function (event) {
    this.composer.typed(event.detail);
    update(this, { restText: view.restText(this.data.rest, t) });
  },
  onFocus: function () {
    update(this, { panel: false });
    this.list.resized();
  },
  /** @param {any} event */
  onBlur: function (event) {
    this.composer.left(event.detail);
    update(this, { focus: false });
    this.composer.keyboard(0);
  },
  /** @param {any} event */
  onKeyboard: function (event) {
    this.composer.keyboard(event.detail.height);
  },
  onLines: function () {
    this.list.resized();
  },
  onPanel: function () {
    this.composer.togglePanel();
  },
  /** @param {any} event */
  onEmoji: function (event) {
    this.composer.insert(event.currentTarget.dataset.emoji);
  },
  onSend: function () {
    const text = this.composer.text();
    if (!this.data.sendable || !client.state().chat) return;
    // A text that fails says so by its own mark.
    client.say(text).catch(() => {});
    client.typing(false);
    this.composer.put('');
    update(this, { restText: '' });
    if (!this.helped && asksForHelp(text, help.words)) {
      this.helped = true;
      this.setData({ help: help.lines[language] });
    }
    this.list.toNewest();
  },
  onHelpClose: function () {
    this.setData({ help: null });
    this.list.resized();
  },

  // ---- leaving ----

  onCancel: function () {
    client.cancel();
    this.onBack();
  },
  onBack: function () {
    if (getCurrentPages().length > 1) wx.navigateBack();
    else wx.redirectTo({ url: '../userConsole/userConsole' });
  },
  onLeave: function () {
    ask(t.leaveAsk, t.leaveDo, () => {
      client.leave().catch(menus.complain);
    });
  },
  onNext: function () {
    ask(t.nextAsk, t.nextDo, () => {
      client.next(visit.wanted(client.state().topics)).catch(menus.complain);
    });
  },
  onAgain: function () {
    this.search();
  },
  onMore: function () {
    const chat = shownChat();
    if (chat) menus.partnerMenu(chat.pair);
  },
  onNotify: function () {
    notify.ask();
  },
});
