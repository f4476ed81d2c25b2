// A client that writes its bytes by hand and takes HTTP answers and WebSocket frames apart by
// itself, so that a test can say what no decent client would. Knows nothing of what is said.
import { connect } from 'node:net';
import { connect as connectOverTls } from 'node:tls';
import { patience } from './patience.mjs';
import { overTls, trusting } from './tls.mjs';

const mask = [0x12, 0x00, 0xff, 0x7b];

export const op = { more: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 };

export const upgrade = (lines = [], first = 'GET /ws HTTP/1.1') =>
  [first, 'Host: a', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', ...lines, '', ''].join('\r\n');

// `declared`: the length that the header speaks of, whatever follows.
export function frame(code, payload = '', options = {}) {
  const { fin = true, rsv = 0, masked = true, declared } = options;
  const body = Buffer.from(payload);
  const length = BigInt(declared ?? body.length);
  const mark = masked ? 0x80 : 0;
  let header;
  if (length < 126n) {
    header = Buffer.from([0, mark | Number(length)]);
  } else if (length < 65_536n) {
    header = Buffer.from([0, mark | 126, 0, 0]);
    header.writeUInt16BE(Number(length), 2);
  } else {
    header = Buffer.from([0, mark | 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    header.writeBigUInt64BE(length, 2);
  }
  header[0] = (fin ? 0x80 : 0) | (rsv << 4) | code;
  const covered = masked ? body.map((byte, at) => byte ^ mask[at % 4]) : body;
  return Buffer.concat([header, Buffer.from(masked ? mask : []), covered]);
}

export const closeFrame = (code, reason = '') => {
  const payload = Buffer.from([code >> 8, code & 0xff]);
  return frame(op.close, Buffer.concat([payload, Buffer.from(reason)]));
};

// The answers that are there as a whole, and what is left; `toHead`: whether the first one answers
// HEAD, and so has no body.
export function answersIn(bytes, toHead = false) {
  const answers = [];
  let left = bytes;
  for (;;) {
    const end = left.indexOf('\r\n\r\n');
    if (end < 0) return { answers, left };
    const [line, ...lines] = left.toString('latin1', 0, end).split('\r\n');
    const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(line) ?? [];
    const headers = {};
    for (const each of lines) {
      const name = each.slice(0, each.indexOf(':')).toLowerCase();
      const value = each.slice(each.indexOf(':') + 1).trim();
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
    const length = toHead && answers.length === 0 ? 0 : Number(headers['content-length'] ?? 0);
    if (left.length < end + 4 + length) return { answers, left };
    const body = left.toString('utf8', end + 4, end + 4 + length);
    left = left.subarray(end + 4 + length);
    answers.push({ status: Number(status), headers, body });
    if (status === '101') return { answers, left };
  }
}

// As [kind, payload]; a close as ['close', code, reason].
export function framesIn(bytes) {
  const frames = [];
  let at = 0;
  while (bytes.length - at >= 2) {
    const names = Object.entries(op);
    const kind = names.find(([, code]) => code === (bytes[at] & 0x0f))?.[0] ?? bytes[at];
    let length = bytes[at + 1] & 0x7f;
    let begin = at + 2;
    if (length === 126) {
      if (bytes.length < at + 4) break;
      length = bytes.readUInt16BE(at + 2);
      begin = at + 4;
    }
    if (bytes.length < begin + length) break;
    const payload = bytes.subarray(begin, begin + length);
    if (kind === 'close' && length >= 2) {
      frames.push([kind, payload.readUInt16BE(0), payload.toString('utf8', 2)]);
    } else {
      frames.push([kind, payload.toString()]);
    }
    at = begin + length;
  }
  return frames;
}

export class Raw {
  static async connect(port, secure = overTls) {
    const raw = new Raw();
    raw.received = Buffer.alloc(0);
    raw.waiters = new Set();
    raw.began = Date.now();
    const there = { port, host: '127.0.0.1', noDelay: true };
    raw.socket = secure ? connectOverTls({ ...there, ...trusting }) : connect(there);
    const tell = () => [...raw.waiters].forEach((look) => look());
    raw.socket.on('data', (bytes) => {
      raw.received = Buffer.concat([raw.received, bytes]);
      tell();
    });
    raw.socket.on('error', (error) => {
      raw.trouble = error.code;
    });
    raw.socket.on('close', () => {
      raw.ended = true;
      raw.lasted = Date.now() - raw.began;
      tell();
    });
    await new Promise((resolve, reject) => {
      raw.socket.once(secure ? 'secureConnect' : 'connect', resolve);
      raw.socket.once('close', () => reject(new Error(`cannot connect: ${raw.trouble}`)));
    });
    return raw;
  }

  // An upgraded connection that has forgotten the 101.
  static async upgraded(port) {
    const raw = await Raw.connect(port);
    raw.send(upgrade());
    await raw.until(() => answersIn(raw.received).answers.length === 1, 'the 101');
    const { answers, left } = answersIn(raw.received);
    if (answers[0].status !== 101) throw new Error(`${answers[0].status} instead of 101`);
    raw.received = left;
    return raw;
  }

  send(bytes) {
    if (this.socket.writable) this.socket.write(bytes);
  }

  // Resolves as soon as the condition holds; fails after a while, or at the end.
  until(condition, wish, within = patience) {
    return new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${why} before ${wish}; got ${this.received}`));
      const timer = setTimeout(() => {
        this.waiters.delete(look);
        fail(`${within} ms`);
      }, within);
      const look = () => {
        const fits = condition();
        if (!fits && !this.ended) return false;
        clearTimeout(timer);
        this.waiters.delete(look);
        if (fits) resolve();
        else fail(`the end (${this.trouble ?? 'no reset'})`);
        return true;
      };
      if (!look()) this.waiters.add(look);
    });
  }

  end() {
    return this.until(() => this.ended, 'the end of the connection');
  }

  close() {
    this.socket.destroy();
    return this.end();
  }
}
