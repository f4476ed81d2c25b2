// The parts for mini programs: `wx` of WeChat, `qq` of QQ, which are alike.
"use strict";

/** @typedef {import("./onechat").ClientOptions} ClientOptions */

/** Attempts that hang count among the few sockets that an app may have; usual are 60 s. */
const connectMs = 15000;

/**
 * @param {any} wx
 * @param {string} [prefix]
 * @returns {Pick<ClientOptions, "connect" | "storage" | "login">}
 */
function platform(wx, prefix) {
  const before = prefix === undefined ? "onechat:" : prefix;
  return {
    connect: (options) => wx.connectSocket({
      url: options.url,
      protocols: options.protocols,
      tcpNoDelay: true,
      timeout: connectMs,
      fail: function () {},  // the socket's `onError` says it as well
    }),
    storage: {
      get: (key) => wx.getStorageSync(before + key),
      set: (key, value) => wx.setStorageSync(before + key, value),
      remove: (key) => wx.removeStorageSync(before + key),
    },
    login: () => new Promise((resolve, reject) => {
      // WeChat knows no `qq`; QQ knows `wx` as well.
      const provider = typeof qq === "undefined" ? "wechat" : "qq";
      wx.login({
        success: (/** @type {{code: string}} */ done) => {
          resolve({ provider: provider, code: done.code });
        },
        fail: (/** @type {any} */ error) => reject(error),
      });
    }),
  };
}

/**
 * @param {import("./onechat").Client} client
 * @param {any} wx
 */
function followPlatform(client, wx) {
  wx.onAppShow(() => client.show());
  wx.onAppHide(() => client.hide());
  wx.onNetworkStatusChange((/** @type {{isConnected: boolean}} */ now) => {
    client.networkChanged(now.isConnected);
  });
}

module.exports = { platform: platform, followPlatform: followPlatform };
