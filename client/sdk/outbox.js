// The own texts of one chat that are not stored by the server yet, in the order in which they were
// said. Decides what is said when, and what an answer means; see "Delivery" in docs/protocol.md.
"use strict";

const errors = require("./errors.js");

/** @typedef {import("./onechat").ErrorCode} ErrorCode */
/** @typedef {import("./protocol").EventBody} EventBody */
/** @typedef {import("./stored").StoredText} StoredText */

/**
 * A text; `cid` is 0 when it needs a new one, `cids` are all under which it was ever said.
 * @typedef {object} Text
 * @property {string} id
 * @property {string} text
 * @property {number} at
 * @property {"sending" | "failed"} state
 * @property {ErrorCode | null} code
 * @property {number} cid
 * @property {number[]} cids
 * @property {boolean} isSaid on this connection, and not answered
 * @property {number} renumbered how often it was refused for its cid
 * @property {import("./errors").Deferred<EventBody>} settled
 */

const textsMax = 100;
const renumberedMax = 5;
const cidsMax = 16;
/** Whoever is refused for a full pipe is forgotten by the server after a second of silence. */
const fullPauseMin = 1200;
const storePauseMin = 1000;
const pauseMax = 10000;

class Outbox {
  /**
   * @param {{
   *   now: () => number,
   *   say: (cid: number, text: string) => void,
   *   wake: (ms: number) => void,
   *   store: () => void,
   * }} outside `wake`: call `pump` then
   */
  constructor(outside) {
    this.outside = outside;
    /** @type {Text[]} */
    this.texts = [];
    this.lastCid = 0;
    this.inFlightMax = 64;
    /** Connected, and in this chat. */
    this.isOpen = false;
    /** All that was missed has come, so what was stored of the texts is known. */
    this.isLive = false;
    this.hasGap = false;
    /** Texts were refused: those said after them must be answered before all are said again. */
    this.recovers = false;
    /** The connection broke because of a text: one at a time until it is known which. */
    this.isCareful = false;
    this.silentUntil = 0;
    this.pause = 0;
  }

  /** @returns {boolean} */
  isFull() {
    return this.texts.length >= textsMax;
  }

  inFlight() {
    return this.texts.filter((text) => text.isSaid).length;
  }

  /**
   * @param {string} id
   * @param {string} text
   * @returns {Text}
   */
  add(id, text) {
    const added = this.made({
      id: id, text: text, at: this.outside.now(), state: "sending", code: null, cid: 0, cids: [],
    });
    this.texts.push(added);
    return added;
  }

  /**
   * @param {StoredText} stored
   * @returns {Text}
   */
  made(stored) {
    return {
      id: stored.id, text: stored.text, at: stored.at, state: stored.state, code: stored.code,
      cid: stored.cid, cids: stored.cids, isSaid: false, renumbered: 0, settled: errors.deferred(),
    };
  }

  /** @returns {StoredText[]} */
  toStore() {
    return this.texts.map((text) => ({
      id: text.id, text: text.text, at: text.at, state: text.state, code: text.code,
      cid: text.cid, cids: text.cids,
    }));
  }

  /**
   * What another run of the app, or another page, has left; it knows better which are done.
   * @param {StoredText[]} stored
   */
  load(stored) {
    const known = new Map(this.texts.map((text) => [text.id, text]));
    this.texts = stored.map((one) => {
      const text = known.get(one.id);
      known.delete(one.id);
      return text ? Object.assign(text, one, { isSaid: false }) : this.made(one);
    });
    known.forEach((text) => text.settled.reject(new errors.OnechatError("superseded")));
    this.texts.forEach((text) => {
      this.lastCid = Math.max(this.lastCid, text.cid, Math.max.apply(null, [0].concat(text.cids)));
    });
    this.recovers = this.isOutOfOrder();
  }

  /** Whether a text without a number stands before one that may have been accepted already. */
  isOutOfOrder() {
    let unnumbered = false;
    return this.texts.some((text) => {
      if (text.state !== "sending") {
        return false;
      }
      unnumbered = unnumbered || text.cid === 0;
      return unnumbered && text.cid !== 0;
    });
  }

  // ---- the connection ----

  /**
   * @param {number} lastCid the highest that the server has accepted
   * @param {boolean} hasGap not all that was missed will come
   */
  open(lastCid, hasGap) {
    this.isOpen = true;
    this.hasGap = hasGap;
    this.lastCid = Math.max(this.lastCid, lastCid);
    if (hasGap && this.recovers) {
      // Only the server can tell which of these are stored, and only by their old numbers.
      const isNumbered = (/** @type {Text} */ text) => text.cid !== 0;
      const unnumbered = this.texts.filter((text) => !isNumbered(text));
      this.texts = this.texts.filter(isNumbered).concat(unnumbered);
      this.recovers = false;
    }
    this.pump();
  }

  /** The replay is over: a text that has not come by with it was never stored. */
  live() {
    this.isLive = true;
    this.pump();
  }

  /** @param {boolean} becauseOfFrame the server closed because of something that was said */
  close(becauseOfFrame) {
    const said = this.texts.filter((text) => text.isSaid);
    said.forEach((text) => { text.isSaid = false; });
    if (becauseOfFrame && said.length === 1) {
      this.fail(said[0], "frame_refused");
    } else if (becauseOfFrame && said.length > 1) {
      this.isCareful = true;
    }
    this.isOpen = false;
    this.isLive = false;
    this.recovers = this.isOutOfOrder();
    this.silentUntil = 0;
  }

