// What promises of the client reject with, and a promise that is settled from elsewhere.
"use strict";

/** @typedef {import("./onechat").ErrorCode} ErrorCode */

class OnechatError extends Error {
  /**
   * @param {ErrorCode} code
   * @param {{retry_ms?: number, field?: string}} [more]
   */
  constructor(code, more) {
    super("onechat: " + code);
    this.name = "OnechatError";
    /** @readonly */
    this.code = code;
    if (more && more.retry_ms !== undefined) {
      /** @readonly @type {number | undefined} */
      this.retry_ms = more.retry_ms;
    }
    if (more && more.field !== undefined) {
      /** @readonly @type {string | undefined} */
      this.field = more.field;
    }
  }
}

/**
 * @template T
 * @typedef {object} Deferred
 * @property {Promise<T>} promise
 * @property {(value: T) => void} resolve
 * @property {(why: OnechatError) => void} reject
 */

/**
 * A rejection that nobody looks at stays quiet: pages follow the state.
 * @template T
 * @returns {Deferred<T>}
 */
function deferred() {
  /** @type {any} */
  const made = {};
  made.promise = new Promise(function (resolve, reject) {
    made.resolve = resolve;
    made.reject = reject;
  });
  made.promise.catch(function () {});
  return made;
}

/**
 * @param {ErrorCode} code
 * @param {{retry_ms?: number, field?: string}} [more]
 * @returns {Promise<any>}
 */
function rejected(code, more) {
  const made = deferred();
  made.reject(new OnechatError(code, more));
  return made.promise;
}

module.exports = { OnechatError: OnechatError, deferred: deferred, rejected: rejected };
