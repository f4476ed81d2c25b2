// Pages open and close as WeChat's do, and the browser's back and forward do the same.
import assert from 'node:assert/strict';
import test from 'node:test';
import { AppLife } from '../../../client/web/runtime/life.js';
import { PageStack, pagesMax } from '../../../client/web/runtime/page_stack.js';
import { resolveUrl } from '../../../client/web/runtime/wx/navigation.js';
import { FakeWindow } from './support/fake_window.mjs';

// A stack whose pages note what happens to them.
function launch(window = new FakeWindow()) {
  const log = [];
  const create = (url) => {
    const page = { url, instance: { url } };
    for (const step of ['load', 'show', 'ready', 'hide', 'unload']) {
      page[step] = () => log.push(`${step} ${url}`);
    }
    page.cover = () => {};
    page.uncover = () => {};
    return page;
  };
  const stack = new PageStack(create, window, 'home');
  stack.launch();
  const take = () => log.splice(0).join(', ');
  return { stack, window, take };
}

test('a page goes through its life in WeChat\'s order', async () => {
  const { stack, take } = launch();
  assert.equal(take(), 'load home, show home, ready home');
  await stack.navigateTo('a');
  assert.equal(take(), 'hide home, load a, show a, ready a');
  await stack.redirectTo('b');
  assert.equal(take(), 'unload a, load b, show b, ready b');
  await stack.navigateBack();
  assert.equal(take(), 'unload b, show home');
  assert.deepEqual(stack.urls, ['home']);
});

test('the browser\'s back and forward move through the pages', async () => {
  const { stack, window, take } = launch();
  await stack.navigateTo('a');
  await stack.navigateTo('b');
  take();

  window.travel(-1);
  assert.equal(take(), 'unload b, show a');
  window.travel(1);
  assert.equal(take(), 'hide a, load b, show b, ready b');
  window.travel(-2);
  assert.equal(take(), 'unload b, unload a, show home');
  window.travel(2);
  assert.deepEqual(stack.urls, ['home', 'a', 'b']);
});

test('going back further than there are pages ends at the first', async () => {
  const { stack, take } = launch();
  await stack.navigateTo('a');
  await stack.navigateTo('b');
  take();
  await stack.navigateBack(9);
  assert.equal(take(), 'unload b, unload a, show home');
  await stack.navigateBack();
  assert.equal(take(), '');
});

test('reLaunch leaves nothing to go back to', async () => {
  const { stack, window, take } = launch();
  await stack.navigateTo('a');
  await stack.navigateTo('b');
  take();
  await stack.reLaunch('c');
  assert.equal(take(), 'unload b, unload a, unload home, load c, show c, ready c');
  assert.equal(window.at, 0);
  assert.deepEqual(window.history.state, { pages: ['c'] });
  await stack.reLaunch('c');
  assert.equal(take(), 'unload c, load c, show c, ready c');
});

test('steps asked for at once are taken one after the other', async () => {
  const { stack, window } = launch();
  await Promise.all([stack.navigateTo('a'), stack.navigateBack(), stack.navigateTo('b'),
    stack.reLaunch('c'), stack.navigateTo('d')]);
  assert.deepEqual(stack.urls, ['c', 'd']);
  assert.equal(window.at, 1);
});

test('a reload begins at home, in the history too', async () => {
  const { stack, window } = launch();
  await stack.navigateTo('a');
  await stack.navigateTo('b');

  const { stack: reloaded } = launch(window);
  await reloaded.work;
  assert.deepEqual(reloaded.urls, ['home']);
  assert.equal(window.at, 0);
});

test('no more pages are open than WeChat allows', async () => {
  const { stack } = launch();
  for (let n = 1; n < pagesMax; ++n) await stack.navigateTo(`p${n}`);
  await assert.rejects(stack.navigateTo('one more'), /more than 10/);
  await stack.redirectTo('another');
  assert.equal(stack.open.length, pagesMax);
});

test('addresses are seen from the page that names them', () => {
  assert.equal(resolveUrl('../b/b?x=%E4%BD%A0', 'pages/a/a'), 'pages/b/b?x=%E4%BD%A0');
  assert.equal(resolveUrl('/pages/c/c', 'pages/a/a'), 'pages/c/c');
});

test('the app hears once that it is hidden or shown, whoever says so', async () => {
  const { stack, window, take } = launch();
  const heard = [];
  const life = new AppLife(window, stack);
  life.register({ onLaunch: () => heard.push('launch'), onShow: () => heard.push('show'),
    onHide: () => heard.push('hide') });
  const listener = () => heard.push('listener');
  life.launch({});
  life.on('hide', listener);
  take();
  const turn = (hidden, target, type) => {
    window.document.hidden = hidden;
    target.dispatchEvent(new Event(type));
  };

  turn(true, window.document, 'visibilitychange');
  turn(true, window, 'pagehide');
  assert.equal(take(), 'hide home');
  turn(false, window, 'pageshow');
  turn(false, window.document, 'visibilitychange');
  assert.equal(take(), 'show home');
  life.off('hide', listener);
  turn(true, window, 'pagehide');

  assert.deepEqual(heard, ['launch', 'show', 'hide', 'listener', 'show', 'hide']);
});
