// Generated from protocol/*.hpp: don't edit, run scripts/regenerate.
// The messages of docs/protocol.md as types, told apart by `t`, and the constants of protocol.js.

export as namespace onechatProtocol;

export const VERSION: 1;
export const SUBPROTOCOL: "onechat.v1";
export const PATH: "/ws";
export const LIMITS: {
  /** Code points in a text. */
  readonly textCodePointsMax: number;
  /** Code points in a nickname. */
  readonly nicknameCodePointsMax: number;
  /** Code points in a report's note. */
  readonly noteCodePointsMax: number;
  /** Topics that `find` may name. */
  readonly topicsMax: number;
  /** Templates that `notify` may name. */
  readonly templatesMax: number;
  /** Bytes in a pair, a topic or a template id. */
  readonly idBytesMax: number;
  /** Bytes in a token. */
  readonly tokenBytesMax: number;
  /** Entries that one page may be asked for. */
  readonly pageMax: number;
  /** Entries of a page when `limit` is absent. */
  readonly pageDefault: number;
  /** Texts without an `ack`. */
  readonly inFlightMax: number;
  /** How far back among the accepted texts a repeated `cid` is recognised. */
  readonly cidWindow: number;
  /** Events in `matched.recent`. */
  readonly recentMax: number;
  /** Missed events that come after `welcome`. */
  readonly replayMax: number;
  /** How old a text may be to be recalled. */
  readonly recallMs: number;
  /** Bytes in a message from the client; beyond it the connection closes with 1009. */
  readonly clientFrameBytesMax: number;
  /** Bytes in a message from the server. */
  readonly serverFrameBytesMax: number;
  /** Levels of JSON, the outer object being the first. */
  readonly depthMax: number;
  /** The largest integer. */
  readonly integerMax: number;
  /** Fragments of a message. */
  readonly fragmentsMax: number;
  /** From a message's first fragment to its last. */
  readonly messageMs: number;
  /** Control frames in 10 s. */
  readonly controlFramesMax: number;
  /** Bytes that may wait to be sent to a client; beyond it, 4001. */
  readonly outboxBytesMax: number;
  /** How long nothing may get through to a client; then 4001. */
  readonly slowMs: number;
  /** From the upgrade to `hello`; then 4002. */
  readonly helloMs: number;
  /** Silence before the server sends a WebSocket ping. */
  readonly pingAfterMs: number;
  /** Silence before the server closes with 4002. */
  readonly idleMs: number;
  /** Malformed messages in 10 s; this one closes, 4503. */
  readonly malformedMax: number;
  /** Refusals in 10 s; this one closes, 4003. */
  readonly refusalsMax: number;
  /** The least `retry_ms` of a draining server. */
  readonly drainRetryMinMs: number;
  /** The largest `retry_ms` of a draining server, unless very many are connected. */
  readonly drainRetryMaxMs: number;
  /** Waiting time until tier 1. */
  readonly anyTopicAfterMs: number;
  /** Waiting time until tier 2; configurable. */
  readonly rematchAfterMs: number;
  /** How long a former partner counts as recent. */
  readonly partedMs: number;
  /** The least time between two `waiting`. */
  readonly waitingUpdateMs: number;
  /** How long the place of somebody without a connection is kept. */
  readonly ticketKeptMs: number;
  /** How long a seat is kept; configurable, `welcome` has it. */
  readonly awayMs: number;
};
export const CLOSE_CODES: {
  /** The server drains. `retry_ms` is spread over the clients so that they don't come back at once. */
  readonly restarting: 4000;
  /** More than 256 KiB waited to be sent, or nothing could be sent for 10 s. Resume now, nothing is lost. */
  readonly slow: 4001;
  /** No `hello` within 10 s, or 75 s without a frame. */
  readonly idle: 4002;
  /** 100 refusals within 10 s. Come back after `retry_ms`. */
  readonly flood: 4003;
  /** The server is at its connection limit. */
  readonly busy: 4004;
  /** A newer connection of the same user took over. Coming back would start a tug of war. */
  readonly replaced: 4500;
  /** The token is bad, expired or revoked. Log in again. */
  readonly login_required: 4501;
  /** The user is banned; `until` says how long. */
  readonly banned: 4502;
  /** The client breaks this protocol. A bug in the client. */
  readonly protocol_error: 4503;
  /** The account is gone, as its owner asked. */
  readonly erased: 4504;
};
export const CLIENT_TYPES: readonly ClientMessage["t"][];
export const SERVER_TYPES: readonly ServerMessage["t"][];
export const AVATARS: readonly Avatar[];
export const REFUSALS: readonly Refusal[];
export const WORDS: {
  readonly Provider: readonly Provider[];
  readonly ReportReason: readonly ReportReason[];
  readonly UserState: readonly UserState[];
  readonly PoolSize: readonly PoolSize[];
  readonly Durability: readonly Durability[];
  readonly Sender: readonly Sender[];
  readonly EventKind: readonly EventKind[];
  readonly EndReason: readonly EndReason[];
  readonly GoneReason: readonly GoneReason[];
  readonly PartnerState: readonly PartnerState[];
  readonly RecordKind: readonly RecordKind[];
};
/** Whether to connect again after a close that the client did not ask for. */
export function shouldReconnect(code: number): boolean;

