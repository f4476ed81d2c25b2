// @ts-check
// What stands in the list of a chat: from events and outbox to rows, and from two lists of rows to
// the smallest change of the page's data. Pure.

const { fill } = require('../i18n/fill');
const { moment } = require('./time_labels');

/** A time is shown above a text when so much has passed since the one above. */
const PAUSE_MS = 5 * 60 * 1000;

/** @typedef {import('../sdk/protocol').EventBody} EventBody */
/** @typedef {import('../sdk/onechat').OutboxText} OutboxText */
/** @typedef {Pick<typeof import('../i18n/zh'), 'chattt' | 'time'>} Texts */

/**
 * `kind`: a bubble, a note in the middle, or a line across. `state` of own texts, and the `code`
 * with which one failed.
 * @typedef {{
 *   id: string, kind: 'text' | 'note' | 'line', mine: boolean, text: string, when: string,
 *   state: '' | 'sending' | 'failed' | 'sent' | 'seen', seq: number, at: number,
 *   code: string,
 * }} Row
 */

/**
 * @typedef {{
 *   events: readonly EventBody[], from: number, to: number, outbox: readonly OutboxText[],
 *   seen: number, met: number, topic: string, now: number,
 * }} Source
 */

/**
 * @param {EventBody} event
 * @param {Texts} texts
 * @returns {string}
 */
function goneNote(event, texts) {
  if (event.gone === 'erase') return texts.chattt.erasedText;
  if (event.gone === 'removed') return texts.chattt.removedText;
  return event.from === 'me' ? texts.chattt.youRecalled : texts.chattt.theyRecalled;
}

/**
 * @param {EventBody} event
 * @param {Texts} texts
 * @returns {string}
 */
function endNote(event, texts) {
  if (event.reason === 'timeout') return texts.chattt.timedOut;
  return event.from === 'me' ? texts.chattt.youLeft : texts.chattt.theyLeft;
}

/**
 * The line at a chat's start. Only the newest start says more than when: it is about this chat.
 * A `met` below zero is a record that is only read.
 * @param {Source} source
 * @param {number} index
 * @param {number} lastStart
 * @param {Texts} texts
 * @returns {string}
 */
function startLine(source, index, lastStart, texts) {
  const when = moment(source.events[index].at, source.now, texts.time);
  if (index !== lastStart || source.met < 0) return fill(texts.chattt.started, { when: when });
  if (source.met > 0) return fill(texts.chattt.metAgain, { when: when });
  return source.topic
    ? fill(texts.chattt.metTopic, { topic: source.topic })
    : texts.chattt.metFirst;
}

/**
 * @param {Source} source
 * @param {Texts} texts
 * @returns {Row[]}
 */
function build(source, texts) {
  /** @type {Row[]} */
  const rows = [];
  let before = 0;
  let lastStart = source.events.length - 1;
  while (lastStart > 0 && source.events[lastStart].kind !== 'start') --lastStart;
  /** @param {number} at */
  function label(at) {
    const shown = at - before >= PAUSE_MS ? moment(at, source.now, texts.time) : '';
    before = at;
    return shown;
  }
  for (let i = source.from; i < source.to; ++i) {
    const event = source.events[i];
    const mine = event.from === 'me';
    /** @type {Row} */
    const row = {
      id: 's' + event.seq,
      kind: 'note',
      mine: mine,
      text: '',
      when: '',
      state: '',
      seq: event.seq,
      at: event.at,
      code: '',
    };
    if (event.kind === 'recall') continue;
    if (event.kind === 'start') {
      row.kind = 'line';
      row.text = startLine(source, i, lastStart, texts);
      if (source.met > 0) before = event.at;
    } else if (event.kind === 'end') {
      row.text = endNote(event, texts);
    } else if (event.gone) {
      row.text = goneNote(event, texts);
      row.when = label(event.at);
    } else {
      row.kind = 'text';
      row.text = event.text || '';
      row.when = label(event.at);
      if (mine) row.state = event.seq <= source.seen ? 'seen' : 'sent';
    }
    rows.push(row);
  }
  if (source.to === source.events.length) {
    source.outbox.forEach((said) => {
      rows.push({
        id: said.id,
        kind: 'text',
        mine: true,
        text: said.text,
        when: label(said.at),
        state: said.state,
        seq: 0,
        at: said.at,
        code: said.code || '',
      });
    });
  }
  return rows;
}

/**
 * @param {Row} a
 * @param {Row} b
 * @returns {boolean}
 */
function same(a, b) {
  return (
    a.id === b.id &&
    a.text === b.text &&
    a.state === b.state &&
    a.when === b.when &&
    a.kind === b.kind
  );
}

/** Rows that change one by one; with more the whole list is set. */
const SINGLY_MAX = 40;

/**
 * What `setData` needs to turn one list into the other; null when they are the same.
 * @param {readonly Row[]} before
 * @param {readonly Row[]} after
 * @returns {Record<string, any> | null}
 */
function change(before, after) {
  /** @type {Record<string, any>} */
  const single = {};
  let count = 0;
  for (let i = 0; i < after.length && count <= SINGLY_MAX; ++i) {
    if (i < before.length && same(before[i], after[i])) continue;
    single['rows[' + i + ']'] = after[i];
    ++count;
  }
  if (after.length < before.length || count > SINGLY_MAX) return { rows: after };
  return count ? single : null;
}

module.exports = { build: build, change: change };
