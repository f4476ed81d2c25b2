// The parts for a page in a browser: its `WebSocket` in the shape of a `SocketTask`.
"use strict";

/** @typedef {import("./onechat").ClientOptions} ClientOptions */

/**
 * @param {any} window
 * @param {string} [prefix]
 * @returns {Pick<ClientOptions, "connect" | "storage" | "login">}
 */
function browser(window, prefix) {
  const before = prefix === undefined ? "onechat:" : prefix;
  return {
    connect: (options) => socketTask(new window.WebSocket(options.url, options.protocols)),
    storage: {
      get: (key) => window.localStorage.getItem(before + key),
      set: (key, value) => window.localStorage.setItem(before + key, value),
      remove: (key) => window.localStorage.removeItem(before + key),
    },
    login: () => Promise.resolve({ provider: "guest" }),
  };
}

/**
 * @param {any} socket
 * @returns {import("./onechat").SocketTask}
 */
function socketTask(socket) {
  socket.binaryType = "arraybuffer";
  return {
    onOpen: (heard) => { socket.onopen = heard; },
    onMessage: (heard) => { socket.onmessage = heard; },
    onClose: (heard) => { socket.onclose = heard; },
    onError: (heard) => { socket.onerror = heard; },
    send: (options) => socket.send(options.data),
    close: (options) => socket.close(options.code, options.reason),
  };
}

/**
 * @param {import("./onechat").Client} client
 * @param {any} window
 */
function followBrowser(client, window) {
  window.document.addEventListener("visibilitychange", () => {
    if (window.document.hidden) {
      client.hide();
    } else {
      client.show();
    }
  });
  window.addEventListener("online", () => client.networkChanged(true));
  window.addEventListener("offline", () => client.networkChanged(false));
}

module.exports = { browser: browser, followBrowser: followBrowser };
