// What a welcomed client sends as bytes, and what it gets: the code of the close, or the frames
// that answer it while the connection lives on.
import { closeFrame, frame, op } from '../support/raw.mjs';

const repeated = (count, one) => Buffer.concat(Array.from({ length: count }, () => one));
const text = (payload, options) => frame(op.text, payload, options);
const open = (payload) => text(payload, { fin: false });
const more = (payload, options) => frame(op.more, payload, options);
const part = more('', { fin: false });
const ping = frame(op.ping);
const asks = (bytes) => {
  const empty = JSON.stringify({ t: 'ping', rid: 1, pad: '' });
  return empty.replace('""', `"${'x'.repeat(bytes - empty.length)}"`);
};
const kib32 = asks(32_768);
const inPieces = (whole, count) => Buffer.concat(Array.from({ length: count }, (_, at) => {
  const size = Math.ceil(whole.length / count);
  const piece = whole.slice(at * size, (at + 1) * size);
  return frame(at === 0 ? op.text : op.more, piece, { fin: at + 1 === count });
}));

const closes = (code, ...pieces) => ({ close: code, bytes: Buffer.concat(pieces) });
const answers = (frames, ...pieces) => ({ frames, bytes: Buffer.concat(pieces) });
// Answered with one `pong` of ours.
const served = (...pieces) => answers(['pong'], ...pieces);

export const frameRows = {
  'an unmasked frame': closes(1002, text(asks(40), { masked: false })),
  'RSV1': closes(1002, text(asks(40), { rsv: 4 })),
  'RSV2': closes(1002, text(asks(40), { rsv: 2 })),
  'RSV3': closes(1002, text(asks(40), { rsv: 1 })),
  ...Object.fromEntries([3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((code) =>
    [`opcode ${code}`, closes(1002, frame(code, 'x'))])),
  'a ping of 126 bytes': closes(1002, frame(op.ping, 'x'.repeat(126))),
  'a ping that says it has 2^40': closes(1002, frame(op.ping, 'x', { declared: 2 ** 40 })),
  'a fragmented ping': closes(1002, frame(op.ping, 'x', { fin: false })),
  'a fragmented close': closes(1002, frame(op.close, '', { fin: false })),
  'a stray continuation': closes(1002, more('x')),
  'a stray continuation that goes on': closes(1002, part),
  'a text inside a text': closes(1002, open('a'), text('b')),
  'a length in more bytes than needed': closes(1002,
    Buffer.from([0x81, 0xfe, 0, 1, 0, 0, 0, 0, 0])),

  'binary': closes(1003, frame(op.binary, asks(40))),
  'binary without a byte': closes(1003, frame(op.binary)),
  'binary in fragments': closes(1003, frame(op.binary, 'a', { fin: false })),

  'bad UTF-8': closes(1007, text(Buffer.from([0xff]))),
  'overlong UTF-8': closes(1007, text(Buffer.from([0xc0, 0xaf]))),
  'a surrogate in UTF-8': closes(1007, text(Buffer.from([0xed, 0xa0, 0x80]))),
  'beyond Unicode': closes(1007, text(Buffer.from([0xf4, 0x90, 0x80, 0x80]))),
  'half a character': closes(1007, text(Buffer.from([0xe4, 0xbd]))),
  'bad UTF-8 in a fragment': closes(1007, text(Buffer.from([0xff]), { fin: false })),
  'half a character at the end': closes(1007, open(Buffer.from([0xe4])), more(Buffer.from([0xbd]))),

  '16 fragments': served(inPieces(asks(64), 16)),
  '17 fragments': closes(1008, inPieces(asks(68), 17)),
  '17 fragments without a byte': closes(1008, open(''), repeated(16, part)),
  '10 pings': answers(Array(10).fill('pong:'), repeated(10, ping)),
  '11 pings': closes(1008, repeated(11, ping)),
  '11 pongs': closes(1008, repeated(11, frame(op.pong, 'x'))),
  '10 of both inside a message': answers([...Array(5).fill('pong:'), 'pong'], open(asks(40)),
    repeated(5, ping), repeated(5, frame(op.pong)), more('')),
  '11 of both inside a message': closes(1008, open(asks(40)), repeated(5, ping),
    repeated(6, frame(op.pong))),
  'a ping of 125 bytes': answers([`pong:${'x'.repeat(125)}`], frame(op.ping, 'x'.repeat(125))),

  'exactly 32 KiB': served(text(kib32)),
  'exactly 32 KiB in 16 fragments': served(inPieces(kib32, 16)),
  'one byte more': closes(1009, text(asks(32_769))),
  'one byte more in fragments': closes(1009, inPieces(asks(32_769), 2)),
  'a length of 2^40': closes(1009, text('x'.repeat(1000), { declared: 2 ** 40 })),
  'a length of 2^63': closes(1009, text('x'.repeat(1000), { declared: 2n ** 63n })),
  'a length of 2^64 - 1': closes(1009, text('x'.repeat(1000), { declared: 2n ** 64n - 1n })),
  'a continuation of 2^63': closes(1009, open('x'), more('x', { declared: 2n ** 63n })),

  'a close': closes(1000, closeFrame(1000, 'bye')),
  'a close of ours': closes(4001, closeFrame(4001)),
  'a close without a code': closes(undefined, frame(op.close)),
  'a close of one byte': closes(1002, frame(op.close, 'x')),
  'a close with 1005': closes(1002, closeFrame(1005)),
  'a close with 999': closes(1002, closeFrame(999)),
  'a close with 5000': closes(1002, closeFrame(5000)),
  'a close that is not UTF-8': closes(1007, closeFrame(1000, Buffer.from([0xff]))),
  'what follows a close': closes(1000, closeFrame(1000), text(asks(40)), ping),
  'what follows a violation': closes(1002, more('x'), text(asks(40)), ping),

  'an empty text': answers(['error'], text('')),
  'two messages at once': answers(['pong', 'pong'], text(asks(40)), text(asks(41))),
  'byte by byte': { ...served(text(asks(40))), singly: true },
};
