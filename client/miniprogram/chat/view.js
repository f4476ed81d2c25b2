// @ts-check
// What the page of a chat shows of the client's state. Pure.

const { fill } = require('../i18n/fill');
const names = require('../i18n/names');

/** @typedef {import('../sdk/onechat').State} State */
/** @typedef {import('../sdk/onechat').ChatState} ChatState */
/** @typedef {typeof import('../i18n/zh').chattt} Words */

/**
 * @param {State} state
 * @returns {'search' | 'chat' | 'over'}
 */
function phase(state) {
  if (state.chat) return 'chat';
  return state.ended && !state.waiting ? 'over' : 'search';
}

/**
 * @param {ChatState} chat
 * @param {'zh' | 'en'} language
 * @returns {string}
 */
function name(chat, language) {
  return chat.partner.nickname || names.alias(language, chat.partner.alias);
}

/**
 * The line under the name. A nickname alone would hide by which name the record will be found.
 * @param {ChatState} chat
 * @param {Words} words
 * @param {'zh' | 'en'} language
 * @returns {{presence: string, presenceText: string}}
 */
function presence(chat, words, language) {
  const alias = chat.partner.nickname ? names.alias(language, chat.partner.alias) + ' · ' : '';
  if (chat.end) return { presence: 'left', presenceText: alias + words.left };
  if (chat.typing) return { presence: 'typing', presenceText: words.typing };
  return { presence: chat.partner_state, presenceText: alias + words[chat.partner_state] };
}

/**
 * @param {ChatState} chat
 * @param {Words} words
 * @returns {string}
 */
function overText(chat, words) {
  if (!chat.end) return words.overTitle;
  if (chat.end.reason === 'timeout') return words.timedOut;
  return chat.end.by === 'me' ? words.youLeft : words.theyLeft;
}

/**
 * @param {number | null} rest
 * @param {Words} words
 * @returns {string}
 */
function restText(rest, words) {
  if (rest === null) return '';
  return fill(rest < 0 ? words.tooLong : words.rest, { count: Math.abs(rest) });
}

/**
 * @param {number} below
 * @param {Words} words
 * @returns {string}
 */
function pill(below, words) {
  return below ? fill(words.newTexts, { count: below }) : words.toNewest;
}

module.exports = {
  phase: phase,
  name: name,
  presence: presence,
  overText: overText,
  restText: restText,
  pill: pill,
};
