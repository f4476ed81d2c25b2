// The client of onechat: what mini programs and pages call. `onechat.js` is all that one requires:
//
//   const onechat = require("./sdk/onechat.js");
//   const url = "wss://chat.example.com/ws";
//   const client = onechat.createClient(Object.assign({url: url}, onechat.platform(wx)));
//   client.on("state", (state) => page.setData({state: state}));
//   client.start();
//   client.find({nickname: "小明", avatar: "fox"});
//
// There is one client per app, and it outlives the pages. Nothing here throws: what is asked in the
// wrong moment rejects. A promise that nobody looks at stays quiet when it rejects.

import type {
  Avatar,
  EndReason,
  EventBody,
  ExportRecord,
  LimitsInfo,
  PairEntry,
  PartnerInfo,
  PoolSize,
  Provider,
  Receipt,
  Refusal,
  ReportReason,
  Sender,
  TopicInfo,
  UserState,
} from "./protocol";

export * as protocol from "./protocol";

export function createClient(options: ClientOptions): Client;

// ---- what is put in ----

/** The first three are what `platform(wx)` and `browser(window)` return. */
export interface ClientOptions {
  /** As `wss://chat.example.com/ws`. */
  url: string;
  /** Opens a socket, as `wx.connectSocket` does. */
  connect: (options: { url: string; protocols: string[] }) => SocketTask;
  storage: Storage;
  /** Asked for each login without a token: a code of the platform can be used once. */
  login: () => Promise<Login>;
  clock?: Clock;
  /** From 0 up to but not including 1, as `Math.random`. */
  random?: () => number;
  /** Hears one sentence per thing worth knowing to a developer; never a text or a token. */
  log?: (sentence: string) => void;
}

/** What of WeChat's `SocketTask` is used. */
export interface SocketTask {
  onOpen(heard: (opened?: any) => void): void;
  onMessage(heard: (message: { data: string | ArrayBuffer }) => void): void;
  onClose(heard: (closed: { code?: number; reason?: string }) => void): void;
  onError(heard: (error?: any) => void): void;
  send(options: { data: string; success?: () => void; fail?: (error?: any) => void }): void;
  close(options: { code?: number; reason?: string }): void;
}

/** Small strings under short keys. Each of these may fail; the client then goes on without. */
export interface Storage {
  get(key: string): string | null | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
}

export interface Login {
  provider: Provider;
  /** The platform's login code; not for guests. */
  code?: string;
}

export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  setTimeout(wake: () => void, ms: number): any;
  clearTimeout(timer: any): void;
}

/** The parts for a mini program: `wx`, or `qq`. `prefix` keeps two users apart in one storage. */
export function platform(
  wx: object,
  prefix?: string,
): Pick<ClientOptions, "connect" | "storage" | "login">;
/** The parts for a page in a browser, with guests for users. */
export function browser(
  window: object,
  prefix?: string,
): Pick<ClientOptions, "connect" | "storage" | "login">;
/** Tells the client when the mini program shows, hides, or changes the network. Call it once. */
export function followPlatform(client: Client, wx: object): void;
/** The same for a page in a browser. */
export function followBrowser(client: Client, window: object): void;

// ---- the client ----

export interface Client {
  /** Connects, and stays connected until `stop` or until the server ends it. Starts anew then. */
  start(): void;
  /** Disconnects; chat and outbox stay, and `start` goes on with them. */
  stop(): void;
  /** The app came to the foreground: reconnects at once, or checks that the socket still lives. */
  show(): void;
  /** The app went to the background: the partner is told. */
  hide(): void;
  networkChanged(connected: boolean): void;

  /** All that a page shows. The same object, and the same parts of it, until something changes. */
  state(): State;
  /** The server's clock as well as it is known, in Unix milliseconds: for the age of an event. */
  serverNow(): number;
  /** Returns the function that ends it. */
  on<Name extends keyof ClientEvents>(
    name: Name,
    heard: (what: ClientEvents[Name]) => void,
  ): () => void;

  // -- matching: said again after a lost connection until the server has answered --

  /** Searches; while searching it changes topics, nickname and avatar. */
  find(wanted?: Wanted): Promise<void>;
  cancel(): Promise<void>;
  /** Ends the chat. It is over for the page at once (`state().ended`), also while offline. */
  leave(): Promise<void>;
  /** Leaves, if there is a chat, and searches. */
  next(wanted?: Wanted): Promise<void>;

  // -- the current chat --

  /** Resolves when the text is stored for good; rejects when it `failed`, for which see `retry`. */
  say(text: string): Promise<EventBody>;
  /** Says a text that failed again, as the last one. */
  retry(id: string): Promise<EventBody>;
  /** Takes a text that failed out of the outbox. */
  discard(id: string): void;
  /** Call it at each change of the input: it is passed on as seldom as it should be. */
  typing(on: boolean): void;
  /** The user has seen the chat up to here; without `seq` up to its newest event. */
  seen(seq?: number): void;
  recall(seq: number): Promise<void>;
  /** Puts an older page before the events of `chat`, else of `ended`; resolves to whether more are. */
  older(limit?: number): Promise<boolean>;

  // -- records and rights; these reject with `offline` when there is no answer within 15 s --

