// The one socket of a client: opens it, notices when it is gone, also without being told, and opens
// the next one after a pause. Knows nothing of chats; what is said on it is up to its owner.
"use strict";

const protocol = require("./protocol.js");
const { Backoff } = require("./backoff.js");
const { Timers } = require("./timers.js");
const text = require("./text.js");

/** @typedef {import("./onechat").SocketTask} SocketTask */

/**
 * One attempt to have a socket. Its callbacks do nothing once it is not `link` any more.
 * @typedef {object} Link
 * @property {SocketTask | null} task
 * @property {boolean} isOpen
 * @property {import("./protocol").ServerBye | null} bye
 */

/**
 * @typedef {Required<import("./onechat").ClientOptions>} Options
 * @typedef {Pick<Options, "url" | "connect" | "clock" | "random" | "log">} Parts
 */

/**
 * @typedef {object} Owner
 * @property {() => Promise<void> | null} prepare what is needed before a socket is worth opening
 * @property {() => void} opened say `hello`
 * @property {(message: any) => void} heard
 * @property {(loss: {code: number, until: number | null}) => "pause" | "soon" | "stop"} lost
 * @property {() => void} changed
 */

const connectMs = 15000;    // until the socket is open, and again until the welcome
const showConnectMs = 5000;  // what is left of it when the user or the network comes back
const pongMs = 10000;       // the answer to a ping
const showPongMs = 3000;    // the same when the user waits for it
const settleMs = 200;       // some Androids fail to connect inside `onClose`
const errorMs = 1000;       // from `onError` to the `onClose` that tells why, or never comes
const lateMs = 2000;        // a timer that late woke up with the app: what is queued comes first
const heartbeatMin = 1000;

class Connection {
  /**
   * @param {Parts} parts
   * @param {Owner} owner
   */
  constructor(parts, owner) {
    this.parts = parts;
    this.owner = owner;
    this.timers = new Timers(parts.clock);
    this.backoff = new Backoff(parts.random);
    /** @type {import("./onechat").ConnectionState["status"]} */
    this.status = "stopped";
    /** @type {number | null} */
    this.retryAt = null;
    /** @type {Link | null} */
    this.link = null;
    this.earliest = 0;
    this.least = settleMs;
    this.heartbeat = 0;
    this.frames = 0;
  }

  start() {
    if (this.status === "stopped") {
      this.backoff.reset();
      this.status = "offline";
      this.hurry();
    }
  }

  stop() {
    const link = this.link;
    this.link = null;
    this.timers.clearAll();
    this.status = "stopped";
    this.retryAt = null;
    if (link) {
      shut(link);
      this.least = settleMs;
      this.earliest = this.parts.clock.now() + settleMs;
    }
    this.owner.changed();
  }

  /**
   * @param {object} message
   * @returns {boolean} whether it is on its way
   */
  say(message) {
    const link = this.link;
    if (!link || !link.task || !link.isOpen) {
      return false;
    }
    const fail = () => {
      this.parts.log("A message could not be sent.");
      // Not at once: the caller is in the middle of something.
      this.timers.set("fail", 0, () => this.lose(link, 1006));
    };
    try {
      link.task.send({ data: JSON.stringify(message), fail: fail });
    } catch (error) {
      fail();
    }
    return true;
  }

  /** @param {number} heartbeat */
  welcomed(heartbeat) {
    this.status = "online";
    this.backoff.reset();
    this.heartbeat = Math.max(heartbeat, heartbeatMin);
    this.timers.clear("deadline");
    this.beat();
    this.owner.changed();
  }

  /** The user is back, and waits. */
  show() {
    this.backoff.reset();
    if (this.status === "offline") {
      this.hurry();
    } else if (this.status === "connecting") {
      this.limit(showConnectMs);
    } else {
      this.probe(showPongMs, 0);
    }
  }

  /** @param {boolean} connected */
  networkChanged(connected) {
    if (this.status === "offline" && connected) {
      this.backoff.reset();
      this.hurry();
    } else if (this.status === "connecting" && connected) {
      this.limit(showConnectMs);  // it may be trying over the network that is gone
    } else if (this.status === "online") {
      this.probe(showPongMs, 0);
    }
  }

  /**
   * Gives this socket up and takes another one.
   * @param {number} [pause]
   */
  renew(pause) {
    if (this.link) {
      this.lose(this.link, 1006, pause);
    }
  }

  // ---- the life of a socket ----

  hurry() {
    // Not longer than asked for, should the clock have been set back.
    const wait = Math.min(this.earliest - this.parts.clock.now(), this.least);
    if (wait <= 0) {
      this.begin();
    } else {
      this.wait(wait);
    }
  }

