// @ts-check
// What the search page says: for how long, among how many, and who would do. Pure.

const { fill } = require('../i18n/fill');
const { lasted } = require('./time_labels');

/**
 * @param {import('../sdk/onechat').WaitingState | null} waiting
 * @param {number} now by this device's clock
 * @param {typeof import('../i18n/zh').chattt} words
 * @returns {{elapsed: string, tier: string, pool: string}}
 */
function describe(waiting, now, words) {
  if (!waiting) return { elapsed: '', tier: '', pool: '' };
  const tiers = [words.tier0, words.tier1, words.tier2];
  const pool =
    waiting.pool === null
      ? ''
      : waiting.pool === '0'
        ? words.poolNobody
        : fill(words.pool, { count: waiting.pool });
  return {
    elapsed: fill(words.elapsed, { time: lasted(now - waiting.since) }),
    tier: tiers[waiting.tier] || words.tier2,
    pool: pool,
  };
}

module.exports = { describe: describe };
