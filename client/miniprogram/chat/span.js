// @ts-check
// Which part of the events is on the page. A record may hold thousands; only a span of them is
// rendered, from `first` to `last` by seq. `last` is Infinity while the span follows what is new.

/** Events that one step adds. */
const STEP = 50;
/** Events rendered at once; beyond it the far end is given up. */
const MOST = 200;

/** @typedef {{seq: number}} Event */
/** @typedef {{first: number, last: number}} Span */

/**
 * The newest events.
 * @param {readonly Event[]} events
 * @returns {Span}
 */
function newest(events) {
  const from = events[Math.max(0, events.length - STEP)];
  return { first: from ? from.seq : 0, last: Infinity };
}

/**
 * @param {readonly Event[]} events
 * @param {number} seq
 * @returns {number} the index of the first event at or after `seq`
 */
function indexOf(events, seq) {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param {readonly Event[]} events
 * @param {Span} span
 * @returns {[number, number]} from and to, as `slice` takes them
 */
function bounds(events, span) {
  return [indexOf(events, span.first), indexOf(events, span.last + 1)];
}

/**
 * One step up; null when all that is here is shown already, and older ones are to be fetched.
 * @param {readonly Event[]} events
 * @param {Span} span
 * @returns {Span | null}
 */
function older(events, span) {
  const [from, to] = bounds(events, span);
  if (from === 0) return null;
  const first = Math.max(0, from - STEP);
  const last = first + MOST < to ? events[first + MOST - 1].seq : span.last;
  return { first: events[first].seq, last: last };
}

/**
 * One step down. Reaching the end it follows what is new again.
 * @param {readonly Event[]} events
 * @param {Span} span
 * @returns {Span}
 */
function newer(events, span) {
  const [from, to] = bounds(events, span);
  const end = Math.min(events.length, to + STEP);
  const first = Math.max(from, end - MOST);
  return {
    first: events[first] ? events[first].seq : span.first,
    last: end === events.length ? Infinity : events[end - 1].seq,
  };
}

/**
 * After events came: a reader at the end keeps a short page; one who reads further up is not
 * disturbed, and when too much gathers below, it waits unrendered.
 * @param {readonly Event[]} events
 * @param {Span} span
 * @param {boolean} atEnd
 * @returns {Span}
 */
function grown(events, span, atEnd) {
  const [from, to] = bounds(events, span);
  if (span.last !== Infinity || to - from <= MOST) return span;
  if (atEnd) return newest(events);
  return { first: span.first, last: events[from + MOST - 1].seq };
}

module.exports = {
  newest: newest,
  bounds: bounds,
  older: older,
  newer: newer,
  grown: grown,
  STEP: STEP,
  MOST: MOST,
};