  /** @param {number} pause */
  wait(pause) {
    this.status = "offline";
    this.retryAt = this.parts.clock.now() + pause;
    this.timers.set("retry", pause, () => this.begin());
    this.owner.changed();
  }

  begin() {
    this.timers.clearAll();
    /** @type {Link} */
    const link = { task: null, isOpen: false, bye: null };
    this.link = link;
    this.status = "connecting";
    this.retryAt = null;
    this.owner.changed();
    this.timers.set("deadline", connectMs, () => this.lose(link, 1006));
    const ready = this.owner.prepare();
    if (!ready) {
      this.dial(link);
      return;
    }
    ready.then(() => this.dial(link), () => {
      this.parts.log("The login did not give what a hello needs.");
      this.lose(link, 1006);
    });
  }

  /** @param {Link} link */
  dial(link) {
    if (link !== this.link) {
      return;
    }
    let task = null;
    try {
      task = this.parts.connect({ url: this.parts.url, protocols: [protocol.SUBPROTOCOL] });
    } catch (error) {
      this.parts.log("The platform opens no socket.");
    }
    if (!task) {
      this.lose(link, 1006);
      return;
    }
    link.task = task;
    task.onOpen(() => this.opened(link));
    task.onMessage((message) => this.heard(link, message.data));
    task.onClose((closed) => {
      const code = closed && closed.code;
      link.task = null;
      this.lose(link, typeof code === "number" ? code : 1006);
    });
    task.onError(() => {
      if (link === this.link) {
        this.timers.set("error", link.isOpen ? errorMs : 0, () => this.lose(link, 1006));
      }
    });
  }

  /** @param {Link} link */
  opened(link) {
    link.isOpen = true;
    if (link !== this.link) {
      shut(link);  // closing it while it connected has had no effect
      return;
    }
    this.timers.set("deadline", connectMs, () => this.lose(link, 1006));
    this.owner.opened();
  }

  /**
   * @param {Link} link
   * @param {string | ArrayBuffer} data
   */
  heard(link, data) {
    if (link !== this.link) {
      return;
    }
    ++this.frames;
    let message = null;
    try {
      message = JSON.parse(text.frameText(data));
    } catch (error) {
      this.parts.log("A frame cannot be read.");
    }
    if (!message || typeof message.t !== "string") {
      return;
    }
    if (message.t === "bye") {
      link.bye = message;
      this.lose(link, message.code);
    } else {
      this.owner.heard(message);
    }
  }

  /**
   * @param {Link} link
   * @param {number} code
   * @param {number} [pause]
   */
  lose(link, code, pause) {
    if (link !== this.link) {
      return;
    }
    this.link = null;
    this.timers.clearAll();
    shut(link);
    this.status = "offline";
    const bye = link.bye;
    const next = this.owner.lost({ code: code, until: bye && bye.until || null });
    if (next === "stop") {
      this.stop();
      return;
    }
    const asked = bye && bye.retry_ms !== undefined ? bye.retry_ms : pause;
    this.least = asked === undefined ? settleMs : Math.max(asked, settleMs);
    this.earliest = this.parts.clock.now() + this.least;
    if (next === "soon" || asked !== undefined) {
      this.wait(this.least);
    } else {
      this.wait(this.backoff.next());
    }
  }

  // ---- whether it still lives ----

  beat() {
    this.timers.set("beat", this.heartbeat, () => {
      if (!this.timers.has("pong")) {
        this.probe(pongMs);
      }
      this.beat();
    });
  }

  /**
   * Any frame is an answer.
   * @param {number} patience
   * @param {number} [pause] before the next socket when there is none
   */
  probe(patience, pause) {
    const link = this.link;
    if (!link) {
      return;
    }
    const frames = this.frames;
    const due = this.parts.clock.now() + patience;
    this.timers.set("pong", patience, () => {
      if (this.frames !== frames) {
        return;
      }
      if (this.parts.clock.now() - due > lateMs) {
        this.probe(showPongMs, pause);
      } else {
        this.parts.log("The socket is silent; taking another one.");
        this.lose(link, 1006, pause);
      }
    });
    this.say({ t: "ping" });
  }

  /**
   * @param {number} patience
   */
  limit(patience) {
    const link = this.link;
    if (link && !this.timers.has("limit")) {
      this.timers.set("limit", patience, () => {
        if (this.status === "connecting") {
          this.lose(link, 1006);
        }
      });
    }
  }
}

/** @param {Link} link */
function shut(link) {
  if (link.task) {
    try {
      link.task.close({ code: 1000, reason: "" });
    } catch (error) {
      // It was not open any more.
    }
  }
}

module.exports = { Connection: Connection };