export type Avatar =
  | "fox"
  | "cat"
  | "panda"
  | "owl"
  | "koala"
  | "tiger"
  | "rabbit"
  | "penguin"
  | "bear"
  | "deer"
  | "otter"
  | "seal"
  | "whale"
  | "turtle"
  | "hedgehog"
  | "squirrel"
  | "frog"
  | "duck"
  | "swan"
  | "crab"
  | "sheep"
  | "horse"
  | "zebra"
  | "elephant";
export type Provider = "guest" | "wechat" | "qq";
export type ReportReason = "spam" | "abuse" | "sexual" | "fraud" | "minor" | "other";
export type UserState = "idle" | "waiting" | "paired";
export type PoolSize = "0" | "1-4" | "5-19" | "20+";
export type Durability = "full" | "normal";
export type Sender = "me" | "partner" | "system";
export type EventKind = "text" | "recall" | "start" | "end";
export type EndReason = "left" | "timeout";
export type GoneReason = "recall" | "erase" | "removed";
export type Refusal = "bad_json" | "unknown_type" | "bad_field" | "too_long" | "not_ready" | "already_paired" | "not_waiting" | "not_paired" | "unknown_pair" | "unknown_topic" | "cid_stale" | "cid_conflict" | "in_flight_full" | "rate_limited" | "blocked_text" | "login_failed" | "login_code_used" | "login_risky" | "platform_busy" | "store_unavailable" | "too_late" | "forbidden";
export type PartnerState = "here" | "away" | "left";
export type RecordKind = "account" | "text" | "ban";

/** How a user without a token logs in. */
export interface LoginRequest {
  /** Who vouches for the user. */
  provider: Provider;
  /** The platform's login code, fresh for each `hello`. Needed for all but `guest`. */
  code?: string;
}

/** How much of a pair the client still has. */
export interface HeldPosition {
  /** The pair, even when its chat is over. */
  pair: string;
  /** The highest seq up to which the client has every event, without a gap. */
  seq: number;
  /** The `epoch` of the last `welcome`. */
  epoch: number;
}

/** The first message, within 10 s: who the user is, by `token` or, without one, by `login`. When both are given the token counts. A failed login leaves the connection open for another `hello`; a bad token is `bye` 4501. */
export interface ClientHello {
  t: "hello";
  rid?: number;
  /** The version of this protocol. */
  v: 1;
  /** For a user without a token. */
  login?: LoginRequest;
  /** The `token` of an earlier `welcome`. Never put it into a URL. */
  token?: string;
  /** What the client still has, so that it gets what it missed. */
  held?: HeldPosition;
}

