// wx.connectSocket in a browser refuses what a phone would refuse.
import assert from 'node:assert/strict';
import test from 'node:test';
import { socketApi } from '../../../client/web/runtime/wx/sockets.js';

class FakeWebSocket {
  constructor(url, protocols) {
    Object.assign(this, { url, protocols, readyState: 0, sent: [] });
  }

  send(data) {
    this.sent.push(data);
  }

  close(code = 1005, reason = '') {
    this.readyState = 3;
    this.onclose({ code, reason });
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }
}

const url = 'wss://chat.example/ws';
// Resolves with errMsg of whichever callback is called.
const outcome = (begin) => new Promise((resolve) => {
  const told = ({ errMsg }) => resolve(errMsg);
  begin({ success: told, fail: told });
});

test('what is heard from a socket reaches its task', async () => {
  const wx = socketApi(FakeWebSocket);
  const heard = [];
  const task = wx.connectSocket({ url, protocols: ['onechat.v1'] });
  task.onOpen(() => heard.push('open'));
  task.onMessage(({ data }) => heard.push(data));
  task.onClose(({ code, reason }) => heard.push(`${code} ${reason}`));

  task.socket.open();
  assert.equal(await outcome((told) => task.send({ data: 'hello', ...told })),
    'sendSocketMessage:ok');
  task.socket.onmessage({ data: 'well' });
  assert.equal(await outcome((told) => task.close({ code: 4000, reason: 'bye', ...told })),
    'closeSocket:ok');

  assert.deepEqual(task.socket.protocols, ['onechat.v1']);
  assert.deepEqual(task.socket.sent, ['hello']);
  assert.deepEqual(heard, ['open', 'well', '4000 bye']);
});

test('nothing is sent before a socket is open, nor anything but text and bytes', async () => {
  const task = socketApi(FakeWebSocket).connectSocket({ url });
  assert.match(await outcome((told) => task.send({ data: 'x', ...told })), /:fail .*not connected/);
  task.socket.open();
  assert.match(await outcome((told) => task.send({ data: {}, ...told })), /:fail data/);
  assert.match(await outcome((told) => task.send({ data: new ArrayBuffer(1), ...told })), /:ok/);
  task.socket.close();
});

test('a close with a long reason or a reserved code fails, and the socket stays', async () => {
  const task = socketApi(FakeWebSocket).connectSocket({ url });
  task.socket.open();
  const long = '再'.repeat(41);
  const tooLong = `${long}x`;
  assert.match(await outcome((told) => task.close({ reason: tooLong, ...told })), /:fail reason/);
  assert.match(await outcome((told) => task.close({ code: 1001, ...told })), /:fail invalid code/);
  assert.equal(task.readyState, 1);
  assert.match(await outcome((told) => task.close({ reason: long, ...told })), /:ok/);
});

test('a sixth socket is refused until one of the five has closed', async () => {
  const wx = socketApi(FakeWebSocket);
  const five = Array.from({ length: 5 }, () => wx.connectSocket({ url }));
  let sixth;
  const errors = [];
  const refused = await outcome((told) => {
    sixth = wx.connectSocket({ url, ...told });
    sixth.onError(({ errMsg }) => errors.push(errMsg));
  });
  assert.match(refused, /connectSocket:fail more than 5/);
  assert.equal(errors.length, 1);
  assert.equal(sixth.readyState, 3);

  five[0].socket.close();
  let next;
  const accepted = await outcome((told) => {
    next = wx.connectSocket({ url, ...told });
  });
  assert.match(accepted, /:ok/);
  [...five.slice(1), next].forEach((task) => task.socket.close());
});

test('an address or protocols of the wrong kind are refused', async () => {
  const wx = socketApi(FakeWebSocket);
  for (const wrong of [{}, { url: 'https://a' }, { url, protocols: 'onechat.v1' }]) {
    assert.match(await outcome((told) => wx.connectSocket({ ...wrong, ...told })), /:fail/);
  }
});