  pump() {
    if (!this.isOpen) {
      return;
    }
    const wait = this.silentUntil - this.outside.now();
    if (wait > 0) {
      this.outside.wake(wait);
      return;
    }
    const inFlight = this.inFlight();
    if (this.recovers) {
      if (inFlight > 0 || !this.isLive) {
        return;
      }
      this.renumber();
      this.recovers = false;
    }
    const room = (this.isCareful ? 1 : this.inFlightMax) - inFlight;
    const waiting = this.texts.filter((text) => text.state === "sending" && !text.isSaid);
    const due = waiting.slice(0, Math.max(0, room));
    due.forEach((text) => {
      text.isSaid = true;
      if (text.cid === 0) {
        this.number(text);
      }
    });
    if (due.length > 0) {
      this.outside.store();
      due.forEach((text) => this.outside.say(text.cid, text.text));
    }
    if (waiting.length === 0 && inFlight === 0) {
      this.isCareful = false;
    }
  }

  /** @param {Text} text */
  number(text) {
    text.cid = ++this.lastCid;
    text.cids = text.cids.concat(text.cid).slice(-cidsMax);
  }

  /** The silence that was asked for is over, whatever the clock has been set to meanwhile. */
  rested() {
    this.silentUntil = 0;
    this.pump();
  }

  /** From the first text without a number on, all get new ones: so their order stays. */
  renumber() {
    let behind = false;
    this.texts.forEach((text) => {
      behind = behind || text.state === "sending" && text.cid === 0;
      if (behind && text.state === "sending") {
        this.number(text);
      }
    });
  }

  // ---- answers ----

  /**
   * @param {number} cid
   * @returns {Text | undefined}
   */
  find(cid) {
    return this.texts.find((text) => text.cid === cid) ||
      this.texts.find((text) => text.cids.indexOf(cid) >= 0);
  }

  /**
   * An own text came back, by its ack or as an event. Another device of the user may have said
   * another one with the same number.
   * @param {EventBody} event
   */
  stored(event) {
    const text = event.cid === undefined ? undefined : this.find(event.cid);
    if (text && (event.text === undefined || event.text === text.text)) {
      this.remove(text);
      text.settled.resolve(event);
      this.pause = 0;
      this.pump();
    }
  }

  /**
   * @param {import("./protocol").ServerNack} nack
   * @returns {boolean} whether it was about one of these texts
   */
  refused(nack) {
    const text = this.texts.find((one) => one.isSaid && one.cid === nack.cid);
    if (!text) {
      return false;
    }
    text.isSaid = false;
    const isStale = nack.code === "cid_stale" || nack.code === "cid_conflict";
    const mayRenumber = isStale && !this.hasGap && ++text.renumbered <= renumberedMax;
    if (mayRenumber || !isStale && mayRepeat(nack)) {
      const until = this.outside.now() + (isStale ? 0 : this.pauseAfter(nack));
      this.silentUntil = Math.max(this.silentUntil, until);
      this.recovers = true;
      text.cid = 0;
    } else {
      this.fail(text, nack.code);
    }
    this.pump();
    return true;
  }

  /**
   * @param {import("./protocol").ServerNack} nack
   * @returns {number}
   */
  pauseAfter(nack) {
    if (nack.retry_ms !== undefined) {
      return nack.retry_ms;
    }
    if (nack.code === "in_flight_full" && this.inFlight() > 0) {
      return 0;  // the next acks make room
    }
    if (!this.recovers) {
      const least = nack.code === "in_flight_full" ? fullPauseMin : storePauseMin;
      this.pause = Math.min(Math.max(2 * this.pause, least), pauseMax);
    }
    return this.pause;
  }

  /**
   * @param {Text} text
   * @param {ErrorCode} code
   */
  fail(text, code) {
    text.state = "failed";
    text.code = code;
    text.isSaid = false;
    text.settled.reject(new errors.OnechatError(code));
  }

  // ---- the user ----

  /**
   * @param {string} id
   * @returns {Text | undefined} of those that failed
   */
  failed(id) {
    return this.texts.find((text) => text.id === id && text.state === "failed");
  }

  /** @param {Text} text */
  again(text) {
    this.remove(text);
    this.texts.push(text);
    text.state = "sending";
    text.code = null;
    text.cid = 0;
    text.renumbered = 0;
    text.settled = errors.deferred();
  }

  /** @param {Text} text */
  remove(text) {
    this.texts = this.texts.filter((one) => one !== text);
  }

  // ---- the end of the chat ----

  /** No more is said; what is on its way may still be answered. */
  dismiss() {
    this.isOpen = false;
    this.texts.forEach((text) => {
      if (text.state === "sending" && !text.isSaid && text.cids.length === 0) {
        this.fail(text, "chat_over");
      }
    });
  }

  /** Nothing is answered any more. */
  finish() {
    this.isOpen = false;
    this.texts.forEach((text) => {
      if (text.state === "sending") {
        this.fail(text, "chat_over");
      }
    });
  }
}

/**
 * @param {import("./protocol").ServerNack} nack
 * @returns {boolean}
 */
function mayRepeat(nack) {
  return nack.retry_ms !== undefined || nack.code === "in_flight_full" ||
    nack.code === "rate_limited" || nack.code === "store_unavailable" ||
    nack.code === "platform_busy" || nack.code === "not_ready";
}

module.exports = { Outbox: Outbox };
