// The elements that WXML knows, each an element of the DOM under the same name, so that WXSS finds
// it by its tag. Where HTML has the same thing, it is the real one: its keyboard, focus and name
// for screen readers come with it.
import { adopt, change } from './attributes.js';
import { button } from './button.js';
import { input, textarea } from './field.js';
import { image } from './image.js';
import { scrollView } from './scroll_view.js';
import { checkbox, checkboxGroup, toggle } from './toggles.js';

const makers = {
  button,
  checkbox,
  'checkbox-group': checkboxGroup,
  image,
  input,
  'scroll-view': scrollView,
  switch: toggle,
  textarea,
};

export { change };

export function createElement(tag) {
  return makers[tag]?.() ?? adopt(document.createElement(tag));
}
