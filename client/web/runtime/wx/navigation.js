// wx's ways between pages, and what a page says of itself in the bar.
import { answer } from './reply.js';

// "../chat/chat?x=1" as seen from a page -> "pages/chat/chat?x=1".
export function resolveUrl(url, from = '') {
  const { pathname, search } = new URL(url, `http://page/${from}`);
  return pathname.slice(1) + search;
}

export function navigationApi(stack) {
  const move = (name) => (options) => answer(name, options, async () => {
    await stack[name](resolveUrl(options.url, stack.top?.path));
  });
  return {
    navigateTo: move('navigateTo'),
    redirectTo: move('redirectTo'),
    reLaunch: move('reLaunch'),
    navigateBack: (options = {}) => answer('navigateBack', options, () =>
      stack.navigateBack(options.delta)),
    setNavigationBarTitle: (options) => answer('setNavigationBarTitle', options, () =>
      stack.top.setTitle(options.title)),
    setNavigationBarColor: (options) => answer('setNavigationBarColor', options, () => {
      const { backgroundColor, frontColor } = options;
      stack.top.setColours({ backgroundColor, frontColor });
    }),
    setBackgroundColor: (options) => answer('setBackgroundColor', options, () =>
      stack.top.setColours({ ground: options.backgroundColor })),
    pageScrollTo: (options) => answer('pageScrollTo', options, () => {
      const { element } = stack.top;
      const place = options.selector && stack.top.find(options.selector)[0];
      const topOf = (one) => one.getBoundingClientRect().top;
      const top = place ? element.scrollTop + topOf(place) - topOf(element) : options.scrollTop;
      element.scrollTo({ top, behavior: options.duration === 0 ? 'auto' : 'smooth' });
    }),
    createSelectorQuery: () => stack.top.instance.createSelectorQuery(),
    nextTick: (next) => queueMicrotask(next),
  };
}
