// @ts-check
// Whether a text has one of the help words. Looks at one's own text, on this device only.

/**
 * Spaces and case don't matter, so that "Kill  Myself" and "不 想 活" are found.
 * @param {string} text
 * @returns {string}
 */
function plain(text) {
  return text.toLowerCase().replace(/\s+/g, '');
}

/**
 * @param {string} text
 * @param {readonly string[]} words
 * @returns {boolean}
 */
function asksForHelp(text, words) {
  const said = plain(text);
  return words.some((word) => said.indexOf(plain(word)) >= 0);
}

module.exports = { asksForHelp: asksForHelp };
