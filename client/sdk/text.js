// Strings as the protocol wants them, with what the oldest mini programs have.
"use strict";

/**
 * What an input box cut in the middle of an emoji, or U+0000, would be refused by the server, or
 * break the connection: older engines write a lone surrogate as bytes that are no UTF-8.
 * @param {unknown} text
 * @returns {string}
 */
function wellFormed(text) {
  return String(text)
    .replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g, function (found) {
      return found.length === 2 ? found : "\uFFFD";
    })
    .replace(/\u0000/g, "");
}

/**
 * @param {string} text well formed
 * @returns {number}
 */
function codePoints(text) {
  return text.replace(/[\uD800-\uDBFF]/g, "").length;
}

/**
 * @param {string} text well formed
 * @param {number} max in code points
 * @returns {string}
 */
function cut(text, max) {
  return text.length <= max ? text : Array.from(text).slice(0, max).join("");
}

/**
 * Some platforms hand over text frames as bytes, and not all of those have a `TextDecoder`.
 * @param {string | ArrayBuffer} data
 * @returns {string}
 */
function frameText(data) {
  if (typeof data === "string") {
    return data;
  }
  const bytes = new Uint8Array(data);
  let escaped = "";
  for (let n = 0; n < bytes.length; ++n) {
    escaped += (bytes[n] < 16 ? "%0" : "%") + bytes[n].toString(16);
  }
  return decodeURIComponent(escaped);
}

module.exports = { wellFormed: wellFormed, codePoints: codePoints, cut: cut, frameText: frameText };
