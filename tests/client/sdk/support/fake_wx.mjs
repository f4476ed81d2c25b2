// A strict `wx`: five sockets at most, protocols as an array, no send before open, short reasons.
// Whatever breaks a rule of the platform is noted in `breaches`. The other end of each socket is a
// `Line`, which is handed to `accept`.
const latency = 10;

export class FakeWx {
  constructor(clock, accept) {
    this.clock = clock;
    this.accept = accept;
    this.values = new Map();
    this.breaches = [];
    this.lines = [];
    this.urls = [];
    this.codes = 0;
    this.refuses = false; // sockets fail to connect
    this.hangs = false; // sockets neither connect nor fail
  }

  connectSocket({ url, protocols, fail }) {
    this.urls.push(url);
    if (!Array.isArray(protocols)) this.breaches.push('protocols is no array');
    if (this.lines.filter((line) => !line.isGone).length >= 5) {
      this.breaches.push('more than five sockets');
      fail?.({ errMsg: 'connectSocket:fail exceed max' });
      return undefined;
    }
    const line = new Line(this);
    this.lines.push(line);
    if (this.refuses) {
      this.clock.setTimeout(() => line.fail(), latency);
    } else if (!this.hangs) {
      this.clock.setTimeout(() => line.open(), latency);
    }
    return line.task;
  }

  get live() {
    return this.lines.filter((line) => !line.isGone);
  }

  getStorageSync(key) {
    if (this.storageIsBroken) throw new Error('getStorageSync:fail');
    return this.values.get(key) ?? '';
  }

  setStorageSync(key, value) {
    if (this.storageIsBroken) throw new Error('setStorageSync:fail exceed storage max size');
    this.values.set(key, value);
  }

  removeStorageSync(key) {
    if (this.storageIsBroken) throw new Error('removeStorageSync:fail');
    this.values.delete(key);
  }

  login({ success, fail }) {
    const code = `code-${++this.codes}`;
    this.clock.setTimeout(
      () => (this.loginFails ? fail({ errMsg: 'login:fail' }) : success({ code })), latency);
  }

  onAppShow(heard) {
    this.appShow = heard;
  }

  onAppHide(heard) {
    this.appHide = heard;
  }

  onNetworkStatusChange(heard) {
    this.networkStatusChange = heard;
  }
}

// One socket as the server sees it, and as its `task` for the client.
export class Line {
  constructor(wx) {
    this.wx = wx;
    this.clock = wx.clock;
    this.isOpen = false;
    this.isGone = false; // for the platform: it counts no more
    this.isDead = false; // nothing gets through any more, and nobody is told
    this.heard = []; // by the server, parsed
    this.on = {};
    this.task = {
      onOpen: (heard) => (this.on.open = heard),
      onMessage: (heard) => (this.on.message = heard),
      onClose: (heard) => (this.on.close = heard),
      onError: (heard) => (this.on.error = heard),
      send: (options) => this.send(options),
      close: (options) => this.closeByClient(options),
    };
  }

  open() {
    if (this.isGone) return;
    this.isOpen = true;
    this.wx.accept?.(this);
    this.on.open?.({ header: {} });
  }

  fail() {
    this.isGone = true;
    this.on.error?.({ errMsg: 'connect fail' });
    this.on.close?.({ code: 1006, reason: 'abnormal closure' });
  }

  send({ data, fail }) {
    if (!this.isOpen || this.isGone) {
      this.wx.breaches.push('send on a socket that is not open');
      fail?.({ errMsg: 'sendSocketMessage:fail' });
      return;
    }
    if (this.isDead) return;
    this.clock.setTimeout(() => {
      if (this.isGone || this.isDead) return;
      const message = JSON.parse(data);
      this.heard.push(message);
      this.hear?.(message);
    }, latency);
  }

  closeByClient({ code = 1000, reason = '' }) {
    if (Buffer.byteLength(reason) > 123) this.wx.breaches.push('a reason above 123 bytes');
    if (code !== 1000 && !(code >= 3000 && code <= 4999)) this.wx.breaches.push(`code ${code}`);
    if (!this.isOpen) return; // some platforms don't listen while they connect
    this.isGone = true;
    this.closedByClient = { code, reason };
    this.hearClose?.();
    this.clock.setTimeout(() => this.on.close?.({ code, reason }), latency);
  }

  // ---- what the server does ----

  say(message, { bytes = false } = {}) {
    const text = JSON.stringify(message);
    const data = bytes ? new TextEncoder().encode(text).buffer : text;
    this.clock.setTimeout(() => {
      if (!this.isGone && !this.isDead) this.on.message?.({ data });
    }, latency);
  }

  // `onClose` comes with this code, whoever ended it.
  close(code, reason = '') {
    this.clock.setTimeout(() => {
      if (this.isGone || this.isDead) return;
      this.isGone = true;
      this.on.close?.({ code, reason });
    }, latency);
  }

  bye(code, more = {}) {
    this.say({ t: 'bye', code, reason: 'because', ...more });
    this.close(code);
  }

  // The network is gone, and the platform does not notice.
  die() {
    this.isDead = true;
  }

  // ---- what a test looks at ----

  all(type) {
    return this.heard.filter((message) => message.t === type);
  }

  last(type) {
    return this.all(type).pop();
  }
}