/** Look for a stranger. Said again while waiting it changes what it names and keeps the place. */
export interface ClientFind {
  t: "find";
  rid?: number;
  /** Ids from `welcome.topics`; somebody who shares one is preferred. None: any topic. */
  topics?: string[];
  /** What the partner sees in this chat beside the alias. Never stored. */
  nickname?: string;
  /** An id of the built-in avatars, shown to the partner in this chat. Never a URL. */
  avatar?: Avatar;
}

/** Stop waiting. In a chat it does what `leave` does. */
export interface ClientCancel {
  t: "cancel";
  rid?: number;
}

/** Say something to the partner. Without an answer, say it again with the same `cid`: it is stored and shown once. */
export interface ClientSay {
  t: "say";
  rid?: number;
  /** The client's number for this text, strictly increasing in the pair. */
  cid: number;
  /** What to say. */
  text: string;
  /** The chat it is meant for; name it, so that no text goes to the wrong stranger. */
  pair?: string;
}

/** The user began or ceased to type. It may get lost. */
export interface ClientTyping {
  t: "typing";
  rid?: number;
  /** Whether the user is typing now. */
  on: boolean;
  /** The chat it is about; ignored when that is not the current one. */
  pair?: string;
}

/** The user has seen the chat up to an event. */
export interface ClientSeen {
  t: "seen";
  rid?: number;
  /** The newest event seen. Beyond the last it is taken as the last. */
  seq: number;
  /** The chat it is about; ignored when that is not the current one. */
  pair?: string;
}

/** Take back a text of one's own that is at most 2 minutes old. */
export interface ClientRecall {
  t: "recall";
  rid?: number;
  /** The text. */
  seq: number;
  /** The chat it was said in. */
  pair?: string;
}

/** End the chat. */
export interface ClientLeave {
  t: "leave";
  rid?: number;
  /** The chat to leave. */
  pair?: string;
}

/** Leave the chat and look for another stranger at once. Without a chat it is `find`. */
export interface ClientNext {
  t: "next";
  rid?: number;
  /** As in `find`. */
  topics?: string[];
  /** As in `find`. */
  nickname?: string;
  /** As in `find`. */
  avatar?: Avatar;
  /** The chat to leave; name it, so that a double tap does not skip a stranger. */
  pair?: string;
}

/** The app goes to the background. The next message but `ping` says that it is back. */
export interface ClientAway {
  t: "away";
  rid?: number;
}

/** Read a page of what was said in a pair. */
export interface ClientHistory {
  t: "history";
  rid?: number;
  /** Which pair. */
  pair: string;
  /** Only events with a smaller seq. Absent: the newest. */
  before?: number;
  /** How many at most; 20 when absent. */
  limit?: number;
}

/** List the people one has met, newest first. */
export interface ClientPairs {
  t: "pairs";
  rid?: number;
  /** The `cursor` of the page before. Absent: the first page. */
  before?: string;
  /** How many at most; 20 when absent. */
  limit?: number;
}

/** Delete the record of a pair for oneself; the partner's copy stays. The current chat is left first. */
export interface ClientClear {
  t: "clear";
  rid?: number;
  /** Which pair. */
  pair: string;
}

/** Never meet this person again. The current chat with them is left first. */
export interface ClientBlock {
  t: "block";
  rid?: number;
  /** The pair in which one met them. */
  pair: string;
}

/** Take a block back. */
export interface ClientUnblock {
  t: "unblock";
  rid?: number;
  /** The pair in which one met them. */
  pair: string;
}

/** Tell the operator what a partner did. The record of the pair goes with it. */
export interface ClientReport {
  t: "report";
  rid?: number;
  /** Which pair. */
  pair: string;
  /** What it is about. */
  reason: ReportReason;
  /** In the user's words. */
  note?: string;
}

/** The user just accepted subscribe messages: the platform lets the server send each of them once. */
export interface ClientNotify {
  t: "notify";
  rid?: number;
  /** The ids of the accepted templates. */
  templates: string[];
}

