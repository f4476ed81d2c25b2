// How WeChat's events are made from the DOM's: which one stands behind which, and what it tells.

const behind = {
  tap: 'click', touchstart: 'pointerdown', touchmove: 'pointermove', touchend: 'pointerup',
  touchcancel: 'pointercancel',
};
const bubbling = new Set(['tap', 'longpress', 'touchstart', 'touchmove', 'touchend', 'touchcancel',
  'transitionend', 'animationstart', 'animationiteration', 'animationend']);

export const domType = (type) => behind[type] ?? type;
export const bubbles = (type) => bubbling.has(type);

// Where it happened, from the stage's corner. A click by keyboard is in the middle of its element.
function pointOf(event, element, origin) {
  let { clientX, clientY } = event.detail?.point ?? event;
  if (event.type === 'click' && event.detail === 0) {
    const { left, top, width, height } = element.getBoundingClientRect();
    [clientX, clientY] = [left + width / 2, top + height / 2];
  }
  return { x: clientX - origin.left, y: clientY - origin.top };
}

const isPointer = (event) => event.type === 'longpress' || 'clientX' in event;

export function pointsOf(event, element, origin) {
  if (!isPointer(event)) return undefined;
  const { x, y } = pointOf(event, element, origin);
  const point = { identifier: 0, clientX: x, clientY: y, pageX: x, pageY: y };
  const lifted = event.type === 'pointerup' || event.type === 'pointercancel';
  return { touches: lifted ? [] : [point], changedTouches: [point] };
}

export function detailOf(event, element, origin) {
  if (isPointer(event)) return pointOf(event, element, origin);
  if (event instanceof CustomEvent) return event.detail;
  switch (event.type) {
    case 'input':
    case 'blur':
      return { value: element.value, cursor: element.selectionEnd };
    case 'focus':
      return { value: element.value, height: 0 };
    case 'scroll': {
      const { scrollTop, scrollLeft, scrollHeight, scrollWidth } = element;
      return { scrollTop, scrollLeft, scrollHeight, scrollWidth };
    }
    default:
      return {};
  }
}
