// The server of "Delivery" in docs/protocol.md in small: one pair of two people, texts shown before
// they are stored, acks after, crashes that lose what is not stored. Time and chance are given.
const inFlightMax = 64;

export class ModelServer {
  constructor(clock, random) {
    this.clock = clock;
    this.random = random;
    this.epoch = 1;
    const start = { seq: 1, at: clock.now(), from: null, kind: 'start', epoch: 1, isStored: true };
    this.events = [start];
    this.seats = [0, 1].map(() => ({ line: null, isLive: false, lastCid: 0, accepted: new Map(),
      refusedUntil: 0, owed: [] }));
    this.refusals = { rate: 0, full: 0, stale: 0, conflict: 0 };
    this.isHasty = false; // refuses texts now and then
    this.flightMax = inFlightMax;
  }

  // A line of the person in that seat.
  accept(line, who) {
    line.hear = (message) => this.hear(line, who, message);
  }

  hear(line, who, message) {
    const seat = this.seats[who];
    if (message.t === 'hello') {
      this.hello(line, who, message);
    } else if (seat.line !== line) {
      return; // replaced
    } else if (message.t === 'ping') {
      line.say({ t: 'pong', now: this.clock.now() });
    } else if (message.t === 'say') {
      this.say(line, who, message);
    }
  }

  hello(line, who, { held }) {
    const seat = this.seats[who];
    if (seat.line && seat.line !== line) seat.line.bye(4500);
    Object.assign(seat, { line, isLive: false, refusedUntil: 0, crowdedBy: undefined, owed: [] });
    let shown = 0;
    const answer = {};
    if (held) {
      const last = this.events.at(-1).seq;
      const kept = this.events.filter(({ seq, epoch }) => seq <= held.seq && epoch <= held.epoch);
      shown = held.epoch === this.epoch ? Math.min(held.seq, last) : kept.at(-1)?.seq ?? 0;
      answer.held = { pair: 'P1', keep: shown };
    }
    const recent = held ? [] : this.events.filter(({ isStored }) => isStored).slice(-20);
    if (!held) shown = recent.at(-1).seq;
    line.say({
      t: 'welcome', v: 1, token: `token-${who}`, expires: 2e12, epoch: this.epoch, state: 'paired',
      topics: [], limits: { text: 2000, frame: 32768, in_flight: inFlightMax, durability: 'full' },
      now: this.clock.now(), heartbeat_ms: 25000, away_ms: 120000, ...answer,
      pair: {
        pair: 'P1', partner: { alias: 'A', avatar: 'fox' }, met: 0,
        last_seq: this.events.at(-1).seq, last_cid: seat.lastCid, partner_seen: 0, resumed: true,
        ...(held ? {} : { recent: recent.map((event) => this.shownTo(who, event)) }),
      },
    });
    this.replay(line, who, shown);
  }

  // Waits for what an older connection left unstored, then shows all and goes live.
  replay(line, who, shown) {
    this.clock.setTimeout(() => {
      const seat = this.seats[who];
      if (seat.line !== line) return;
      const isForeign = (event) => event.from === who && !event.isStored && event.line !== line;
      if (this.events.some(isForeign)) {
        this.replay(line, who, shown);
        return;
      }
      for (const event of this.events) {
        if (event.seq <= shown) continue;
        if (event.from === who && event.line === line) {
          if (event.isStored) this.ack(line, event);
        } else {
          line.say({ t: 'event', ...this.shownTo(who, event) });
        }
      }
      for (const event of seat.owed.splice(0)) this.ack(line, event, true);
      seat.isLive = true;
      line.say({ t: 'partner', pair: 'P1', state: this.seats[1 - who].line ? 'here' : 'away' });
    }, 5 + this.random.below(50));
  }

  shownTo(who, { seq, at, from, kind, text, cid }) {
    const mine = from === who;
    return {
      pair: 'P1', seq, at, kind, from: from === null ? 'system' : mine ? 'me' : 'partner',
      ...(text === undefined ? {} : { text }), ...(mine ? { cid } : {}),
    };
  }

  say(line, who, { cid, text }) {
    const seat = this.seats[who];
    const known = seat.accepted.get(cid);
    const nack = (code, more) => line.say({ t: 'nack', pair: 'P1', cid, code, ...more });
    if (known) {
      if (known.text !== text) {
        ++this.refusals.conflict;
        nack('cid_conflict');
      } else if (!known.isStored) {
        known.again.push(line);
      } else if (seat.isLive) {
        this.ack(line, known, true);
      } else {
        seat.owed.push(known);
      }
      return;
    }
    if (cid <= seat.lastCid) {
      ++this.refusals.stale;
      nack('cid_stale');
      return;
    }
    const unacked = this.events.filter(({ from, isStored }) => from === who && !isStored).length;
    if (unacked >= this.flightMax || (seat.crowdedBy !== undefined && seat.crowdedBy !== text)) {
      seat.crowdedBy ??= text;
      ++this.refusals.full;
      nack('in_flight_full');
      return;
    }
    seat.crowdedBy = undefined;
    const now = this.clock.now();
    if (now >= seat.refusedUntil && this.isHasty && this.random.below(8) === 0) {
      seat.refusedUntil = now + 50 + this.random.below(3000);
    }
    if (now < seat.refusedUntil) {
      ++this.refusals.rate;
      nack('rate_limited', { retry_ms: seat.refusedUntil - now });
      return;
    }
    const event = {
      seq: this.events.at(-1).seq + 1, at: now, from: who, kind: 'text', text, cid,
      epoch: this.epoch, isStored: false, line, again: [],
    };
    this.events.push(event);
    seat.lastCid = cid;
    seat.accepted.set(cid, event);
    const partner = this.seats[1 - who];
    if (partner.isLive) partner.line.say({ t: 'event', ...this.shownTo(1 - who, event) });
    this.commitSoon();
  }

  commitSoon() {
    if (this.committing) return;
    const { epoch } = this;
    this.committing = true;
    this.clock.setTimeout(() => {
      if (this.epoch !== epoch) return;
      this.committing = false;
      this.commit();
    }, 1 + this.random.below(this.isHasty ? 400 : 10));
  }

  commit() {
    // Between two commits it only gets fuller, as with the real one.
    this.flightMax = this.isHasty ? 1 + this.random.below(inFlightMax) : inFlightMax;
    for (const event of this.events.filter(({ isStored }) => !isStored)) {
      event.isStored = true;
      const seat = this.seats[event.from];
      for (const line of [event.line, ...event.again]) {
        if (line !== seat.line) continue;
        // While it catches up, the replay brings the ack.
        if (seat.isLive) this.ack(line, event, line !== event.line);
        else if (line !== event.line) seat.owed.push(event);
      }
    }
  }

  ack(line, { cid, seq, at }, dup = false) {
    line.say({ t: 'ack', pair: 'P1', cid, seq, at, ...(dup ? { dup } : {}) });
  }

  // kill -9: what was shown and not stored never happened.
  crash() {
    this.events = this.events.filter(({ isStored }) => isStored);
    this.epoch += 1;
    this.committing = false;
    for (const [who, seat] of this.seats.entries()) {
      seat.line?.close(1006);
      const mine = this.events.filter(({ from }) => from === who);
      Object.assign(seat, {
        line: null, isLive: false, lastCid: mine.at(-1)?.cid ?? 0, owed: [], refusedUntil: 0,
        crowdedBy: undefined, accepted: new Map(mine.map((event) => [event.cid, event])),
      });
    }
  }
}
