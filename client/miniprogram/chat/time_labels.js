// @ts-check
// Times as people read them. Pure: the moment and the language's words are arguments.

const { fill } = require('../i18n/fill');

const DAY_MS = 24 * 60 * 60 * 1000;

/** @typedef {typeof import('../i18n/zh').time} TimeTexts */

/**
 * @param {number} n
 * @returns {string}
 */
function two(n) {
  return (n < 10 ? '0' : '') + n;
}

/**
 * @param {Date} at
 * @returns {string}
 */
function clock(at) {
  return two(at.getHours()) + ':' + two(at.getMinutes());
}

/**
 * Midnights between two moments on this device's calendar. Rounding swallows the hour of a change
 * to summer time.
 * @param {Date} from
 * @param {Date} to
 * @returns {number}
 */
function daysBetween(from, to) {
  const start = new Date(from.getFullYear(), from.getMonth(), from.getDate()).getTime();
  const end = new Date(to.getFullYear(), to.getMonth(), to.getDate()).getTime();
  return Math.round((end - start) / DAY_MS);
}

/**
 * The day alone, empty for today.
 * @param {number} at
 * @param {number} now
 * @param {TimeTexts} words
 * @returns {string}
 */
function day(at, now, words) {
  const then = new Date(at);
  const today = new Date(now);
  const days = daysBetween(then, today);
  if (days === 0) return '';
  if (days === 1) return words.yesterday;
  if (days > 1 && days < 7)
    return fill(words.weekday, { day: words.weekdays.split(',')[then.getDay()] });
  return fill(then.getFullYear() === today.getFullYear() ? words.monthDay : words.fullDate, {
    year: then.getFullYear(),
    month: words.months.split(',')[then.getMonth()],
    day: then.getDate(),
  });
}

/**
 * Day and time, as it stands between texts.
 * @param {number} at
 * @param {number} now
 * @param {TimeTexts} words
 * @returns {string}
 */
function moment(at, now, words) {
  return (day(at, now, words) + ' ' + clock(new Date(at))).trim();
}

/**
 * The short form for lists: the time today, else the day.
 * @param {number} at
 * @param {number} now
 * @param {TimeTexts} words
 * @returns {string}
 */
function brief(at, now, words) {
  return day(at, now, words) || clock(new Date(at));
}

/**
 * How long something has lasted, as 0:07.
 * @param {number} ms
 * @returns {string}
 */
function lasted(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return Math.floor(seconds / 60) + ':' + two(seconds % 60);
}

module.exports = { moment: moment, brief: brief, lasted: lasted };
