// @ts-check
// Who I am for this visit. Nickname and avatar live in memory only, as pages/chat promises; the
// topics are a preference and are remembered on the device. Where storage is full or forbidden, both
// last as long as the app.

const { AVATARS } = require('./sdk/protocol');

const TOPICS_KEY = 'topics';
const AGREED_KEY = 'agreed';
/** Raise it when the terms change: everybody is asked again. */
const TERMS_VERSION = 1;

/** What storage would not take. @type {Record<string, any>} */
const unwritten = {};

/** @param {string} key */
function read(key) {
  if (key in unwritten) return unwritten[key];
  try {
    return wx.getStorageSync(key);
  } catch (error) {
    return undefined;
  }
}

/**
 * @param {string} key
 * @param {any} value
 */
function write(key, value) {
  try {
    wx.setStorageSync(key, value);
    delete unwritten[key];
  } catch (error) {
    unwritten[key] = value;
  }
}

/** @returns {string} */
function anyAvatar() {
  return AVATARS[Math.floor(Math.random() * AVATARS.length)];
}

const visit = {
  nickname: '',
  avatar: anyAvatar(),
  /** Whether 登录成功 was shown. */
  greeted: false,
  /** What is written but not sent in the chat whose page was left. */
  draft: { pair: '', text: '' },

  /** Whoever comes next is somebody else. */
  forget: function () {
    visit.nickname = '';
    visit.avatar = anyAvatar();
    visit.greeted = false;
    visit.draft = { pair: '', text: '' };
  },

  /** @returns {string[]} */
  topics: function () {
    const kept = read(TOPICS_KEY);
    return Array.isArray(kept) ? kept : [];
  },
  /** @param {string[]} ids */
  keepTopics: function (ids) {
    write(TOPICS_KEY, ids);
  },

  /** @returns {boolean} */
  agreed: function () {
    return read(AGREED_KEY) === TERMS_VERSION;
  },
  agree: function () {
    write(AGREED_KEY, TERMS_VERSION);
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
