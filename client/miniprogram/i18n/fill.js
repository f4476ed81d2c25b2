// @ts-check

/**
 * Puts values where a text has {name}.
 * @param {string} text
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

module.exports = { fill: fill };
