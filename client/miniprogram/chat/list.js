// @ts-check
// The list of a chat on a page: which rows it shows and where the reader stands. The page has
// #log, a scroll-view, with #rows in it, and the data `rows`, `scrollTop`, `below`, `live`.

const rows = require('./rows');
const span = require('./span');
const { texts } = require('../i18n/texts');

/** Nearer to the end than this is at the end. */
const END_PX = 60;
/** Beyond every list; scroll-view stops at its end. */
const FAR_PX = 1000000;

/** @typedef {Omit<import('./rows').Source, 'from' | 'to' | 'now'>} Shown */
/** @typedef {Shown & {pair: string, hasOlder: boolean}} Content */

/**
 * @param {any} page
 * @param {string[]} selectors
 * @param {(found: any[]) => void} then
 */
function measure(page, selectors, then) {
  const query = wx.createSelectorQuery().in(page);
  selectors.forEach((selector) => {
    query.select(selector).boundingClientRect();
  });
  query.exec(then);
}

/**
 * @param {any} page
 * @param {{
 *   content: () => Content | null, fetchOlder: () => Promise<any>, now: () => number,
 *   atEnd?: () => void,
 * }} options `atEnd`: the reader has all of it before them
 */
function createList(page, options) {
  let pair = '';
  let shown = { first: 0, last: Infinity };
  let atEnd = true;
  /** The newest seq that the reader had before them; what is newer is counted in the pill. */
  let read = 0;
  let busy = false;
  let viewHeight = 0;
  let last = { scrollTop: 0, scrollHeight: 0 };
  let looking = false;
  let flip = 0;

  function toEnd() {
    flip = 1 - flip;
    page.setData({ scrollTop: FAR_PX + flip });
  }

  /** @param {Content} content */
  function below(content) {
    const newest = content.events.length ? content.events[content.events.length - 1].seq : 0;
    if (atEnd && shown.last === Infinity) read = newest;
    return content.events.filter((event) => {
      return event.seq > read && event.kind === 'text' && event.from === 'partner';
    }).length;
  }

  /** @param {() => void} [then] */
  function draw(then) {
    const content = options.content();
    if (!content) {
      pair = '';
      if (page.data.rows.length) page.setData({ rows: [], below: 0 });
      return;
    }
    const fresh = content.pair !== pair;
    if (fresh) {
      pair = content.pair;
      shown = span.newest(content.events);
      atEnd = true;
    }
    const [from, to] = span.bounds(content.events, shown);
    const source = Object.assign({}, content, { from: from, to: to, now: options.now() });
    const data = rows.change(fresh ? [] : page.data.rows, rows.build(source, texts)) || {};
    if (fresh && !data.rows) data.rows = rows.build(source, texts);
    const count = below(content);
    if (count !== page.data.below) data.below = count;
    if ((shown.last === Infinity) !== page.data.live) data.live = shown.last === Infinity;
    if (Object.keys(data).length) page.setData(data, then);
    else if (then) then();
  }

  /**
   * Changes the rows while the row `anchor` stays where it is on the screen.
   * @param {string} anchor
   * @param {() => void} changeSpan
   */
  function keeping(anchor, changeSpan) {
    measure(page, ['#log', '#' + anchor], (before) => {
      changeSpan();
      draw(() => {
        measure(page, ['#log', '#' + anchor, '#rows'], (after) => {
          busy = false;
          if (!before[1] || !after[1] || !after[2]) return;
          const moved = after[1].top - after[0].top - (before[1].top - before[0].top);
          if (Math.abs(moved) > 1) page.setData({ scrollTop: after[0].top - after[2].top + moved });
        });
      });
    });
  }

  function stepUp() {
    const content = options.content();
    const next = content && span.older(content.events, shown);
    // Not the first row: it may lose the time above it to the one that comes before.
    const second = page.data.rows[1];
    if (!next || !second) {
      busy = false;
      return;
    }
    keeping(second.id, () => {
      shown = next;
    });
  }

  return {
    /** After the client's state changed. */
    sync: function () {
      const content = options.content();
      if (content && content.pair === pair) shown = span.grown(content.events, shown, atEnd);
      const stay = content && content.pair === pair && !atEnd;
      draw(stay ? undefined : toEnd);
      if (content && atEnd && shown.last === Infinity && options.atEnd) options.atEnd();
    },

    /** After the room for the list changed: keyboard, panel, banner. */
    resized: function () {
      measure(page, ['#log'], (found) => {
        if (found[0]) viewHeight = found[0].height;
        if (atEnd) toEnd();
      });
    },

    /**
     * A list that grows or shrinks scrolls as well, and its height is known only when measured: so
     * it is, before the reader is believed to have left the end.
     * @param {{scrollTop: number, scrollHeight: number}} at
     */
    scrolled: function (at) {
      last = at;
      const end = at.scrollHeight - at.scrollTop - viewHeight < END_PX;
      if (end === atEnd) return;
      if (end) {
        atEnd = true;
        this.sync();
      } else if (!looking) {
        looking = true;
        measure(page, ['#log'], (found) => {
          looking = false;
          if (found[0]) viewHeight = found[0].height;
          atEnd = last.scrollHeight - last.scrollTop - viewHeight < END_PX;
        });
      }
    },

    upper: function () {
      if (busy) return;
      const content = options.content();
      if (!content) return;
      busy = true;
      if (span.older(content.events, shown) || !content.hasOlder) {
        stepUp();
        return;
      }
      options.fetchOlder().then(stepUp, () => {
        busy = false;
      });
    },

    lower: function () {
      const content = options.content();
      const last = page.data.rows[page.data.rows.length - 1];
      if (busy || !content || !last || shown.last === Infinity) return;
      busy = true;
      keeping(last.id, () => {
        shown = span.newer(content.events, shown);
      });
    },

    /** To what is newest, from wherever the reader is. */
    toNewest: function () {
      const content = options.content();
      if (!content) return;
      shown = span.newest(content.events);
      atEnd = true;
      draw(toEnd);
      if (options.atEnd) options.atEnd();
    },
  };
}

module.exports = { createList: createList };
