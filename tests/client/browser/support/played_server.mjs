// The server as a test plays it, for what the real one cannot be brought to say. It takes the place
// of the page's socket: `prepare: server.attach`.
const limits = { text: 2000, frame: 32768, in_flight: 64, durability: 'full' };
const start = { seq: 1, at: 1, from: 'system', kind: 'start' };

export class PlayedServer {
  constructor(answers = {}) {
    this.heard = [];
    this.seq = 1;
    this.answers = {
      hello: () => this.welcome(),
      find: ({ rid }) =>
        this.say({ t: 'waiting', rid, since: 1, waited_ms: 0, tier: 0, pool: '0' }),
      cancel: ({ rid }) => this.say({ t: 'idle', rid }),
      say: ({ cid, pair }) => this.ack(cid, pair),
      ping: () => this.say({ t: 'pong', now: Date.now() }),
      ...answers,
    };
    this.attach = (page) => page.routeWebSocket(/\/ws$/, (socket) => this.join(socket));
  }

  join(socket) {
    this.socket = socket;
    socket.onMessage((text) => {
      const message = JSON.parse(text);
      this.heard.push(message);
      this.answers[message.t]?.(message, this);
    });
  }

  say(message) {
    this.socket.send(JSON.stringify(message));
  }

  welcome(more = {}) {
    this.say({
      t: 'welcome', v: 1, token: 'token', expires: 2e12, epoch: 1, state: 'idle', limits,
      topics: [{ id: 'music', title: '音乐', hint: '在听什么歌', waiting: '0' }],
      now: Date.now(), heartbeat_ms: 25000, away_ms: 120000, ...more,
    });
  }

  match(pair = 'pair-1') {
    this.say({
      t: 'matched', pair, partner: { alias: '安静的云', avatar: 'fox' }, met: 0,
      recent: [{ pair, ...start }], last_seq: 1, last_cid: 0, partner_seen: 0,
    });
  }

  ack(cid, pair) {
    this.say({ t: 'ack', pair, cid, seq: ++this.seq, at: Date.now() });
  }

  async bye(code, more = {}) {
    this.say({ t: 'bye', code, reason: 'because', ...more });
    await this.socket.close({ code });
  }

  all(type) {
    return this.heard.filter(({ t }) => t === type);
  }
}
