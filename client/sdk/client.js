// The client as pages see it; what each call promises stands in onechat.d.ts.
"use strict";

const protocol = require("./protocol.js");
const errors = require("./errors.js");
const text = require("./text.js");
const { Core } = require("./core.js");

/** @typedef {import("./onechat").Client} Client */
/** @typedef {import("./onechat").ClientOptions} ClientOptions */
/** @typedef {import("./onechat").Wanted} Wanted */
/** @typedef {import("./protocol").EventBody} EventBody */

/** @type {import("./onechat").Clock} */
const systemClock = {
  now: () => Date.now(),
  setTimeout: (wake, ms) => setTimeout(wake, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

/**
 * @param {ClientOptions} options
 * @returns {Client}
 */
function createClient(options) {
  const core = new Core({
    url: options.url, connect: options.connect, storage: options.storage, login: options.login,
    clock: options.clock || systemClock, random: options.random || Math.random,
    log: options.log || function () {},
  });
  return Object.assign(life(core), matching(core), talk(core), records(core));
}

/** @param {import("./core").Core} core */
function life(core) {
  return {
    start() {
      if (core.isStopped()) {
        core.start();
      }
    },
    stop() {
      if (!core.isStopped()) {
        core.stop();
      }
    },
    show() {
      const wasHidden = core.isHidden;
      core.isHidden = false;
      if (!core.isStopped()) {
        core.connection.show();
        if (wasHidden) {
          core.sayHere();
        }
      }
    },
    hide() {
      core.isHidden = true;
      core.typing.spoke();
      if (!core.isStopped()) {
        core.kept.storeNow();
        core.say({ t: "away" });
      }
    },
    /** @param {boolean} connected */
    networkChanged: (connected) => core.connection.networkChanged(connected),
    state: () => core.news.state(),
    serverNow: () => core.clock.now() + core.clockOffset,
    /**
     * @param {string} name
     * @param {(what: any) => void} heard
     */
    on: (name, heard) => core.news.on(name, heard),
  };
}

/**
 * @template T
 * @param {import("./core").Core} core
 * @param {() => Promise<T>} ask
 * @returns {Promise<T>}
 */
function whileStarted(core, ask) {
  return core.isStopped() ? errors.rejected("stopped") : ask();
}

/** @param {import("./core").Core} core */
function matching(core) {
  const stands = core.matching;
  /** @param {() => Promise<void>} ask */
  const ask = (ask) => whileStarted(core, () => {
    core.typing.spoke();
    return ask();
  });
  return {
    /** @param {Wanted} [wanted] */
    find: (wanted) => ask(() => stands.find(clean(wanted))),
    cancel: () => ask(() => stands.cancel()),
    leave: () => ask(() => stands.leave()),
    /** @param {Wanted} [wanted] */
    next: (wanted) => ask(() => stands.next(clean(wanted))),
  };
}

/**
 * Only what the protocol takes: an empty nickname is none.
 * @param {Wanted} [wanted]
 * @returns {Wanted}
 */
function clean(wanted) {
  /** @type {Wanted} */
  const said = {};
  if (wanted && wanted.topics) {
    said.topics = wanted.topics.slice(0, protocol.LIMITS.topicsMax);
  }
  const nickname = wanted && wanted.nickname ? text.wellFormed(wanted.nickname).trim() : "";
  if (nickname !== "") {
    said.nickname = text.cut(nickname, protocol.LIMITS.nicknameCodePointsMax);
  }
  if (wanted && wanted.avatar) {
    said.avatar = wanted.avatar;
  }
  return said;
}

/** @param {import("./core").Core} core */
function talk(core) {
  /**
   * @param {import("./chat").Chat} chat
   * @param {import("./outbox").Text} added
   * @returns {Promise<EventBody>}
   */
  function send(chat, added) {
    core.typing.spoke();
    if (!chat.outbox.pump()) {
      core.kept.storeNow();
    }
    chat.changed();
    core.changed();
    return added.settled.promise;
  }

  return {
    /** @param {string} said */
    say: (said) => whileStarted(core, () => {
      const chat = core.matching.chat;
      const what = text.wellFormed(said);
      if (!chat || chat.end) {
        return errors.rejected("not_paired");
      }
      if (what === "") {
        return errors.rejected("bad_field", { field: "text" });
      }
      if (text.codePoints(what) > core.limits.text) {
        return errors.rejected("too_long", { field: "text" });
      }
      if (chat.outbox.isFull()) {
        return errors.rejected("outbox_full");
      }
      return send(chat, chat.outbox.add(core.makeId(), what));
    }),
    /** @param {string} id */
    retry: (id) => whileStarted(core, () => {
      const chat = core.matching.chat;
      const failed = chat && chat.outbox.failed(id);
      if (!chat || chat.end || !failed) {
        return errors.rejected("chat_over");
      }
      chat.outbox.again(failed);
      return send(chat, failed);
    }),
    /** @param {string} id */
    discard(id) {
      [core.matching.chat, core.matching.old].forEach((chat) => {
        const failed = chat && chat.outbox.failed(id);
        if (chat && failed) {
          chat.outbox.remove(failed);
          chat.changed();
          core.changed();
        }
      });
      if (!core.isStopped()) {
        core.kept.storeNow();
      }
    },
    /** @param {boolean} on */
    typing(on) {
      if (core.matching.chat && !core.matching.chat.end) {
        core.typing.typed(on);
      }
    },
    /** @param {number} [seq] */
    seen(seq) {
      const chat = core.matching.chat;
      const upTo = chat ? seq === undefined ? chat.record.last() : seq : 0;
      if (chat && upTo > chat.seen) {
        chat.seen = upTo;
        core.say({ t: "seen", seq: upTo, pair: chat.pair });
      }
    },
    /** @param {number} seq */
    recall: (seq) => whileStarted(core, () => {
      const chat = core.matching.chat;
      return chat ? ask(core, { t: "recall", seq: seq, pair: chat.pair }, nothing)
                  : errors.rejected("not_paired");
    }),
    /** @param {number} [limit] */
    older: (limit) => whileStarted(core, () => {
      const chat = core.matching.chat || core.matching.old;
      return chat ? olderOf(core, chat, limit || protocol.LIMITS.pageDefault)
                  : errors.rejected("unknown_pair");
    }),
  };
}

/**
 * @param {import("./core").Core} core
 * @param {import("./chat").Chat} chat
 * @param {number} limit
 * @returns {Promise<boolean>}
 */
function olderOf(core, chat, limit) {
  if (!chat.record.hasOlder()) {
    return Promise.resolve(false);
  }
  const record = chat.record;
  const before = record.base + 1;
  return ask(core, { t: "history", pair: chat.pair, before: before, limit: limit }, (answer) => {
    // Not when the window has moved meanwhile.
    if (chat.record === record && record.base + 1 === before) {
      record.prepend(answer.events, answer.more);
      chat.changed();
      core.changed();
    }
    return record.hasOlder();
  });
}

/** @param {import("./core").Core} core */
function records(core) {
  /**
   * @param {any} message
   * @param {(answer: any) => any} made
   */
  const asked = (message, made) => whileStarted(core, () => ask(core, message, made));
  return {
    /**
     * @param {string} pair
     * @param {{before?: number, limit?: number}} [page]
     */
    history: (pair, page) => asked(paged({ t: "history", pair: pair }, page), (answer) => (
      { events: answer.events, more: answer.more })),
    /** @param {{before?: string, limit?: number}} [page] */
    pairs: (page) => asked(paged({ t: "pairs" }, page), (answer) => Object.assign(
      { pairs: answer.pairs, more: answer.more },
      answer.cursor === undefined ? {} : { cursor: answer.cursor })),
    /** @param {string} pair */
    clear: (pair) => asked({ t: "clear", pair: pair }, nothing),
    /** @param {string} pair */
    block: (pair) => asked({ t: "block", pair: pair }, nothing),
    /** @param {string} pair */
    unblock: (pair) => asked({ t: "unblock", pair: pair }, nothing),
    /**
     * @param {string} pair
     * @param {string} reason
     * @param {string} [note]
     */
    report: (pair, reason, note) => {
      const said = text.cut(text.wellFormed(note || ""), protocol.LIMITS.noteCodePointsMax);
      return asked(Object.assign({ t: "report", pair: pair, reason: reason },
                                 said === "" ? {} : { note: said }), nothing);
    },
    /** @param {string[]} templates */
    notify: (templates) => asked({ t: "notify", templates: templates }, nothing),
    exportAll: () => asked({ t: "export" }, (records) => records),
    erase: () => asked({ t: "erase", confirm: true }, (answer) => answer.receipt),
    logout: () => asked({ t: "logout" }, nothing),
  };
}

/**
 * @param {object} message
 * @param {{before?: number | string, limit?: number}} [page]
 */
function paged(message, page) {
  return Object.assign(message,
    page && page.before !== undefined ? { before: page.before } : {},
    page && page.limit !== undefined ? { limit: page.limit } : {});
}

/**
 * @param {import("./core").Core} core
 * @param {any} message
 * @param {(answer: any) => any} made what the page gets of the answer
 * @returns {Promise<any>} quiet when nobody looks at its rejection
 */
function ask(core, message, made) {
  const answer = core.requests.ask(message).then(made);
  answer.catch(nothing);
  return answer;
}

function nothing() {}

module.exports = { createClient: createClient };
