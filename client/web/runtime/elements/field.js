// <input> and <textarea>: real ones, with WeChat's events. `confirm` is the key that the on-screen
// keyboard labels with `confirm-type`; on a keyboard it is Enter.
import { adopt, write } from './attributes.js';

const types = { password: 'password', 'safe-password': 'password' };
const keyboards = { number: 'numeric', digit: 'decimal', idcard: 'text' };
const lengthMax = 140; // WeChat's, when none is given

function fit(element) {
  if (!element.wxGrows) return;
  element.style.height = 'auto';
  element.style.height = `${element.scrollHeight}px`;
}

const attributes = {
  // The attribute of HTML is what the field began with; this one is what stands in it.
  value(element, value) {
    if (element.value !== (value ?? '')) element.value = value ?? '';
    queueMicrotask(() => fit(element));
  },
  maxlength(element, value) {
    const length = Number(value ?? lengthMax);
    write(element, 'maxlength', length < 0 ? null : String(length));
  },
  focus(element, value) {
    // The element may not be there yet.
    queueMicrotask(() => (value === null ? element.blur() : element.focus()));
  },
  'confirm-type': (element, value) => {
    const known = ['send', 'search', 'next', 'go', 'done'].includes(value);
    write(element, 'enterkeyhint', known ? value : null);
    element.wxConfirms = known || element.localName === 'input';
  },
  'confirm-hold': (element, value) => {
    element.wxHolds = value !== null;
  },
  'hold-keyboard': (element, value) => {
    element.wxHoldsKeyboard = value !== null;
  },
};

const inputAttributes = {
  ...attributes,
  type(element, value) {
    element.type = types[value] ?? 'text';
    write(element, 'inputmode', keyboards[value] ?? null);
  },
  password(element, value) {
    element.type = value === null ? 'text' : 'password';
  },
};

const textareaAttributes = {
  ...attributes,
  'auto-height': (element, value) => {
    element.wxGrows = value !== null;
    element.rows = 1;
    write(element, 'auto-height', value);
    queueMicrotask(() => fit(element));
  },
};

function field(tag, own) {
  const element = document.createElement(tag);
  element.autocomplete = 'off';
  element.maxLength = lengthMax;
  element.wxConfirms = tag === 'input';
  element.addEventListener('input', () => fit(element));
  element.addEventListener('keydown', (event) => {
    // While an input method is open, Enter takes what it offers.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) {
      return;
    }
    if (!element.wxConfirms) return;
    event.preventDefault();
    const { value } = element;
    element.dispatchEvent(new CustomEvent('confirm', { detail: { value } }));
    if (!element.wxHolds && tag === 'input') element.blur();
  });
  return adopt(element, own);
}

export const input = () => field('input', inputAttributes);
export const textarea = () => field('textarea', textareaAttributes);
