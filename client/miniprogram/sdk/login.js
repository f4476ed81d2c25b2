// What a `hello` says of who the user is: the token, else a fresh login of the platform.
"use strict";

/** How often a refused token is answered with a new login before a person is asked. */
const againAfterMs = 60000;

class Login {
  /**
   * @param {import("./onechat").ClientOptions["login"]} login
   * @param {import("./stored").Stored} stored
   * @param {import("./onechat").Clock} clock
   */
  constructor(login, stored, clock) {
    this.login = login;
    this.stored = stored;
    this.clock = clock;
    /** @type {string | null} */
    this.token = null;
    /** A platform's code is good for one hello. @type {import("./onechat").Login | null} */
    this.fresh = null;
    /** @type {number | null} */
    this.refusedAt = null;
  }

  start() {
    this.token = this.stored.token();
    this.refusedAt = null;
  }

  /** @returns {Promise<void> | null} null when there is a token */
  prepare() {
    this.fresh = null;
    if (this.token !== null) {
      return null;
    }
    return Promise.resolve().then(() => this.login()).then((fresh) => {
      if (!fresh || !fresh.provider) {
        throw new Error("A login names its provider.");
      }
      this.fresh = fresh;
    });
  }

  /** @returns {object} */
  hello() {
    if (this.token !== null) {
      return { token: this.token };
    }
    /** @type {import("./onechat").Login} */
    const fresh = this.fresh || { provider: "guest" };
    return { login: fresh.code ? { provider: fresh.provider, code: fresh.code }
                               : { provider: fresh.provider } };
  }

  /** @param {string} token */
  welcomed(token) {
    this.token = token;
    this.stored.setToken(token);
  }

  forget() {
    this.token = null;
    this.stored.setToken(null);
  }

  /** @returns {boolean} whether to log in anew at once */
  refused() {
    const now = this.clock.now();
    const isFirst = this.refusedAt === null || Math.abs(now - this.refusedAt) >= againAfterMs;
    this.refusedAt = now;
    const stored = this.stored.token();
    if (stored !== null && stored !== this.token) {
      this.token = stored;  // another page with the same storage has logged in since
      return isFirst;
    }
    this.forget();
    return isFirst;
  }
}

module.exports = { Login: Login };