/** Ask for everything that the user said and is. */
export interface ClientExport {
  t: "export";
  rid?: number;
}

/** Delete the account and every text of its owner. */
export interface ClientErase {
  t: "erase";
  rid?: number;
  /** True: the user was asked. */
  confirm: true;
}

/** Leave and revoke the token. */
export interface ClientLogout {
  t: "logout";
  rid?: number;
}

/** A sign of life, for platforms that cannot send WebSocket pings. */
export interface ClientPing {
  t: "ping";
  rid?: number;
}

export type ClientMessage =
  | ClientHello
  | ClientFind
  | ClientCancel
  | ClientSay
  | ClientTyping
  | ClientSeen
  | ClientRecall
  | ClientLeave
  | ClientNext
  | ClientAway
  | ClientHistory
  | ClientPairs
  | ClientClear
  | ClientBlock
  | ClientUnblock
  | ClientReport
  | ClientNotify
  | ClientExport
  | ClientErase
  | ClientLogout
  | ClientPing;

/** A topic that can be asked for. */
export interface TopicInfo {
  /** What `find` names. */
  id: string;
  /** What the user reads. */
  title: string;
  /** A line under the title; may be empty. */
  hint: string;
  /** How many people wait with it. */
  waiting: PoolSize;
}

/** The limits of this server. */
export interface LimitsInfo {
  /** Code points in a text. */
  text: number;
  /** Bytes in a message from the client. */
  frame: number;
  /** Texts without an `ack`. */
  in_flight: number;
  /** What an `ack` promises. */
  durability: Durability;
}

/** What holds of that which the client still has. */
export interface HeldAnswer {
  /** As in `hello.held`. */
  pair: string;
  /** Drop every event above this seq; the replay starts behind it. 0 for an unknown or cleared pair. */
  keep: number;
  /** More was missed than is replayed; `history` has what lies between. */
  gap?: true;
}

/** The other one, as far as one may know. */
export interface PartnerInfo {
  /** A name drawn for this pair; another pair, another alias. */
  alias: string;
  /** An id of the built-in avatars. */
  avatar: string;
  /** What the partner calls themself in this chat. */
  nickname?: string;
}

/** Something happened in a pair. Events are dense and ordered by `seq`; drop those you have. */
export interface EventBody {
  /** Where. */
  pair: string;
  /** Its number in the pair, from 1. */
  seq: number;
  /** When, in Unix milliseconds; never less than the event before. */
  at: number;
  /** Who did it. `start` is from `system`, `end` from whoever left, `system` on timeout. */
  from: Sender;
  /** What it is. */
  kind: EventKind;
  /** What was said. */
  text?: string;
  /** The sender's number for the text, when `from` is `me`. */
  cid?: number;
  /** For `recall`: the seq of the text taken back. */
  ref?: number;
  /** For `end`: how it came. */
  reason?: EndReason;
  /** Instead of `text`: why the text is no more. */
  gone?: GoneReason;
}

/** A chat began. A pair that met before goes on in its record. */
export interface MatchedBody {
  /** The pair, opaque. Name it in what you say. */
  pair: string;
  /** Whom one met. */
  partner: PartnerInfo;
  /** The id of a topic that both had named. */
  topic?: string;
  /** Earlier chats of this pair. */
  met: number;
  /** Up to 20 newest events, oldest first, this chat's `start` included. Absent when `hello.held` named this pair. */
  recent?: EventBody[];
  /** The seq of the newest event. */
  last_seq: number;
  /** The highest `cid` of one's own that was accepted; go on above it. */
  last_cid: number;
  /** Up to which seq the partner has seen the pair. */
  partner_seen: number;
  /** In `welcome`: this chat was going on already. */
  resumed?: true;
}

/** The newest event of a pair, in short. */
export interface LastEvent {
  /** Its number in the pair. */
  seq: number;
  /** When, in Unix milliseconds. */
  at: number;
  /** What was said, if it was a text that still exists. */
  text?: string;
}

