// How attributes of WXML become attributes of HTML. An element made by `adopt` gets them through
// `setAttribute` like any other, so that glass-easel needs to know nothing of it.

const states = new Set(['aria-atomic', 'aria-busy', 'aria-checked', 'aria-disabled',
  'aria-expanded', 'aria-hidden', 'aria-modal', 'aria-multiline', 'aria-multiselectable',
  'aria-pressed', 'aria-readonly', 'aria-required', 'aria-selected']);
const references = new Set(['for', 'aria-labelledby', 'aria-describedby', 'aria-controls',
  'aria-activedescendant']);
const operable = new Set(['button', 'link', 'checkbox', 'radio', 'switch', 'tab', 'option',
  'menuitem', 'menuitemradio', 'menuitemcheckbox']);

const looks = new Set(['style', 'hidden', 'wx-host', 'hover-class']);

const plain = Element.prototype;
export function write(element, name, value) {
  if (value === null) plain.removeAttribute.call(element, name);
  else plain.setAttribute.call(element, name, value);
}

export const rpx = (style) => style.replace(/(-?[\d.]+)rpx\b/g, 'calc(var(--rpx)*$1)');

// Ids are unique only with the prefix that glass-easel gives them, one per page and component.
export function findById(element, id) {
  const root = element.closest('page') ?? document;
  return root.querySelector(`[id$="--${CSS.escape(id)}"]`);
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
  } else if (states.has(name)) {
    // glass-easel removes what is false and leaves empty what is true.
    write(element, name, value === null ? 'false' : value || 'true');
  } else if (references.has(name)) {
    // What is referred to may be made after what refers to it.
    queueMicrotask(() => write(element, name, value && (findById(element, value)?.id ?? null)));
  } else {
    write(element, name, value);
  }
}

function setAttribute(name, value) {
  const change = this.wxAttributes[name];
  if (change) change(this, value);
  else common(looks.has(name) ? this : this.wxNamed ?? this, name, value);
}

function removeAttribute(name) {
  setAttribute.call(this, name, null);
}

// `attributes`: name -> function (element, value), null for a value that is gone. `named`: the part
// inside that people operate and that carries its name, when it isn't the element itself.
export function adopt(element, attributes = {}, named = undefined) {
  element.wxAttributes = attributes;
  element.wxNamed = named;
  element.setAttribute = setAttribute;
  element.removeAttribute = removeAttribute;
  return element;
}
