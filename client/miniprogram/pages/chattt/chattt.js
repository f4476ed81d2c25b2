// @ts-check
// The search, and then the chat.

const avatars = require('../../art/avatars');
const help = require('../../help');
const { client } = require('../../parts/client');
const navigation = require('../../parts/navigation');
const { define, update, ask } = require('../../parts/page');
const { createComposer, EMOJI } = require('../../chat/composer');
const { asksForHelp } = require('../../chat/help_words');
const { createList } = require('../../chat/list');
const menus = require('../../chat/menus');
const notify = require('../../chat/notify');
const { describe } = require('../../chat/search');
const view = require('../../chat/view');
const names = require('../../i18n/names');
const { texts, language } = require('../../i18n/texts');
const visit = require('../../visit');

const t = texts.chattt;
const TOPICS = 'pages/userConsole/userConsole';

/** @param {string | null} topic */
function topicTitle(topic) {
  const found = client.state().topics.filter((one) => one.id === topic)[0];
  return found ? names.topic(language, found).title : '';
}

/** @returns {number} */
function outboxCount() {
  const { chat } = client.state();
  return chat ? chat.outbox.length : 0;
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

  /** @param {Record<string, string>} query `going`: to a chat, and not to search */
  onLoad: function (query) {
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
    if (client.state().user === 'idle' && !query.going) self.search();
  },

  onShow: function () {
    const self = this;
    self.shown = true;
    clearInterval(self.ticking);
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
    client.find(visit.wanted(client.state().topics)).catch(menus.complain);
  },

  /**
   * Where nothing is searched for the page would wait for ever: the server has refused it, or
   * another page of the same person has ended it. A search that was stopped by the connection goes
   * on when the user has started it again.
   * @param {import('../../sdk/onechat').State} state
   */
  watchSearch: function (state) {
    if (state.user !== 'idle' || view.phase(state) !== 'search') return;
    const { status } = state.connection;
    if (status === 'stopped') {
      this.paused = true;
    } else if (state.welcomed && status === 'online' && this.shown) {
      if (this.paused) this.search();
      else this.onTopics();
      this.paused = false;
    }
  },

  /** @param {import('../../sdk/onechat').State} state */
  follow: function (state) {
    if (state.welcomed && !visit.greeted) {
      visit.greeted = true;
      wx.showToast({ title: t.loggedIn, icon: 'success' });
    }
    this.watchSearch(state);
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
            name: view.name(chat, language),
            partnerFace: avatars.face(chat.partner.avatar),
            overText: view.overText(chat, t),
            olderText: chat.gap ? t.gap : chat.has_older ? t.older : '',
            notify:
              notify.offered &&
              phase === 'chat' &&
              chat.partner_state === 'away' &&
              this.notified !== chat.pair,
          },
          view.presence(chat, t, language),
        ),
      );
    }
    if (chat && chat.pair !== this.pair) this.begin(chat.pair);
    this.list.sync();
    this.tellPill();
    if (moved) {
      wx.setNavigationBarTitle({ title: chat ? view.name(chat, language) : t.title });
    }
    if (moved || strip !== this.data.notify) this.list.resized();
  },

  /** @param {string} pair */
  begin: function (pair) {
    this.keepDraft();
    this.pair = pair;
    this.helped = false;
    this.composer.put(visit.draft.pair === pair ? visit.draft.text : '');
    this.setData({ help: null, panel: false, restText: '' });
  },

  keepDraft: function () {
    if (this.pair) visit.draft = { pair: this.pair, text: this.composer.draft() };
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
    const waiting = outboxCount();
    if (!this.data.sendable) return;
    const said = client.say(text);
    if (outboxCount() === waiting) {
      // It was not taken, and stays where it was written.
      said.catch(menus.complain);
      return;
    }
    // From here on a text that fails says so by its own mark.
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
    this.onTopics();
  },
  onTopics: function () {
    navigation.back(this, TOPICS);
  },
  onLeave: function () {
    this.askOf(t.leaveAsk, t.leaveDo, () => {
      client.leave().catch(menus.complain);
    });
  },
  onNext: function () {
    this.askOf(t.nextAsk, t.nextDo, () => {
      client.next(visit.wanted(client.state().topics)).catch(menus.complain);
    });
  },
  /**
   * A question about this chat: by the time it is answered there may be another one.
   * @param {string} question
   * @param {string} answer
   * @param {() => void} act
   */
  askOf: function (question, answer, act) {
    const asked = client.state().chat;
    ask(question, answer, () => {
      const { chat } = client.state();
      if (asked && chat && chat.pair === asked.pair) act();
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
    const chat = client.state().chat;
    notify.ask(() => {
      this.notified = chat && chat.pair;
      this.refresh();
    });
  },
});