  history(pair: string, page?: { before?: number; limit?: number }): Promise<HistoryPage>;
  pairs(page?: { before?: string; limit?: number }): Promise<PairsPage>;
  clear(pair: string): Promise<void>;
  block(pair: string): Promise<void>;
  unblock(pair: string): Promise<void>;
  report(pair: string, reason: ReportReason, note?: string): Promise<void>;
  /** The user has just accepted these subscribe messages. */
  notify(templates: string[]): Promise<void>;
  exportAll(): Promise<ExportRecord[]>;
  /** Deletes the account; the client then is `stopped`, why `erased`. */
  erase(): Promise<Receipt>;
  /** Revokes the token; the client then is `stopped`, why `logged_out`. */
  logout(): Promise<void>;
}

export interface ClientEvents {
  /** Something in `state()` changed; told once for all that changes together. */
  state: State;
  /** A chat began (`resumed`: or was found again at the start of the app). */
  matched: { chat: ChatState; resumed: boolean };
  /** An event of the current chat, each once: also what was missed, and own texts once stored. */
  event: EventBody;
  /** The chat is over; it is in `state().ended` until the next one begins to be searched. */
  ended: ChatState;
}

/** What `find` and `next` may name. */
export interface Wanted {
  topics?: string[];
  /** At most 32 code points; cut when longer, left out when empty. */
  nickname?: string;
  avatar?: Avatar;
}

export interface HistoryPage {
  events: EventBody[];
  more: boolean;
}

export interface PairsPage {
  pairs: PairEntry[];
  more: boolean;
  cursor?: string;
}

// ---- the state ----

export interface State {
  readonly connection: ConnectionState;
  /** Whether the server has said where the user stands since `start`; before, `user` is a guess. */
  readonly welcomed: boolean;
  /** Where the user stands: `waiting` from `find` on, `idle` from `leave` or `cancel` on. */
  readonly user: UserState;
  /** As of the last welcome. */
  readonly topics: readonly TopicInfo[];
  readonly limits: LimitsInfo;
  /** How long a seat is kept for somebody who is away. */
  readonly away_ms: number;
  /** The search, while `user` is `waiting`. */
  readonly waiting: WaitingState | null;
  /** The chat, while `user` is `paired`. */
  readonly chat: ChatState | null;
  /** The chat that ended last, until the next search. */
  readonly ended: ChatState | null;
}

export interface ConnectionState {
  /** `offline`: the next attempt is at `retry_at`. `stopped`: only `start` helps. */
  readonly status: "connecting" | "online" | "offline" | "stopped";
  readonly why: StopReason | null;
  /** When stopped for a ban: until when, in Unix milliseconds. */
  readonly until: number | null;
  /** When offline: the time of the next attempt by this device's clock. */
  readonly retry_at: number | null;
}

/** Those of the server are the names of the close codes. */
export type StopReason =
  | "not_started"
  | "asked"
  | "replaced"
  | "login_required"
  | "login_failed"
  | "login_risky"
  | "banned"
  | "protocol_error"
  | "erased"
  | "logged_out";

export interface WaitingState {
  /** When the search began, by this device's clock. */
  readonly since: number;
  /** 0: a shared topic only. 1: any topic. 2: people met lately, too. */
  readonly tier: number;
  /** Null until the server has said it. */
  readonly pool: PoolSize | null;
}

export interface ChatState {
  readonly pair: string;
  readonly partner: PartnerInfo;
  /** The id of a topic that both had named. */
  readonly topic: string | null;
  /** Earlier chats with this person; their events are above this chat's `start`. */
  readonly met: number;
  readonly partner_state: "here" | "away" | "left";
  readonly typing: boolean;
  /** Up to which seq the partner has seen the chat. */
  readonly partner_seen: number;
  /**
   * What happened, by `seq`; own texts once they are stored. A text that was recalled has `gone`
   * and no `text`. At most 2000: then the oldest go, and `older` brings them again.
   */
  readonly events: readonly EventBody[];
  /** There may be older ones: call `older`. */
  readonly has_older: boolean;
  /** More was missed than could be caught up: the events before these are to be had by `older`. */
  readonly gap: boolean;
  /** Own texts that are not stored yet, in order, to be shown after the events. */
  readonly outbox: readonly OutboxText[];
  /** How it ended; null while it goes on. `reason` is null when that is not known (yet). */
  readonly end: { readonly by: Sender; readonly reason: EndReason | null } | null;
}

/** A text on its way. Once stored it is in `events`, which is its state `sent`. */
export interface OutboxText {
  /** Stays the same, also over a restart of the app. */
  readonly id: string;
  readonly text: string;
  /** When the user said it, by this device's clock. */
  readonly at: number;
  readonly state: "sending" | "failed";
  /** Why it failed. With `chat_over` there is no retry. */
  readonly code: ErrorCode | null;
}

// ---- errors ----

/** What a promise rejects with. */
export class OnechatError extends Error {
  readonly code: ErrorCode;
  /** Ask again after so long. */
  readonly retry_ms?: number;
  /** With `bad_field` and `too_long`: which field. */
  readonly field?: string;
}

/**
 * The refusals of the protocol, and the client's own: `offline`: no answer in time. `stopped`: the
 * client is, see `connection.why`. `superseded`: the user asked for something else since.
 * `chat_over`: the chat ended first. `outbox_full`: 100 texts are waiting already.
 * `frame_refused`: the server closed the connection because of it.
 */
export type ErrorCode =
  | Refusal
  | "offline"
  | "stopped"
  | "superseded"
  | "chat_over"
  | "outbox_full"
  | "frame_refused";
