// @ts-check
// A receipt and an export as people read them. Pure.

const { fill } = require('../i18n/fill');
const { moment } = require('./time_labels');

/** Beyond any date that a calendar shows. */
const ALWAYS_MS = 8.64e15;

/**
 * @param {import('../sdk/protocol').Receipt} receipt
 * @param {Pick<typeof import('../i18n/zh'), 'privacy' | 'time'>} texts
 * @param {number} now
 * @returns {{id: string, at: string, texts: number, kept: string[]}}
 */
function readable(receipt, texts, now) {
  const words = texts.privacy;
  /** @type {Record<string, string>} */
  const names = words.kept;
  const kept = receipt.kept.map((item) => {
    const what = names[item.what] || item.what;
    if (item.until >= ALWAYS_MS) return fill(words.receiptAlways, { what: what });
    return fill(words.receiptUntil, { what: what, until: moment(item.until, now, texts.time) });
  });
  return {
    id: receipt.id,
    at: moment(receipt.at, now, texts.time),
    texts: receipt.texts,
    kept: kept.length ? kept : [words.receiptNothing],
  };
}

/**
 * One line per entry, times in a form that both people and machines read.
 * @param {readonly import('../sdk/protocol').ExportRecord[]} entries
 * @returns {string}
 */
function exportLines(entries) {
  return entries
    .map((entry) => {
      return JSON.stringify(Object.assign({}, entry, { at: new Date(entry.at).toISOString() }));
    })
    .join('\n');
}

module.exports = { readable: readable, exportLines: exportLines };
