// What one side of a pair holds, and whether all that it was told fits together. It judges the
// server, so it keeps every text and trusts nothing. Texts are unique over a whole run.
export class Record {
  constructor(owner, breaches) {
    this.owner = owner;
    this.breaches = breaches;
    this.texts = []; // by seq; '' for what is no text
    this.through = 0; // all up to here are held
    this.seqs = new Map(); // of each text that is held
    this.promised = new Map(); // own texts that were acked: text -> seq
  }

  has(seq) {
    return seq <= this.through || this.texts[seq] !== undefined;
  }

  // An event, or one's own text with its ack. False when it is held already.
  take(seq, text = '') {
    if (this.has(seq)) {
      const held = this.texts[seq];
      if (held !== text) this.blame('changed', `seq ${seq} was "${held}", now "${text}"`);
      return false;
    }
    if (text !== '' && this.seqs.has(text)) {
      this.blame('twice', `"${text}" at ${this.seqs.get(text)} and at ${seq}`);
    }
    this.texts[seq] = text;
    if (text !== '') this.seqs.set(text, seq);
    while (this.texts[this.through + 1] !== undefined) this.through++;
    return true;
  }

  // The server says that this own text is on disk.
  promise(seq, text) {
    this.promised.set(text, seq);
    return this.take(seq, text);
  }

  // The answer to `held`: what is newer does not exist any more. What was promised must.
  keepTo(keep, { promisesMayGo = false } = {}) {
    for (let seq = this.texts.length - 1; seq > keep; seq--) {
      const text = this.texts[seq];
      if (text === undefined) continue;
      if (this.promised.has(text)) {
        if (!promisesMayGo) this.blame('lost', `acked text "${text}" at ${seq} is not kept`);
        this.promised.delete(text);
      }
      this.seqs.delete(text);
    }
    this.texts.length = Math.min(this.texts.length, keep + 1);
    this.through = Math.min(this.through, keep);
  }

  blame(kind, sentence) {
    this.breaches.push({ kind, sentence: `${this.owner}: ${sentence}` });
  }

  // Compares with the partner's record, as far as both go; `from` is where the last look ended.
  static compare(one, two, from = 1) {
    const end = Math.min(one.through, two.through);
    for (let seq = from; seq <= end; seq++) {
      if (one.texts[seq] !== two.texts[seq]) {
        const [mine, theirs] = [one.texts[seq], two.texts[seq]];
        one.blame('order', `seq ${seq} is "${mine}", and "${theirs}" for the partner`);
      }
    }
    return end;
  }

  // Every text that was acked is in this record, where the ack said.
  check(promised) {
    for (const [text, seq] of promised) {
      if (this.texts[seq] !== text) this.blame('lost', `acked text "${text}" is not at ${seq}`);
    }
  }
}
