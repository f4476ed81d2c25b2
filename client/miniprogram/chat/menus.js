// @ts-check
// What can be done with a text and with a partner, asked by the platform's own menus.

const { client } = require('../parts/client');
const { toast, ask, write, choose } = require('../parts/page');
const { LIMITS } = require('../sdk/protocol');
const { texts, sorry } = require('../i18n/texts');

const t = texts.chattt;

/** What the banner says already, or what the user asked for, is no reason to complain. */
const EXPECTED = ['superseded', 'stopped'];

/** @param {any} error */
function complain(error) {
  if (EXPECTED.indexOf(error && error.code) < 0) toast(sorry(error));
}

/** @param {string} text */
function copy(text) {
  wx.setClipboardData({
    data: text,
    fail: () => {
      toast(texts.errors.other);
    },
  });
}

/** @typedef {{label: string, act: () => void}} Item */

/**
 * @param {Item[]} items
 * @param {string} [question]
 */
function offer(items, question) {
  choose(
    items.map((item) => item.label),
    (index) => {
      items[index].act();
    },
    question,
  );
}

/** @param {import('./rows').Row} row */
function textMenu(row) {
  /** @type {Item[]} */
  const items = [];
  const going = client.state().chat !== null;
  if (row.state === 'failed' && going) {
    items.push({
      label: texts.common.retry,
      act: function () {
        client.retry(row.id).catch(() => {});
      },
    });
    items.push({
      label: t.discard,
      act: () => {
        client.discard(row.id);
      },
    });
  }
  const young = client.serverNow() - row.at < LIMITS.recallMs;
  if (row.mine && row.seq && young && going) {
    items.push({
      label: t.recall,
      act: () => {
        client.recall(row.seq).catch(complain);
      },
    });
  }
  items.push({
    label: t.copy,
    act: () => {
      copy(row.text);
    },
  });
  offer(items, row.code ? sorry(row) : undefined);
}

/** @param {import('./rows').Row} row */
function copyMenu(row) {
  offer([
    {
      label: t.copy,
      act: () => {
        copy(row.text);
      },
    },
  ]);
}

/**
 * @param {string} pair
 */
function report(pair) {
  const reasons = /** @type {const} */ ([
    ['spam', t.spam],
    ['abuse', t.abuse],
    ['sexual', t.sexual],
    ['fraud', t.fraud],
    ['minor', t.minor],
    ['other', t.otherReason],
  ]);
  offer(
    reasons.map((reason) => {
      return {
        label: reason[1],
        act: function () {
          write(reason[1], t.reportNote, t.report, (note) => {
            client.report(pair, reason[0], note.trim()).then(() => {
              toast(t.reported);
            }, complain);
          });
        },
      };
    }),
    t.reportAsk,
  );
}

/**
 * @param {string} pair
 * @param {() => void} [then]
 */
function block(pair, then) {
  ask(t.blockAsk, t.block, () => {
    client.block(pair).then(() => {
      toast(t.blocked);
      if (then) then();
    }, complain);
  });
}

/** @param {string} pair */
function partnerMenu(pair) {
  const items = [
    {
      label: t.report,
      act: () => {
        report(pair);
      },
    },
    {
      label: t.block,
      act: () => {
        block(pair);
      },
    },
  ];
  // Only a browser's tab can sound.
  const sound = /** @type {any} */ (wx).onechatSound;
  if (sound)
    items.push({
      label: sound() ? t.soundOff : t.soundOn,
      act: () => {
        sound(!sound());
      },
    });
  offer(items);
}

module.exports = {
  textMenu: textMenu,
  copyMenu: copyMenu,
  partnerMenu: partnerMenu,
  report: report,
  block: block,
  copy: copy,
  complain: complain,
  offer: offer,
};
