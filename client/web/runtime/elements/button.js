// <button>: a real one.
import { adopt, write } from './attributes.js';

const kept = (name) => (element, value) => write(element, `data-${name}`, value);

const attributes = {
  // HTML gives the name another meaning.
  type: kept('type'),
  size: kept('size'),
  plain: kept('plain'),
  loading(element, value) {
    kept('loading')(element, value);
    write(element, 'aria-busy', value === null ? null : 'true');
  },
  'open-type': (element, value) => {
    element.wxOpenType = value;
  },
};

export function button() {
  const element = document.createElement('button');
  element.type = 'button';
  element.wxHoverClass = ['button-hover'];
  // A browser has nothing to be agreed with; whoever waits for it hears so.
  element.addEventListener('click', () => {
    if (element.wxOpenType === 'agreePrivacyAuthorization') {
      element.dispatchEvent(new CustomEvent('agreeprivacyauthorization', { detail: {} }));
    }
  });
  return adopt(element, attributes);
}
