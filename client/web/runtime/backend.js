// What glass-easel asks of a place to show itself: elements, and events from them. Its own one for
// browsers makes a `tap` from mouse and touch only; ours comes from `click`, and so from keyboards
// and screen readers too, and never from a disabled button.
import * as glassEasel from 'glass-easel';
import { createElement } from './elements/index.js';
import { bubbles, detailOf, domType, pointsOf } from './events.js';

export class Backend {
  constructor(stage) {
    this.mode = glassEasel.BackendMode.Domlike;
    this.stage = stage;
    this.relayed = new WeakSet();
    this.document = {
      createElement,
      createTextNode: (content) => document.createTextNode(content),
      createDocumentFragment: () => document.createDocumentFragment(),
    };
  }

  associateValue(element, value) {
    element.__wxElement = value;
  }

  onEvent(listener) {
    this.listener = listener;
  }

  // Elements change at once; what waits for them need not wait for a frame, which a hidden tab
  // never draws.
  render(done) {
    queueMicrotask(() => done(null));
  }

  // One DOM event becomes one of glass-easel's, which finds its listeners by itself.
  setListenerStats(element, type) {
    element.wxListens ??= new Set();
    if (element.wxListens.has(type)) return;
    element.wxListens.add(type);
    element.addEventListener(domType(type), (event) => this.relay(event, type));
  }

  relay(event, type) {
    if (this.relayed.has(event) || (event.type === 'pointermove' && event.buttons === 0)) return;
    let place = event.target;
    while (place && !place.__wxElement) place = place.parentNode;
    if (!place) return;
    if (event.type === 'longpress') event.preventDefault();
    this.relayed.add(event);
    const origin = this.stage.getBoundingClientRect();
    glassEasel.triggerEvent(place.__wxElement, type, detailOf(event, place, origin), {
      originalEvent: event, bubbles: bubbles(type), composed: bubbles(type), capturePhase: true,
      extraFields: pointsOf(event, place, origin),
    });
  }

  setModelBindingStat(element, attribute, listener) {
    element.wxModels ??= {};
    if (!(attribute in element.wxModels)) {
      element.addEventListener('input', () => element.wxModels[attribute]?.(element.value));
    }
    element.wxModels[attribute] = listener;
  }

  getWindowWidth() {
    return this.stage.clientWidth;
  }

  getWindowHeight() {
    return this.stage.clientHeight;
  }

  getDevicePixelRatio() {
    return window.devicePixelRatio;
  }

  getRootNode() {
    return this.stage;
  }
}
