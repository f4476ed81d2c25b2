// The own texts of one chat that are not stored by the server yet, in the order in which they were
// said. Decides what is said when, and what an answer means; see "Delivery" in docs/protocol.md.
"use strict";

const errors = require("./errors.js");
const { isOutOfOrder, isWaiting, made, mayRepeat } = require("./said_text.js");

/** @typedef {import("./onechat").ErrorCode} ErrorCode */
/** @typedef {import("./protocol").EventBody} EventBody */
/** @typedef {import("./said_text").Text} Text */
/** @typedef {import("./stored").StoredText} StoredText */

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
    /** They were too many in too short a time: one at a time, or the refusals become a flood. */
    this.isPaced = false;
    this.silentUntil = 0;
    this.silence = 0;
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
    const added = made({
      id: id, text: text, at: this.outside.now(), state: "sending", code: null, cid: 0, cids: [],
    });
    this.texts.push(added);
    return added;
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
      return text ? Object.assign(text, one, { isSaid: false }) : made(one);
    });
    known.forEach((text) => text.settled.reject(new errors.OnechatError("superseded")));
    this.texts.forEach((text) => {
      this.lastCid = Math.max(this.lastCid, text.cid, Math.max.apply(null, [0].concat(text.cids)));
    });
    this.recovers = isOutOfOrder(this.texts);
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
    this.texts.filter((text) => text.isPast).forEach((text) => {
      text.isPast = false;
      if (text.state === "sending") {
        this.fail(text, "chat_over");
      }
    });
    this.pump();
  }

  /**
   * Their chat is over, and another one of the same two goes on; the replay tells which of them
   * were still taken.
   */
  outlive() {
    this.texts.forEach((text) => { text.isPast = true; });
    this.recovers = false;
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
    this.recovers = isOutOfOrder(this.texts);
    this.silentUntil = 0;
  }

  /** @returns {boolean} whether it was stored */
  pump() {
    if (!this.isOpen) {
      return false;
    }
    // Not longer than asked for, should the clock have been set back.
    const wait = Math.min(this.silentUntil - this.outside.now(), this.silence);
    if (wait > 0) {
      this.outside.wake(wait);
      return false;
    }
    const inFlight = this.inFlight();
    if (this.recovers) {
      if (inFlight > 0 || !this.isLive) {
        return false;
      }
      this.renumber();
      this.recovers = false;
    }
    const room = (this.isCareful || this.isPaced ? 1 : this.inFlightMax) - inFlight;
    const waiting = this.texts.filter((text) => isWaiting(text) && !text.isSaid);
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
      this.isPaced = false;
    }
    return due.length > 0;
  }

  /** @param {number} ms in which nothing is said */
  keepSilent(ms) {
    const until = this.outside.now() + ms;
    if (until > this.silentUntil || ms > this.silence) {
      this.silentUntil = until;
      this.silence = ms;
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
      behind = behind || isWaiting(text) && text.cid === 0;
      if (behind && isWaiting(text)) {
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
      if (!isStale) {
        this.keepSilent(this.pauseAfter(nack));
      }
      this.isPaced = this.isPaced || nack.code === "rate_limited";
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
    text.isPast = false;
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

module.exports = { Outbox: Outbox };
