// The current chat in storage: put there when it changes, found there at the start of the app.
"use strict";

const storeSoonMs = 1000;  // what may be lost with the app, since the server tells it again

class KeptChat {
  /** @param {import("./core").Core} core */
  constructor(core) {
    this.core = core;
  }

  /** Another page with the same storage may have gone on with the chat meanwhile, or to another. */
  load() {
    const core = this.core;
    const matching = core.matching;
    const stored = core.stored.chat();
    if (!stored) {
      return;
    }
    const known = matching.chat && matching.chat.pair === stored.pair ? matching.chat : null;
    if (stored.left) {
      if (known) {
        matching.takeOver(null);
      }
      if (!matching.chat) {
        matching.leaving.found(stored.pair);
      }
    } else if (known) {
      known.outbox.load(stored.texts);
      known.changed();
    } else {
      core.epoch = stored.epoch;
      const chat = core.makeChat(stored.pair, stored.partner);
      chat.load(stored);
      matching.takeOver(chat);
    }
  }

  storeNow() {
    const core = this.core;
    const pair = core.matching.leaving.pair;
    core.timers.clear("store");
    if (core.matching.chat) {
      core.stored.setChat(core.matching.chat.toStore(core.epoch));
    } else if (pair !== null) {
      core.stored.setChat({
        pair: pair, partner: { alias: "", avatar: "" }, topic: null, met: 0, seq: 0,
        epoch: core.epoch, left: true, texts: [],
      });
    } else {
      core.stored.setChat(null);
    }
  }

  storeSoon() {
    const timers = this.core.timers;
    if (!timers.has("store")) {
      timers.set("store", storeSoonMs, () => this.storeNow());
    }
  }
}

module.exports = { KeptChat: KeptChat };
