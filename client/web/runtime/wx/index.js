// The `wx` of the browser: what the pages use of WeChat's, and the few things that start with
// `onechat`, which pages must ask for before they use them.
import { attentionApi } from './attention.js';
import { dialogApi } from './dialogs.js';
import { navigationApi } from './navigation.js';
import { platformApi } from './platform.js';
import { socketApi } from './sockets.js';
import { storageApi } from './storage.js';
import { systemApi } from './system.js';

// The server that the page came from.
function ownServer({ protocol, host }) {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ws`;
}

export function makeWx({ program, stack, life, store, stage }) {
  const storage = storageApi(store);
  const dialogs = dialogApi();
  return {
    ...socketApi(WebSocket),
    ...storage,
    ...dialogs,
    ...navigationApi(stack),
    ...systemApi(stage, program.app, dialogs.showToast),
    ...platformApi(),
    ...attentionApi(storage),
    onAppShow: (listener) => life.on('show', listener),
    offAppShow: (listener) => life.off('show', listener),
    onAppHide: (listener) => life.on('hide', listener),
    offAppHide: (listener) => life.off('hide', listener),
    getLaunchOptionsSync: () => life.options,
    getEnterOptionsSync: () => life.options,
    onechatServer: ownServer(window.location),
  };
}
