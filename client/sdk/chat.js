// One chat as this client knows it: its record, the own texts on their way, and the partner.
"use strict";

const { Outbox } = require("./outbox.js");
const { Record } = require("./record.js");
const { stored } = require("./said_text.js");

/** @typedef {import("./onechat").ChatState} ChatState */
/** @typedef {import("./protocol").EventBody} EventBody */
/** @typedef {import("./protocol").MatchedBody} MatchedBody */
/** @typedef {import("./stored").StoredChat} StoredChat */

/** How much of the record is asked for again after a restart of the app, which stores no events. */
const shownAgain = 50;

class Chat {
  /**
   * @param {string} pair
   * @param {import("./protocol").PartnerInfo} partner
   * @param {ConstructorParameters<typeof Outbox>[0]} outside
   */
  constructor(pair, partner, outside) {
    this.pair = pair;
    this.partner = partner;
    /** @type {string | null} */
    this.topic = null;
    this.met = 0;
    /** @type {ChatState["partner_state"]} */
    this.partnerState = "here";
    this.typing = false;
    this.partnerSeen = 0;
    this.seen = 0;
    /** @type {ChatState["end"]} */
    this.end = null;
    /** The seq of the event that says so. */
    this.endSeq = 0;
    this.record = new Record(0);
    /** Where the record may be taken up again at the lowest: before the start of this chat. */
    this.floor = 0;
    /** Nothing more comes of it. */
    this.isFinished = false;
    this.outbox = new Outbox(outside);
    /** @type {ChatState | null} */
    this.shown = null;
  }

  /**
   * What `matched` or `welcome` say of it.
   * @param {MatchedBody} body
   */
  describe(body) {
    // After a restart the server does not know nicknames any more.
    const nickname = body.partner.nickname || this.partner.nickname;
    this.partner = Object.assign({}, body.partner, nickname ? { nickname: nickname } : {});
    if (body.met > this.met) {
      this.outbox.outlive();
    }
    this.topic = body.topic || null;
    this.met = body.met;
    this.partnerSeen = body.partner_seen;
    this.end = null;
    if (body.recent) {
      const first = body.recent.length > 0 ? body.recent[0].seq : body.last_seq + 1;
      this.record = new Record(first - 1, body.recent);
      body.recent.forEach((event) => {
        this.settle(event);
        this.raiseFloor(event);
      });
    }
    this.changed();
  }

  /**
   * @param {StoredChat} kept
   */
  load(kept) {
    this.topic = kept.topic;
    this.met = kept.met;
    this.floor = kept.seq;
    this.record = new Record(kept.seq);
    this.outbox.load(kept.texts);
    this.changed();
  }

  /**
   * @param {number} epoch
   * @returns {StoredChat}
   */
  toStore(epoch) {
    return {
      pair: this.pair, partner: this.partner, topic: this.topic, met: this.met, epoch: epoch,
      seq: Math.max(this.floor, this.record.through - shownAgain), left: false,
      texts: this.outbox.texts.map(stored),
    };
  }

  /**
   * @param {EventBody} event
   * @returns {"held" | "again" | "new"} `again`: dropped after a crash that has not taken it
   */
  take(event) {
    this.settle(event);
    if (this.record.has(event.seq)) {
      this.changed();
      return "held";
    }
    const isNew = this.record.add(event);
    this.raiseFloor(event);
    if (event.kind === "start") {
      this.end = null;
    } else if (event.kind === "end") {
      this.end = { by: event.from, reason: event.reason || null };
      this.endSeq = event.seq;
    } else if (event.from === "partner") {
      this.typing = false;
    }
    this.changed();
    return isNew ? "new" : "again";
  }

  /**
   * @param {number} seq
   * @param {boolean} gap
   */
  keep(seq, gap) {
    this.record.keep(seq, gap);
    this.floor = Math.min(this.floor, seq);
    this.seen = Math.min(this.seen, seq);
    if (this.endSeq > seq) {
      this.end = null;
      this.endSeq = 0;
    }
    this.changed();
  }

  /** @param {EventBody} event */
  raiseFloor(event) {
    if (event.kind === "start") {
      this.floor = Math.max(this.floor, event.seq - 1);
    }
  }

  /** @param {EventBody} event */
  settle(event) {
    if (event.from === "me" && event.kind === "text") {
      this.outbox.stored(event);
    }
  }

  /** @param {ChatState["partner_state"]} state */
  setPartnerState(state) {
    this.partnerState = state;
    if (state !== "here") {
      this.typing = false;
    }
    this.changed();
  }

  /** @param {NonNullable<ChatState["end"]>} how unless the record says it already */
  finish(how) {
    this.end = this.end || how;
    this.typing = false;
    this.partnerState = this.end.by === "me" ? this.partnerState : "left";
    this.outbox.dismiss();
    this.changed();
  }

  changed() {
    this.shown = null;
  }

  /** @returns {ChatState} */
  state() {
    if (!this.shown) {
      this.shown = {
        pair: this.pair,
        partner: this.partner,
        topic: this.topic,
        met: this.met,
        partner_state: this.partnerState,
        typing: this.typing,
        partner_seen: this.partnerSeen,
        events: this.record.events.slice(),
        has_older: this.record.hasOlder(),
        gap: this.record.gap,
        outbox: this.outbox.texts.map((text) => ({
          id: text.id, text: text.text, at: text.at, state: text.state, code: text.code,
        })),
        end: this.end,
      };
    }
    return this.shown;
  }
}

module.exports = { Chat: Chat };
