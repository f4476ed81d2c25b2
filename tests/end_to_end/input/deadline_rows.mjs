// What has ten seconds to be complete. `bytes` are sent at once and `later` ones after so many
// milliseconds; then the connection ends with these frames, or without a word. Those that are
// `upgraded` or `welcomed` begin when they are.
import { frame, op } from '../support/raw.mjs';

const spread = (bytes, every) => Array.from(Buffer.from(bytes), (byte, at) =>
  [(at + 1) * every, Buffer.from([byte])]);
const long = frame(op.text, 'x'.repeat(100));
const pings = (count) => Buffer.concat(Array(count).fill(frame(op.ping)));
const idle = [['text', '{"t":"bye","code":4002,"reason":"idle"}'], ['close', 4002, 'idle']];
const tooLong = [['close', 1008, 'message took too long']];
const tooMany = [['close', 1008, 'too many control frames']];

export const deadlineRows = {
  'silence': { bytes: '', ends: [] },
  'half a request': { bytes: 'GET /healthz HTTP/1.1\r\nHost:', ends: [] },
  'a request letter by letter': {
    bytes: 'GET /',
    later: spread('healthz-with-a-very-long-name-that-never-ends', 300),
    ends: [],
  },
  'a body that does not come': {
    bytes: 'POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf',
    ends: [],
  },
  'no hello': { upgraded: true, bytes: '', ends: idle },
  'pings and no hello': {
    upgraded: true,
    bytes: '',
    later: [[3000, pings(1)], [6000, pings(1)]],
    ends: [['pong', ''], ['pong', ''], ...idle],
  },
  'half a frame': {
    welcomed: true,
    bytes: frame(op.text, 'never complete').subarray(0, 9),
    ends: tooLong,
  },
  'half a frame header': { welcomed: true, bytes: Buffer.from([0x81]), ends: tooLong },
  'a frame letter by letter': {
    welcomed: true,
    bytes: long.subarray(0, 8),
    later: spread(long.subarray(8, 60), 250),
    ends: tooLong,
  },
  'a message without its last fragment': {
    welcomed: true,
    bytes: frame(op.text, 'x', { fin: false }),
    later: [[8000, frame(op.more, 'x', { fin: false })]],
    ends: tooLong,
  },
  'eleven pings in ten seconds, wherever one begins to count': {
    welcomed: true,
    bytes: pings(1),
    later: [[9000, pings(9)], [10_400, pings(2)]],
    ends: [...Array(11).fill(['pong', '']), ...tooMany],
  },
};
