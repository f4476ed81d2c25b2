// A wrong server made of the right one, for controls: stands between a client and the server, and
// says `ack` for a text at once although the server hears of it only a while later. Exact only as
// long as one side of a pair talks, since it has to guess the seq. `lies: false` only delays.
import WebSocket, { WebSocketServer } from 'ws';
import { trusting } from './tls.mjs';

export class EarlyAckProxy {
  static async start({ lies, delay }) {
    const proxy = new EarlyAckProxy();
    Object.assign(proxy, { lies, delay, lines: new Set() });
    const handleProtocols = () => 'onechat.v1';
    proxy.server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols });
    proxy.server.on('connection', (client) => proxy.#join(client));
    await new Promise((resolve) => proxy.server.once('listening', resolve));
    return proxy;
  }

  get url() {
    return `ws://127.0.0.1:${this.server.address().port}/ws`;
  }

  #join(client) {
    const wishes = { perMessageDeflate: false, ...trusting };
    const server = new WebSocket(this.target, ['onechat.v1'], wishes);
    const line = { last: 0, forged: new Set() };
    const toServer = [];
    const forward = (data) => {
      if (server.readyState === WebSocket.OPEN) server.send(data);
      else toServer.push(data);
    };
    server.on('open', () => toServer.splice(0).forEach((data) => server.send(data)));
    client.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.t !== 'say') return forward(data.toString());
      if (this.lies) {
        const { pair, cid } = message;
        line.forged.add(cid);
        client.send(JSON.stringify({ t: 'ack', pair, cid, seq: ++line.last, at: Date.now() }));
      }
      setTimeout(() => forward(data.toString()), this.delay);
    });
    server.on('message', (data) => {
      const message = JSON.parse(data);
      if (message.t === 'ack' && line.forged.has(message.cid)) return;
      const seen = [message.seq, message.last_seq, message.pair?.last_seq].filter(Number.isInteger);
      line.last = Math.max(line.last, ...seen);
      client.send(data.toString());
    });
    for (const [one, other] of [[client, server], [server, client]]) {
      one.on('error', () => {});
      one.on('close', () => other.terminate());
    }
  }

  stop() {
    for (const client of this.server.clients) client.terminate();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
