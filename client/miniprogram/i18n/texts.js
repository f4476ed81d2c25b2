// @ts-check
// The texts in the language of the device: Chinese where that is any kind of Chinese, else English.

const { fill } = require('./fill');

/** @returns {string} */
function deviceLanguage() {
  const info = wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync();
  return String(info.language || 'zh');
}

/** @type {'zh' | 'en'} */
const language = /^zh/i.test(deviceLanguage()) ? 'zh' : 'en';

/** @type {typeof import('./zh')} */
const texts = language === 'zh' ? require('./zh') : require('./en');

/**
 * A sentence for what a promise of the client rejected with.
 * @param {{code?: string}} error
 * @returns {string}
 */
function sorry(error) {
  /** @type {Record<string, string>} */
  const known = texts.errors;
  return known[(error && error.code) || 'other'] || texts.errors.other;
}

module.exports = { texts: texts, language: language, fill: fill, sorry: sorry };
