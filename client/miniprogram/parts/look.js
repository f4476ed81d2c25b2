// @ts-check
// What follows the device: the size of its font, its language's fonts, and the colours of the bar above the page. In
// WeChat app.json could name those by variables of a theme.json; QQ knows no variables, so they are
// set here.

const { platform } = require('./client');
const { language } = require('../i18n/texts');

const BARS = {
  light: { frontColor: '#000000', backgroundColor: '#f7f4ef' },
  dark: { frontColor: '#ffffff', backgroundColor: '#1a1816' },
};

/** What `fontSizeSetting` says when nobody has changed it. */
const FONT_SIZE_USUAL = 17;
/** A phone's font sizes reach from 0.85 to about 1.6 of the usual; layouts here hold up to that. */
const SCALE_MIN = 0.85;
const SCALE_MAX = 1.6;

/** @returns {any} */
function device() {
  return wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync();
}

/**
 * The style of a page's root.
 * @returns {string}
 */
function skin() {
  const info = device();
  const scale =
    Number(info.fontSizeScaleFactor) || Number(info.fontSizeSetting) / FONT_SIZE_USUAL || 1;
  const size = Math.min(SCALE_MAX, Math.max(SCALE_MIN, scale)).toFixed(2);
  return '--s:' + size + ';--letters:var(--letters-' + language + ')';
}

function paintBar() {
  const bar = device().theme === 'dark' ? BARS.dark : BARS.light;
  wx.setNavigationBarColor(bar);
  // Behind the page, where it is pulled beyond its end.
  if (wx.setBackgroundColor) wx.setBackgroundColor({ backgroundColor: bar.backgroundColor });
}

/**
 * The accent of styles/tokens.wxss, for what the platform draws. The web client has one of its own,
 * which follows the device also while it is shown.
 * @returns {string | undefined}
 */
function accent() {
  if (platform === 'web') return undefined;
  return device().theme === 'dark' ? '#7fcbab' : '#1f6f58';
}

module.exports = { skin: skin, paintBar: paintBar, accent: accent };
