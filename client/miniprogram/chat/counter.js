// @ts-check
// How long a text is, in code points as the server counts them.

/** From here on the remaining number is shown. */
const SHOWN_FROM = 100;

/**
 * @param {string} text
 * @returns {number}
 */
function codePoints(text) {
  let count = 0;
  for (let i = 0; i < text.length; ++i) {
    const unit = text.charCodeAt(i);
    const pair = unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00;
    if (pair) ++i;
    ++count;
  }
  return count;
}

/**
 * What the composer says about a draft; `rest` is null while there is plenty.
 * @param {string} text
 * @param {number} max
 * @returns {{rest: number | null, sendable: boolean}}
 */
function measure(text, max) {
  const rest = max - codePoints(text.trim());
  return { rest: rest <= SHOWN_FROM ? rest : null, sendable: rest >= 0 && text.trim() !== '' };
}

module.exports = { codePoints: codePoints, measure: measure };
