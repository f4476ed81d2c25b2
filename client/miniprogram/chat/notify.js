// @ts-check
// Consent to one message from the platform when the partner is back. It may only be
// asked for from a tap.

const { client, templates: configured } = require('../parts/client');
const { toast } = require('../parts/page');
const { texts } = require('../i18n/texts');

/** @type {string[]} */
const templates = configured;

/** Whether this platform and this operator offer it at all. */
const offered = templates.length > 0 && Boolean(wx.requestSubscribeMessage);

/** @param {() => void} told that the server will */
function ask(told) {
  wx.requestSubscribeMessage({
    tmplIds: templates,
    success: function (/** @type {any} */ answer) {
      const accepted = templates.filter((id) => answer[id] === 'accept');
      if (!accepted.length) return;
      client.notify(accepted).then(
        () => {
          told();
          toast(texts.chattt.notified);
        },
        () => {
          toast(texts.errors.other);
        },
      );
    },
  });
}

module.exports = { offered: offered, ask: ask };