/** Somebody one has met. */
export interface PairEntry {
  /** Which pair. */
  pair: string;
  /** Whom; without a nickname, which is never stored. */
  partner: PartnerInfo;
  /** How many chats there were. */
  met: number;
  /** The newest event. */
  last: LastEvent;
  /** How many of the partner's texts one has not seen. */
  unseen: number;
  /** Whether one has blocked them. */
  blocked: boolean;
}

/** Something that outlives an erasure for a while. */
export interface KeptItem {
  /** What is kept, and by that why. */
  what: string;
  /** When it goes, too, in Unix milliseconds. */
  until: number;
}

/** What was erased, and what is kept until when. */
export interface Receipt {
  /** For questions to the operator. Says nothing by itself. */
  id: string;
  /** When, in Unix milliseconds. */
  at: number;
  /** How many texts were erased. */
  texts: number;
  /** What stays for a while. */
  kept: KeptItem[];
}

/** One thing that the server knows of the user. */
export interface ExportRecord {
  /** What it is. */
  kind: RecordKind;
  /** When it was made or said, in Unix milliseconds. */
  at: number;
  /** Where the text was said. */
  pair?: string;
  /** What the user said. */
  text?: string;
  /** Who vouched for the account. */
  provider?: Provider;
  /** When the ban ends, in Unix milliseconds. */
  until?: number;
}

/** The user is logged in, and this is where they stand. With `held` the missed events follow. */
export interface ServerWelcome {
  t: "welcome";
  rid?: number;
  /** The version of this protocol. */
  v: number;
  /** For the next `hello`. A secret: keep it in local storage. */
  token: string;
  /** When the token ends, in Unix milliseconds. */
  expires: number;
  /** Which start of the server this is; keep it for `held`. */
  epoch: number;
  /** Where the user stands. */
  state: UserState;
  /** The topics on offer. */
  topics: TopicInfo[];
  /** The limits of this server. */
  limits: LimitsInfo;
  /** The server's clock, in Unix milliseconds. */
  now: number;
  /** Say `ping` after so long a silence, if WebSocket pings are not seen. */
  heartbeat_ms: number;
  /** How long a seat is kept for somebody who is away. */
  away_ms: number;
  /** The answer to `hello.held`, whenever that was given. */
  held?: HeldAnswer;
  /** The current chat, when `state` is `paired`. */
  pair?: MatchedBody;
}

/** The user waits for a stranger. Comes again when it changes, at most every 2 s. */
export interface ServerWaiting {
  t: "waiting";
  rid?: number;
  /** Since when, in Unix milliseconds. */
  since: number;
  /** For how long, by the server's clock. */
  waited_ms: number;
  /** 0: a shared topic only. 1: any topic. 2: people met lately, too. */
  tier: number;
  /** How many people wait. */
  pool: PoolSize;
}

/** A chat began. A pair that met before goes on in its record. */
export interface ServerMatched extends MatchedBody {
  t: "matched";
  rid?: number;
}

/** The user neither waits nor chats. */
export interface ServerIdle {
  t: "idle";
  rid?: number;
}

/** Something happened in a pair. Events are dense and ordered by `seq`; drop those you have. */
export interface ServerEvent extends EventBody {
  t: "event";
  rid?: number;
}

/** The text is stored for good. It is the sender's event: a text is not echoed. */
export interface ServerAck {
  t: "ack";
  rid?: number;
  /** Where. */
  pair: string;
  /** Which text. */
  cid: number;
  /** Its number in the pair. */
  seq: number;
  /** When it was said, in Unix milliseconds. */
  at: number;
  /** It was stored already; this repeats its `ack`. */
  dup?: true;
}

/** The text was not accepted and is not stored. */
export interface ServerNack {
  t: "nack";
  rid?: number;
  /** Where, if that is known. */
  pair?: string;
  /** Which text. */
  cid: number;
  /** Why. */
  code: Refusal;
  /** Say it again after so long, and what followed it, in order, with new `cid`s. */
  retry_ms?: number;
}

