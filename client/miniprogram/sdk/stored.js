// What outlives the app: the token, and the current chat with the texts that are on their way.
// Storage may be full, forbidden or broken; then the memory of this run has to do.
"use strict";

/**
 * @typedef {object} StoredText
 * @property {string} id
 * @property {string} text
 * @property {number} at
 * @property {"sending" | "failed"} state
 * @property {import("./onechat").ErrorCode | null} code
 * @property {number} cid
 * @property {number[]} cids
 */

/**
 * @typedef {object} StoredChat
 * @property {string} pair
 * @property {import("./protocol").PartnerInfo} partner
 * @property {string | null} topic
 * @property {number} met
 * @property {number} seq where the record may be taken up again
 * @property {number} epoch
 * @property {boolean} left the user has left, and the server has not said so yet
 * @property {StoredText[]} texts
 */

class Stored {
  /**
   * @param {import("./onechat").Storage} storage
   * @param {(sentence: string) => void} log
   */
  constructor(storage, log) {
    this.storage = storage;
    this.log = log;
    /** What storage would not take, by key. @type {Map<string, string | null>} */
    this.unwritten = new Map();
  }

  /** @returns {string | null} */
  token() {
    return this.get("token") || null;
  }

  /** @param {string | null} token */
  setToken(token) {
    this.set("token", token);
  }

  /** @returns {StoredChat | null} */
  chat() {
    try {
      const chat = JSON.parse(this.get("chat") || "null");
      const whole = chat && typeof chat.pair === "string" && Number.isSafeInteger(chat.seq) &&
        Number.isSafeInteger(chat.epoch) && chat.partner && Array.isArray(chat.texts);
      return whole ? chat : null;
    } catch (error) {
      this.log("The stored chat cannot be read.");
      return null;
    }
  }

  /** @param {StoredChat | null} chat */
  setChat(chat) {
    this.set("chat", chat && JSON.stringify(chat));
  }

  /**
   * @param {string} key
   * @returns {string | null}
   */
  get(key) {
    const unwritten = this.unwritten.get(key);
    if (unwritten !== undefined) {
      return unwritten;
    }
    try {
      const value = this.storage.get(key);
      return typeof value === "string" ? value : null;
    } catch (error) {
      this.log("Storage cannot be read.");
      return null;
    }
  }

  /**
   * @param {string} key
   * @param {string | null} value
   */
  set(key, value) {
    try {
      if (value === null) {
        this.storage.remove(key);
      } else {
        this.storage.set(key, value);
      }
      this.unwritten.delete(key);
    } catch (error) {
      this.log("Storage cannot be written.");
      this.unwritten.set(key, value);
    }
  }
}

module.exports = { Stored: Stored };
