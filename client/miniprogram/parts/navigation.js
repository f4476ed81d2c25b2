// @ts-check
// The ways between pages. Only the page in front may take one, and one at a time: the second of two
// quick taps would open a page twice, or go back by two.

let isMoving = false;

/**
 * @param {any} page who asks
 * @param {(options: {complete: () => void}) => void} move
 */
function once(page, move) {
  const pages = getCurrentPages();
  if (isMoving || pages[pages.length - 1] !== page) return;
  isMoving = true;
  move({
    complete: () => {
      isMoving = false;
    },
  });
}

/**
 * @param {any} page
 * @param {string} url
 */
function to(page, url) {
  once(page, (then) => {
    wx.navigateTo(Object.assign({ url: url }, then));
  });
}

/**
 * In place of this page.
 * @param {any} page
 * @param {string} url
 */
function instead(page, url) {
  once(page, (then) => {
    wx.redirectTo(Object.assign({ url: url }, then));
  });
}

/**
 * In place of all pages.
 * @param {any} page
 * @param {string} url
 */
function anew(page, url) {
  once(page, (then) => {
    wx.reLaunch(Object.assign({ url: url }, then));
  });
}

/**
 * Back to `route` when it lies right below, else to it in place of this page.
 * @param {any} page
 * @param {string} route as pages/topics/topics
 */
function back(page, route) {
  const pages = getCurrentPages();
  const below = pages[pages.length - 2];
  if (below && below.route === route) once(page, (then) => wx.navigateBack(then));
  else instead(page, '/' + route);
}

module.exports = { to: to, instead: instead, anew: anew, back: back };
