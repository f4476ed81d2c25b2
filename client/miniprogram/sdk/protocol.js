// Generated from protocol/*.hpp: don't edit, run scripts/regenerate.
// What the server and its clients agree on, as constants. Works as a plain script, then it is the
// global `onechatProtocol`, and as a CommonJS module.
var onechatProtocol = (function () {
  "use strict";

  const VERSION = 1;
  const SUBPROTOCOL = "onechat.v1";
  const PATH = "/ws";

  const LIMITS = {
    /** Code points in a text. */
    textCodePointsMax: 2000,
    /** Code points in a nickname. */
    nicknameCodePointsMax: 32,
    /** Code points in a report's note. */
    noteCodePointsMax: 500,
    /** Topics that `find` may name. */
    topicsMax: 8,
    /** Templates that `notify` may name. */
    templatesMax: 16,
    /** Bytes in a pair, a topic or a template id. */
    idBytesMax: 128,
    /** Bytes in a token. */
    tokenBytesMax: 4096,
    /** Entries that one page may be asked for. */
    pageMax: 100,
    /** Entries of a page when `limit` is absent. */
    pageDefault: 20,
    /** Texts without an `ack`. */
    inFlightMax: 64,
    /** How far back among the accepted texts a repeated `cid` is recognised. */
    cidWindow: 64,
    /** Events in `matched.recent`. */
    recentMax: 20,
    /** Missed events that come after `welcome`. */
    replayMax: 1000,
    /** How old a text may be to be recalled. */
    recallMs: 120000,
    /** Bytes in a message from the client; beyond it the connection closes with 1009. */
    clientFrameBytesMax: 32768,
    /** Bytes in a message from the server. */
    serverFrameBytesMax: 65536,
    /** Levels of JSON, the outer object being the first. */
    depthMax: 8,
    /** The largest integer. */
    integerMax: 9007199254740991,
    /** Fragments of a message. */
    fragmentsMax: 16,
    /** From a message's first fragment to its last. */
    messageMs: 10000,
    /** Control frames in 10 s. */
    controlFramesMax: 10,
    /** Bytes that may wait to be sent to a client; beyond it, 4001. */
    outboxBytesMax: 262144,
    /** How long nothing may get through to a client; then 4001. */
    slowMs: 10000,
    /** From the upgrade to `hello`; then 4002. */
    helloMs: 10000,
    /** Silence before the server sends a WebSocket ping. */
    pingAfterMs: 25000,
    /** Silence before the server closes with 4002. */
    idleMs: 75000,
    /** Malformed messages in 10 s; this one closes, 4503. */
    malformedMax: 5,
    /** Refusals in 10 s; this one closes, 4003. */
    refusalsMax: 100,
    /** The least `retry_ms` of a draining server. */
    drainRetryMinMs: 500,
    /** The largest `retry_ms` of a draining server, unless very many are connected. */
    drainRetryMaxMs: 5000,
    /** Waiting time until tier 1. */
    anyTopicAfterMs: 3000,
    /** Waiting time until tier 2; configurable. */
    rematchAfterMs: 8000,
    /** How long a former partner counts as recent. */
    partedMs: 1800000,
    /** The least time between two `waiting`. */
    waitingUpdateMs: 2000,
    /** How long the place of somebody without a connection is kept. */
    ticketKeptMs: 60000,
    /** How long a seat is kept; configurable, `welcome` has it. */
    awayMs: 120000,
  };

  const CLOSE_CODES = {
    /** The server drains. `retry_ms` is spread over the clients so that they don't come back at once. */
    restarting: 4000,
    /** More than 256 KiB waited to be sent, or nothing could be sent for 10 s. Resume now, nothing is lost. */
    slow: 4001,
    /** No `hello` within 10 s, or 75 s without a frame. */
    idle: 4002,
    /** 100 refusals within 10 s. Come back after `retry_ms`. */
    flood: 4003,
    /** The server is at its connection limit. */
    busy: 4004,
    /** A newer connection of the same user took over. Coming back would start a tug of war. */
    replaced: 4500,
    /** The token is bad, expired or revoked. Log in again. */
    login_required: 4501,
    /** The user is banned; `until` says how long. */
    banned: 4502,
    /** The client breaks this protocol. A bug in the client. */
    protocol_error: 4503,
    /** The account is gone, as its owner asked. */
    erased: 4504,
  };

  /** The types of messages, by who says them. */
  const CLIENT_TYPES = [
    "hello", "find", "cancel", "say", "typing", "seen", "recall", "leave", "next", "away",
    "history", "pairs", "clear", "block", "unblock", "report", "notify", "export", "erase",
    "logout", "ping",
  ];
  const SERVER_TYPES = [
    "welcome", "waiting", "matched", "idle", "event", "ack", "nack", "partner", "typing",
    "seen", "history", "pairs", "erased", "exported", "cleared", "blocked", "reported", "noted",
    "pong", "error", "bye",
  ];

  /** The built-in avatars. */
  const AVATARS = [
    "fox", "cat", "panda", "owl", "koala", "tiger", "rabbit", "penguin", "bear", "deer",
    "otter", "seal", "whale", "turtle", "hedgehog", "squirrel", "frog", "duck", "swan", "crab",
    "sheep", "horse", "zebra", "elephant",
  ];

  /** The codes of `error` and `nack`. */
  const REFUSALS = [
    "bad_json", "unknown_type", "bad_field", "too_long", "not_ready", "already_paired",
    "not_waiting", "not_paired", "unknown_pair", "unknown_topic", "cid_stale", "cid_conflict",
    "in_flight_full", "rate_limited", "blocked_text", "login_failed", "login_code_used",
    "login_risky", "platform_busy", "store_unavailable", "too_late", "forbidden",
  ];

  /** The words that fields may have, by the names of their types. */
  const WORDS = {
    Provider: [
      "guest", "wechat", "qq",
    ],
    ReportReason: [
      "spam", "abuse", "sexual", "fraud", "minor", "other",
    ],
    UserState: [
      "idle", "waiting", "paired",
    ],
    PoolSize: [
      "0", "1-4", "5-19", "20+",
    ],
    Durability: [
      "full", "normal",
    ],
    Sender: [
      "me", "partner", "system",
    ],
    EventKind: [
      "text", "recall", "start", "end",
    ],
    EndReason: [
      "left", "timeout",
    ],
    GoneReason: [
      "recall", "erase", "removed",
    ],
    PartnerState: [
      "here", "away", "left",
    ],
    RecordKind: [
      "account", "text", "ban",
    ],
  };

  /** Whether to connect again after a close that the client did not ask for. */
  function shouldReconnect(code) {
    return !(code >= 4500 && code <= 4999);
  }

  return {
    VERSION: VERSION,
    SUBPROTOCOL: SUBPROTOCOL,
    PATH: PATH,
    LIMITS: LIMITS,
    CLOSE_CODES: CLOSE_CODES,
    CLIENT_TYPES: CLIENT_TYPES,
    SERVER_TYPES: SERVER_TYPES,
    AVATARS: AVATARS,
    REFUSALS: REFUSALS,
    WORDS: WORDS,
    shouldReconnect: shouldReconnect,
  };
})();

if (typeof module === "object" && module.exports) {
  module.exports = onechatProtocol;
}
