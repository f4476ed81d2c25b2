// @ts-check
// Writing a text: draft, counter, emoji, keyboard. The page has the data `draft`, `sendable`,
// `rest`, `panel`, `keyboard`.

const { measure } = require('./counter');
const { update } = require('../parts/page');

/** Of the device's own font; frequent ones first. */
const EMOJI = (
  '😀 😄 😂 🤣 😊 😉 😍 😘 😜 🤔 😏 😐 🙄 😴 😌 😢 😭 😤 😡 😱 😳 🥺 😅 🤗 🙈 👋 👍 👎 👏 🙏 💪 ✌️ 👌 ' +
  '❤️ 💔 🎉 🌹 🌙 ☀️ ⭐ 🔥 🎵 📚 ☕ 🍜 🍰 🐱 🐶'
).split(' ');

/**
 * @param {any} page
 * @param {{max: () => number, typing: (on: boolean) => void, resized: () => void}} options
 */
function createComposer(page, options) {
  let draft = '';
  let cursor = 0;

  function judge() {
    update(page, measure(draft, options.max()));
  }

  /**
   * Puts a text into the field. The field owns what is typed, so `draft` in the page's data lags
   * behind; a value equal to the old one would not reach the field.
   * @param {string} text
   */
  function put(text) {
    page.setData({ draft: draft });
    draft = text;
    cursor = text.length;
    page.setData({ draft: text });
    judge();
  }

  return {
    emoji: EMOJI,

    /** @returns {string} */
    text: function () {
      return draft.trim();
    },

    /** @returns {string} */
    draft: function () {
      return draft;
    },

    put: put,

    /** @param {{value: string, cursor?: number}} field */
    typed: function (field) {
      draft = field.value;
      cursor = field.cursor === undefined ? draft.length : field.cursor;
      judge();
      options.typing(draft !== '');
    },

    /** @param {{cursor?: number}} field */
    left: function (field) {
      if (field.cursor !== undefined) cursor = field.cursor;
    },

    /** @param {string} emoji */
    insert: function (emoji) {
      const at = Math.min(cursor, draft.length);
      put(draft.slice(0, at) + emoji + draft.slice(at));
      cursor = at + emoji.length;
      options.typing(true);
    },

    togglePanel: function () {
      page.setData({ panel: !page.data.panel, focus: page.data.panel }, options.resized);
    },

    /** @param {number} height */
    keyboard: function (height) {
      const data = height > 0 ? { keyboard: height, panel: false } : { keyboard: 0 };
      update(page, data);
      options.resized();
    },
  };
}

module.exports = { createComposer: createComposer, EMOJI: EMOJI };
