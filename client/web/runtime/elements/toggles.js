// <checkbox>, <switch> and <checkbox-group>: a real checkbox inside, which a <label> around it
// finds by itself.
import { adopt, write } from './attributes.js';

const attributes = {
  checked(element, value) {
    element.wxNamed.checked = value !== null;
  },
  value(element, value) {
    element.wxNamed.value = value ?? '';
  },
  disabled(element, value) {
    element.wxNamed.disabled = value !== null;
  },
  color(element, value) {
    element.wxNamed.style.accentColor = value ?? '';
  },
};

function box(tag) {
  const element = document.createElement(tag);
  const inner = document.createElement('input');
  inner.type = 'checkbox';
  element.append(inner);
  return adopt(element, attributes, inner);
}

export const checkbox = () => box('checkbox');

export function toggle() {
  const element = box('switch');
  write(element.wxNamed, 'role', 'switch');
  element.wxNamed.addEventListener('change', (event) => {
    event.stopPropagation();
    const detail = { value: element.wxNamed.checked };
    element.dispatchEvent(new CustomEvent('change', { detail }));
  });
  return element;
}

// Tells, whenever one of its boxes changes, which ones are on.
export function checkboxGroup() {
  const element = adopt(document.createElement('checkbox-group'));
  write(element, 'role', 'group');
  element.addEventListener('change', (event) => {
    if (event.target === element) return;
    event.stopPropagation();
    const on = [...element.querySelectorAll('checkbox > input')].filter(({ checked }) => checked);
    const detail = { value: on.map(({ value }) => value) };
    element.dispatchEvent(new CustomEvent('change', { detail }));
  });
  return element;
}
