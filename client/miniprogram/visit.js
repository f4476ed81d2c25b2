// @ts-check
// Who I am for this visit. Nickname and avatar live in memory only, as pages/chat promises; the
// topics are a preference and are remembered on the device.

const { AVATARS } = require('./sdk/protocol');

const TOPICS_KEY = 'topics';
const AGREED_KEY = 'agreed';
/** Raise it when the terms change: everybody is asked again. */
const TERMS_VERSION = 1;

const visit = {
  nickname: '',
  avatar: AVATARS[Math.floor(Math.random() * AVATARS.length)],
  /** Whether 登录成功 was shown. */
  greeted: false,
  /** What is written but not sent, by pair, while the page is left. */
  drafts: /** @type {Record<string, string>} */ ({}),

  /** @returns {string[]} */
  topics: function () {
    const kept = wx.getStorageSync(TOPICS_KEY);
    return Array.isArray(kept) ? kept : [];
  },
  /** @param {string[]} ids */
  keepTopics: function (ids) {
    wx.setStorageSync(TOPICS_KEY, ids);
  },

  /** @returns {boolean} */
  agreed: function () {
    return wx.getStorageSync(AGREED_KEY) === TERMS_VERSION;
  },
  agree: function () {
    wx.setStorageSync(AGREED_KEY, TERMS_VERSION);
  },

  /**
   * What `find` and `next` take. A topic that is offered no more would be refused.
   * @param {readonly {id: string}[]} offered
   * @returns {import('./sdk/onechat').Wanted}
   */
  wanted: function (offered) {
    const topics = visit.topics().filter((id) => {
      return offered.some((topic) => topic.id === id);
    });
    return { topics: topics, nickname: visit.nickname, avatar: /** @type {any} */ (visit.avatar) };
  },
};

module.exports = visit;
