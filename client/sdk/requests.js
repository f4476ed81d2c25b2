// What is asked once and answered once, by `rid`. A request waits for the connection, but not long;
// what only reads is asked again after a lost one.
"use strict";

const errors = require("./errors.js");
const { Timers } = require("./timers.js");

/**
 * @typedef {object} Request
 * @property {any} message
 * @property {boolean} isRead
 * @property {boolean} isSaid
 * @property {any[]} parts those of an answer that comes in several
 * @property {import("./errors").Deferred<any>} settled
 */

const requestsMax = 64;
const patience = 15000;
const reads = ["history", "pairs", "export"];

class Requests {
  /**
   * @param {import("./onechat").Clock} clock
   * @param {(message: object) => boolean} say false while there is no connection
   */
  constructor(clock, say) {
    this.say = say;
    this.timers = new Timers(clock);
    /** @type {Map<number, Request>} */
    this.open = new Map();
    this.rid = 0;
  }

  /** @returns {number} for who asks by other ways */
  number() {
    return ++this.rid;
  }

  /**
   * @param {any} message
   * @returns {Promise<any>} its answer
   */
  ask(message) {
    if (this.open.size >= requestsMax) {
      return errors.rejected("rate_limited");
    }
    const rid = this.number();
    /** @type {Request} */
    const request = {
      message: Object.assign({}, message, { rid: rid }), isRead: reads.indexOf(message.t) >= 0,
      isSaid: false, parts: [], settled: errors.deferred(),
    };
    this.open.set(rid, request);
    this.wait(rid, request);
    request.isSaid = this.say(request.message);
    return request.settled.promise;
  }

  /**
   * @param {number} rid
   * @param {Request} request
   */
  wait(rid, request) {
    this.timers.set(String(rid), patience, () => this.reject(rid, request, "offline"));
  }

  /**
   * @param {number} rid
   * @param {Request} request
   * @param {import("./onechat").ErrorCode} code
   * @param {{retry_ms?: number, field?: string}} [more]
   */
  reject(rid, request, code, more) {
    this.open.delete(rid);
    this.timers.clear(String(rid));
    request.settled.reject(new errors.OnechatError(code, more));
  }

  /**
   * @param {any} message
   * @returns {any} the request that it answers, when it does
   */
  answered(message) {
    const request = this.open.get(message.rid);
    if (!request) {
      return null;
    }
    if (message.t === "error") {
      this.reject(message.rid, request, message.code, message);
    } else if (message.t === "exported") {
      request.parts = request.parts.concat(message.records);
      this.wait(message.rid, request);
      if (!message.more) {
        this.resolve(message.rid, request, request.parts);
      }
    } else {
      this.resolve(message.rid, request, message);
    }
    return request.message;
  }

  /**
   * @param {number} rid
   * @param {Request} request
   * @param {any} answer
   */
  resolve(rid, request, answer) {
    this.open.delete(rid);
    this.timers.clear(String(rid));
    request.settled.resolve(answer);
  }

  /** There is a connection. */
  flush() {
    this.open.forEach((request) => {
      if (!request.isSaid) {
        request.isSaid = this.say(request.message);
      }
    });
  }

  /** @param {boolean} becauseOfFrame the server closed because of something that was said */
  lost(becauseOfFrame) {
    this.open.forEach((request, rid) => {
      if (request.isSaid && (becauseOfFrame || !request.isRead)) {
        this.reject(rid, request, becauseOfFrame ? "frame_refused" : "offline");
      } else {
        request.isSaid = false;
        request.parts = [];
      }
    });
  }

  /** Nothing will be answered. */
  stop() {
    this.open.forEach((request, rid) => this.reject(rid, request, "stopped"));
  }
}

module.exports = { Requests: Requests };
