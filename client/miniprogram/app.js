// @ts-check

const consent = require('./parts/consent');
const look = require('./parts/look');
const { client } = require('./parts/client');
const visit = require('./visit');

App({
  onLaunch: function () {
    consent.hook();
    if (wx.onThemeChange)
      wx.onThemeChange(() => {
        look.paintBar();
      });
    client.on('state', (state) => {
      const { why } = state.connection;
      if (why === 'erased' || why === 'logged_out') visit.forget();
    });
    const tell = /** @type {any} */ (wx).onechatNotify;
    if (tell) {
      client.on('event', (event) => {
        if (event.kind === 'text' && event.from === 'partner') tell();
      });
    }
    // Nobody is logged in before having agreed.
    if (visit.agreed()) client.start();
  },
});
