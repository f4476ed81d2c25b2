// <image>: a box with an <img> in it. Sources are paths of the mini program; the build has given
// each file another name.
import { adopt, write } from './attributes.js';

let places = {};
export function knowImages(images) {
  places = images;
}

const fits = { aspectFill: 'cover', aspectFit: 'contain', center: 'none' };

const attributes = {
  src(element, value) {
    write(element.wxNamed, 'src', value ? places[value] ?? value : null);
  },
  mode(element, value) {
    write(element, 'mode', value);
    element.wxNamed.style.objectFit = fits[value] ?? 'fill';
  },
  'lazy-load': (element, value) => {
    element.wxNamed.loading = value === null ? 'eager' : 'lazy';
  },
  'aria-label': (element, value) => {
    element.wxNamed.alt = value ?? '';
  },
};

export function image() {
  const element = document.createElement('image');
  const picture = document.createElement('img');
  picture.alt = '';
  picture.draggable = false;
  element.append(picture);
  // These two don't bubble.
  for (const type of ['load', 'error']) {
    picture.addEventListener(type, () => {
      const { naturalWidth: width, naturalHeight: height } = picture;
      element.dispatchEvent(new CustomEvent(type, { detail: { width, height } }));
    });
  }
  return adopt(element, attributes, picture);
}
