// A proxy's part of a connection: the header in front of it, in both versions of the PROXY
// protocol, written from its description.
import { connect } from 'node:net';
import { connect as connectOverTls } from 'node:tls';
import { overTls, trusting } from './tls.mjs';

export const lineFor = (address, port = 4711) =>
  `PROXY ${address.includes(':') ? 'TCP6' : 'TCP4'} ${address} ` +
  `${address.includes(':') ? '::1' : '127.0.0.1'} ${port} 443\r\n`;

const bytesOf = (address) => {
  if (!address.includes(':')) return address.split('.').map(Number);
  const [head, tail = ''] = address.split('::').map((half) => (half ? half.split(':') : []));
  const middle = Array(8 - head.length - tail.length).fill('0');
  return [...head, ...middle, ...tail].flatMap((group) => {
    const value = parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
};

export function headerFor(address, port = 4711) {
  const source = bytesOf(address);
  const family = source.length === 4 ? 0x11 : 0x21;
  const length = 2 * source.length + 4;
  return Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a,
    0x21, family, length >> 8, length & 0xff,
    ...source, ...source, port >> 8, port & 0xff, 0x01, 0xbb]);
}

// For `Person.connect`: connects from that address of this machine and says the header first.
export const through = (header, from = '127.0.0.1') => ({
  createConnection: ({ port }) => {
    const line = connect({ port, host: '127.0.0.1', localAddress: from });
    line.write(header);
    return overTls ? connectOverTls({ socket: line, ...trusting }) : line;
  },
});

// All that comes back until the other end closes; bytes as they are, whether or not TLS is spoken.
export const answerTo = (port, bytes, from = '127.0.0.1') =>
  new Promise((resolve, reject) => {
    let heard = '';
    const line = connect({ port, host: '127.0.0.1', localAddress: from });
    line.on('data', (chunk) => { heard += chunk.toString('latin1'); });
    line.on('error', (trouble) =>
      (trouble.code === 'ECONNRESET' ? resolve(heard) : reject(trouble)));
    line.on('close', () => resolve(heard));
    line.write(bytes);
  });
