// <scroll-view>: scrolls by itself, can be scrolled by script, and tells when an end is near.
import { adopt, findById, write } from './attributes.js';

// Where to go is asked for before what will be there exists.
function later(element, go) {
  queueMicrotask(() => element.isConnected && go());
}

function scrollTo(element, position) {
  const behavior = element.wxSmooth ? 'smooth' : 'auto';
  element.scrollTo({ ...position, behavior });
}

const attributes = {
  'scroll-y': (element, value) => {
    write(element, 'scroll-y', value);
    // So that the keyboard can scroll it.
    if (value !== null && element.tabIndex < 0) element.tabIndex = 0;
  },
  'scroll-top': (element, value) => later(element, () =>
    scrollTo(element, { top: Number(value ?? 0) })),
  'scroll-into-view': (element, value) => later(element, () => {
    const child = value && findById(element, value);
    if (!child) return;
    const above = child.getBoundingClientRect().top - element.getBoundingClientRect().top;
    scrollTo(element, { top: element.scrollTop + above - element.clientTop });
  }),
  'scroll-with-animation': (element, value) => {
    element.wxSmooth = value !== null;
  },
  'upper-threshold': (element, value) => {
    element.wxUpper = Number(value ?? 50);
  },
  'lower-threshold': (element, value) => {
    element.wxLower = Number(value ?? 50);
  },
};

// An end is told of once; again after it was left, or when there is more beyond it.
function watchEnds(element) {
  let last = 0;
  const told = { scrolltoupper: -1, scrolltolower: -1 };
  const look = (type, moved, distance, threshold) => {
    if (distance > threshold) {
      told[type] = -1;
    } else if (moved && told[type] !== element.scrollHeight) {
      told[type] = element.scrollHeight;
      const direction = type === 'scrolltoupper' ? 'top' : 'bottom';
      element.dispatchEvent(new CustomEvent(type, { detail: { direction } }));
    }
  };
  element.addEventListener('scroll', () => {
    const { scrollTop, scrollHeight, clientHeight } = element;
    const moved = scrollTop - last;
    last = scrollTop;
    look('scrolltoupper', moved < 0, scrollTop, element.wxUpper);
    look('scrolltolower', moved > 0, scrollHeight - clientHeight - scrollTop, element.wxLower);
  }, { passive: true });
}

export function scrollView() {
  const element = adopt(document.createElement('scroll-view'), attributes);
  element.wxUpper = 50;
  element.wxLower = 50;
  watchEnds(element);
  return element;
}
