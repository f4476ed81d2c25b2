// `wx` in the browser refuses what a phone refuses.
import assert from 'node:assert/strict';
import test from 'node:test';
import { setStage } from './support/stage.mjs';

const stage = setStage();

// On the first page nobody is logged in, so no socket is open but these.
async function bench() {
  const { page } = await stage.visitor();
  await page.evaluate(() => {
    // How a call ends: "ok", or why it failed.
    window.outcome = (call, options = {}) => new Promise((resolve) => {
      call({ ...options, success: () => resolve('ok'), fail: ({ errMsg }) => resolve(errMsg) });
    });
    window.connect = async () => {
      let task;
      const options = { url: wx.onechatServer, protocols: ['onechat.v1'] };
      const begun = await window.outcome((all) => { task = wx.connectSocket(all); }, options);
      if (begun === 'ok') await new Promise((resolve) => task.onOpen(resolve));
      return { task, begun };
    };
  });
  return page;
}

test('A sixth socket fails, and one fits again when one was closed.', async () => {
  const page = await bench();
  const outcomes = await page.evaluate(async () => {
    const tasks = [];
    const seen = [];
    for (let n = 0; n < 6; n++) {
      const { task, begun } = await window.connect();
      tasks.push(task);
      seen.push(begun);
    }
    const gone = new Promise((resolve) => tasks[0].onClose(resolve));
    tasks[0].close();
    await gone;
    seen.push((await window.connect()).begun);
    return seen;
  });
  assert.deepEqual(outcomes.slice(0, 5), Array(5).fill('ok'));
  assert.match(outcomes[5], /^connectSocket:fail/);
  assert.equal(outcomes[6], 'ok');
});

test('A reason of more than 123 bytes is refused, and the socket stays open.', async () => {
  const page = await bench();
  const outcomes = await page.evaluate(async () => {
    const { task } = await window.connect();
    const close = (reason) => window.outcome((all) => task.close(all), { code: 1000, reason });
    return [await close('原'.repeat(42)), task.readyState, await close('原'.repeat(41))];
  });
  assert.match(outcomes[0], /^closeSocket:fail/);
  assert.deepEqual(outcomes.slice(1), [1, 'ok']);
});

test('What is sent before a socket is open fails.', async () => {
  const page = await bench();
  const outcomes = await page.evaluate(async () => {
    const task = wx.connectSocket({ url: wx.onechatServer, protocols: ['onechat.v1'] });
    const send = () => window.outcome((all) => task.send(all), { data: '{"t":"ping"}' });
    const early = await send();
    if (task.readyState !== 1) await new Promise((resolve) => task.onOpen(resolve));
    return [early, await send()];
  });
  assert.match(outcomes[0], /^sendSocketMessage:fail/);
  assert.equal(outcomes[1], 'ok');
});

test('What the page says before its socket is open is not lost.', async () => {
  const one = await stage.visitor({
    // Half a second from the opening of a socket to its news of it.
    prepare: (page) => page.addInitScript(() => {
      const native = window.WebSocket;
      window.WebSocket = class extends native {
        set onopen(told) {
          super.onopen = (event) => setTimeout(told, 500, event);
        }
      };
    }),
  });
  const two = await stage.visitor();
  await stage.meet([one, two]);
  await one.say('慢慢来');
  await two.hears('慢慢来');
});

test('A question whose buttons say too much is refused, and so is a list of seven.', async () => {
  const page = await bench();
  const outcomes = await page.evaluate(async () => {
    const modal = (confirmText) => window.outcome(wx.showModal, { content: '?', confirmText });
    const sheet = (count) => window.outcome(wx.showActionSheet,
      { itemList: Array.from({ length: count }, (_, n) => `${n}`) });
    return [await modal('复制邀请码'), await modal('Unblocking'), await sheet(7), await sheet(0)];
  });
  assert.match(outcomes[0], /^showModal:fail/);
  assert.match(outcomes[1], /^showModal:fail/);
  assert.match(outcomes[2], /^showActionSheet:fail/);
  assert.match(outcomes[3], /^showActionSheet:fail/);
  assert.equal(await page.locator('dialog').count(), 0);
});
