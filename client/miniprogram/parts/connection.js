// @ts-check
// What the banner at the top of a page says about the connection. Pure.

const { fill } = require('../i18n/fill');

/** For how long a search for a connection is nobody's business, so that nothing flickers. */
const QUIET_MS = 1200;

/** @typedef {{text: string, action: string, tone: 'calm' | 'bad'}} Banner */

/**
 * @param {import('../sdk/onechat').ConnectionState} connection
 * @param {number} lostFor how long it is not online, in ms
 * @param {typeof import('../i18n/zh').connection} words
 * @param {(until: number) => string} date
 * @returns {Banner | null}
 */
function banner(connection, lostFor, words, date) {
  if (connection.status === 'online') return null;
  if (connection.status !== 'stopped') {
    if (lostFor < QUIET_MS) return null;
    return {
      text: connection.status === 'offline' ? words.offline : words.connecting,
      action: '',
      tone: 'calm',
    };
  }
  switch (connection.why) {
    case 'replaced':
      return { text: words.replaced, action: words.replacedDo, tone: 'calm' };
    case 'login_required':
    case 'logged_out':
      return { text: words.loggedOut, action: words.loggedOutDo, tone: 'calm' };
    case 'login_failed':
      return { text: words.loginFailed, action: words.loggedOutDo, tone: 'bad' };
    case 'login_risky':
      return { text: words.loginRisky, action: '', tone: 'bad' };
    case 'banned':
      return {
        text: connection.until
          ? fill(words.banned, { until: date(connection.until) })
          : words.bannedOpen,
        action: '',
        tone: 'bad',
      };
    case 'protocol_error':
      return { text: words.protocolError, action: '', tone: 'bad' };
    case 'erased':
      return { text: words.erased, action: words.erasedDo, tone: 'calm' };
    default:
      return null;
  }
}

module.exports = { banner: banner, QUIET_MS: QUIET_MS };
