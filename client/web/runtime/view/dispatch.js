// From an event of the DOM to the page's functions, along the tree of what the page shows.
import { bubbles, detailOf, domType, pointsOf } from '../events.js';

const relayed = new WeakSet();

const place = ({ id, dataset }) => ({ id, dataset });

function marksOf(node) {
  const marks = {};
  for (let at = node; at; at = at.parent) {
    for (const [name, value] of Object.entries(at.marks ?? {})) marks[name] ??= value;
  }
  return marks;
}

// Every element with a listener hears the event of the DOM; the innermost tells all of them.
function relay(event, type, stage, call) {
  if (relayed.has(event) || (event.type === 'pointermove' && event.buttons === 0)) return;
  let dom = event.target;
  while (dom && !dom.wxNode) dom = dom.parentNode;
  if (!dom) return;
  relayed.add(event);
  if (type === 'longpress') event.preventDefault();
  const origin = stage.getBoundingClientRect();
  const told = {
    type, timeStamp: event.timeStamp, target: place(dom.wxNode), mark: marksOf(dom.wxNode),
    detail: detailOf(event, dom, origin), ...pointsOf(event, dom, origin),
  };
  for (let node = dom.wxNode; node; node = bubbles(type) ? node.parent : undefined) {
    const listener = node.listeners?.[type];
    if (listener) {
      call(listener.handler, { ...told, currentTarget: place(node) });
      if (listener.final) return;
    }
  }
}

export function listen(element, type, stage, call) {
  element.addEventListener(domType(type), (event) => relay(event, type, stage, call));
}
