// @ts-check
// WeChat asks for consent before some of its functions run (nickname, clipboard). It then calls the
// hook, which shows the sheet of parts/consent.wxml on the page in front; platforms that have no
// such hook never do.

/** @type {((answer: any) => void)[]} */
let waiting = [];

/** @param {any} answer */
function answer(answer) {
  waiting.splice(0).forEach((resolve) => {
    resolve(answer);
  });
}

function hook() {
  if (!wx.onNeedPrivacyAuthorization) return;
  // The typings take what is passed for a plain result; it is the function that answers.
  wx.onNeedPrivacyAuthorization((/** @type {any} */ resolve) => {
    const pages = getCurrentPages();
    const page = pages[pages.length - 1];
    if (!page) {
      resolve({ event: 'disagree' });
      return;
    }
    waiting.push(resolve);
    page.setData({ consent: true });
  });
}

/** The sheet's two buttons, as methods of every page. */
const methods = {
  /** @this {any} */
  onConsent: function () {
    this.setData({ consent: false });
    answer({ event: 'agree', buttonId: 'consent-agree' });
  },
  /** @this {any} */
  onRefusal: function () {
    this.setData({ consent: false });
    answer({ event: 'disagree' });
  },
};

/**
 * A page that goes with its sheet open has not been agreed to, and WeChat waits for an answer.
 * @param {any} page
 */
function gone(page) {
  if (page.data.consent) answer({ event: 'disagree' });
}

module.exports = { hook: hook, gone: gone, methods: methods };
