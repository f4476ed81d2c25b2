// How attributes of WXML become attributes of HTML.

const states = new Set(['aria-atomic', 'aria-busy', 'aria-checked', 'aria-disabled',
  'aria-expanded', 'aria-hidden', 'aria-modal', 'aria-multiline', 'aria-multiselectable',
  'aria-pressed', 'aria-readonly', 'aria-required', 'aria-selected']);
const references = new Set(['for', 'aria-labelledby', 'aria-describedby', 'aria-controls',
  'aria-activedescendant']);
const looks = new Set(['style', 'hidden', 'hover-class']);
const operable = new Set(['button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'option',
  'menuitem', 'menuitemradio', 'menuitemcheckbox']);

// Null takes it away.
export function write(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

export const rpx = (style) => style.replace(/(-?[\d.]+)rpx\b/g, 'calc(var(--rpx)*$1)');

// Ids are the page's own; in the DOM they carry its number (see page.js).
export function findById(element, id) {
  return element.closest('page')?.wxPage.find(`#${id}`)[0];
}

// What has the role of a control is reached and pressed with the keyboard like one.
function operate(element, role) {
  if (!operable.has(role) || element.tabIndex >= 0) return;
  element.tabIndex = 0;
  element.addEventListener('keydown', (event) => {
    if (event.target !== element || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    element.click();
  });
}

function common(element, name, value) {
  if (name === 'style') {
    // By the CSSOM: the Content-Security-Policy refuses the attribute.
    element.style.cssText = rpx(value ?? '');
  } else if (name === 'role' || name === 'aria-role') {
    write(element, 'role', value);
    operate(element, value);
  } else if (name === 'hover-class') {
    element.wxHoverClass = value && value !== 'none' ? value.split(/\s+/) : undefined;
  } else if (references.has(name)) {
    // What is referred to may be made after what refers to it.
    queueMicrotask(() => write(element, name, value && (findById(element, value)?.id ?? null)));
  } else {
    write(element, name, value);
  }
}

// `attributes`: name -> function (element, value), null for a value that is gone. `named`: the part
// inside that people operate and that carries its name, when it isn't the element itself.
export function adopt(element, attributes = {}, named = element) {
  element.wxAttributes = attributes;
  element.wxNamed = named;
  return element;
}

// Sets an attribute as WXML gives it: whatever WXML has, of any type.
export function change(element, name, given) {
  let value = given === true ? '' : given === false || given == null ? null : String(given);
  if (states.has(name)) value = given === true || given === 'true' ? 'true' : String(given);
  if (name === 'hidden' || name === 'disabled') value = given ? '' : null;
  const own = element.wxAttributes[name];
  if (own) own(element, value);
  else common(looks.has(name) ? element : element.wxNamed, name, value);
}
