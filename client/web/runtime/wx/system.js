// What wx tells of the device, and its few small services.
import { language, words } from '../language.js';
import { theme } from '../page.js';
import { Failure, answer } from './reply.js';

const browser = 'browser';

function windowInfo(stage) {
  const { clientWidth: width, clientHeight: height } = stage;
  return {
    pixelRatio: window.devicePixelRatio, statusBarHeight: 0, screenTop: 0,
    windowWidth: width, windowHeight: height,
    screenWidth: window.screen.width, screenHeight: window.screen.height,
    safeArea: { left: 0, top: 0, right: width, bottom: height, width, height },
  };
}

// 17 in WeChat where a browser says 16.
const fontSize = () => Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize)
  * 17 / 16);

const appInfo = (dark) => ({
  SDKVersion: '3.0.0', version: browser, host: { appId: '', env: browser }, language,
  theme: dark ? theme() : 'light', fontSizeSetting: fontSize(), enableDebug: false,
});

// Without TLS there is no clipboard interface; the old way still works.
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  if (!copied) throw new Failure('not allowed');
  return undefined;
}

function network() {
  const isConnected = navigator.onLine;
  return { isConnected, networkType: isConnected ? 'wifi' : 'none' };
}

// Functions onX and offX that pass on what `watch(tell)` sees.
function announced(name, watch) {
  const listeners = new Set();
  watch((event) => [...listeners].forEach((listener) => listener(event)));
  return {
    [`on${name}`]: (listener) => void listeners.add(listener),
    [`off${name}`]: (listener) => void (listener ? listeners.delete(listener) : listeners.clear()),
  };
}

export function systemApi(stage, { darkmode }, toast) {
  return {
    getWindowInfo: () => windowInfo(stage),
    getAppBaseInfo: () => appInfo(darkmode),
    getDeviceInfo: () => ({ platform: browser, system: browser, brand: browser, model: browser }),
    getSystemSetting: () => ({ deviceOrientation: 'portrait' }),
    getSystemInfoSync: () => ({ ...windowInfo(stage), ...appInfo(darkmode), platform: browser }),
    getNetworkType: (options) => answer('getNetworkType', options, network),
    vibrateShort: (options) => answer('vibrateShort', options, () => {
      navigator.vibrate?.(15);
    }),
    hideKeyboard: (options) => answer('hideKeyboard', options, () => document.activeElement.blur()),
    setClipboardData: (options) => answer('setClipboardData', options, async () => {
      await copy(options.data);
      toast({ title: words.copied, icon: 'none' });
    }),
    ...announced('NetworkStatusChange', (tell) => {
      for (const change of ['online', 'offline']) {
        window.addEventListener(change, () => tell(network()));
      }
    }),
    ...announced('ThemeChange', (tell) => {
      if (!darkmode) return;
      matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
        tell({ theme: theme() }));
    }),
    ...announced('WindowResize', (tell) => {
      window.addEventListener('resize', () => {
        const { windowWidth, windowHeight } = windowInfo(stage);
        tell({ size: { windowWidth, windowHeight } });
      });
    }),
    // A browser makes room for its keyboard by itself.
    ...announced('KeyboardHeightChange', () => {}),
  };
}