/** The partner came, went away or left. */
export interface ServerPartner {
  t: "partner";
  rid?: number;
  /** Which chat. */
  pair: string;
  /** What the partner is now. After `left` one is idle. */
  state: PartnerState;
  /** With `left`: how the chat ended. */
  reason?: EndReason;
}

/** The partner began or ceased to type. Forget it after some seconds: it may get lost. */
export interface ServerTyping {
  t: "typing";
  rid?: number;
  /** Which chat. */
  pair: string;
  /** Whether the partner is typing now. */
  on: boolean;
}

/** The partner has seen the chat up to an event. */
export interface ServerSeen {
  t: "seen";
  rid?: number;
  /** Which chat. */
  pair: string;
  /** The newest event that the partner has seen. */
  seq: number;
}

/** A page of a pair's events. */
export interface ServerHistory {
  t: "history";
  rid?: number;
  /** Which pair. */
  pair: string;
  /** Oldest first. May be fewer than asked for. */
  events: EventBody[];
  /** There are older ones; ask with `before` the first seq here. */
  more: boolean;
}

/** A page of the people one has met. */
export interface ServerPairs {
  t: "pairs";
  rid?: number;
  /** Newest first. May be fewer than asked for. */
  pairs: PairEntry[];
  /** There are older ones. */
  more: boolean;
  /** With `more`: what to give as `before`. */
  cursor?: string;
}

/** The account is gone. `bye` 4504 follows. */
export interface ServerErased {
  t: "erased";
  rid?: number;
  /** To be shown to the user. */
  receipt: Receipt;
}

/** What the server knows of the user: never a partner's texts, never an OpenID. */
export interface ServerExported {
  t: "exported";
  rid?: number;
  /** A part of it, oldest first. */
  records: ExportRecord[];
  /** Another `exported` follows. */
  more: boolean;
}

/** The record is deleted for the user. */
export interface ServerCleared {
  t: "cleared";
  rid?: number;
}

/** The block is set or taken back. */
export interface ServerBlocked {
  t: "blocked";
  rid?: number;
  /** Which pair. */
  pair: string;
  /** Whether the person is blocked now. */
  on: boolean;
}

/** The report is stored. */
export interface ServerReported {
  t: "reported";
  rid?: number;
}

/** The accepted subscribe messages are noted. */
export interface ServerNoted {
  t: "noted";
  rid?: number;
}

/** The answer to `ping`. */
export interface ServerPong {
  t: "pong";
  rid?: number;
  /** The server's clock, in Unix milliseconds. */
  now: number;
}

/** A request was refused. The connection stays open. */
export interface ServerError {
  t: "error";
  rid?: number;
  /** Why. */
  code: Refusal;
  /** A sentence for a developer; not for the user. */
  text: string;
  /** With `bad_field` and `too_long`: which field. */
  field?: string;
  /** Ask again after so long. */
  retry_ms?: number;
}

/** The last message before every close with a code from 4000, as mini programs do not reliably see that code. */
export interface ServerBye {
  t: "bye";
  rid?: number;
  /** The close code. Below 4500 connect again, from 4500 on don't. */
  code: number;
  /** Its name. */
  reason: string;
  /** Connect again after so long. */
  retry_ms?: number;
  /** With 4502: when the ban ends, in Unix milliseconds. */
  until?: number;
}

export type ServerMessage =
  | ServerWelcome
  | ServerWaiting
  | ServerMatched
  | ServerIdle
  | ServerEvent
  | ServerAck
  | ServerNack
  | ServerPartner
  | ServerTyping
  | ServerSeen
  | ServerHistory
  | ServerPairs
  | ServerErased
  | ServerExported
  | ServerCleared
  | ServerBlocked
  | ServerReported
  | ServerNoted
  | ServerPong
  | ServerError
  | ServerBye;
