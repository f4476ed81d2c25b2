// wx.connectSocket over a browser's WebSocket, as strict as WeChat's: what a phone would refuse is
// refused here, so that a mistake shows on the first machine.
import { Failure, answer } from './reply.js';

const socketsMax = 5;
const reasonBytesMax = 123; // a close frame holds no more
const connectTime = 60_000;

const bytesIn = (text) => new TextEncoder().encode(text).length;

class SocketTask {
  constructor() {
    this.listeners = { open: [], message: [], close: [], error: [] };
  }

  get readyState() {
    return this.socket?.readyState ?? 3;
  }

  onOpen(listener) {
    this.listeners.open.push(listener);
  }

  onMessage(listener) {
    this.listeners.message.push(listener);
  }

  onClose(listener) {
    this.listeners.close.push(listener);
  }

  onError(listener) {
    this.listeners.error.push(listener);
  }

  tell(kind, event) {
    for (const listener of this.listeners[kind]) listener(event);
  }

  send(options) {
    return answer('sendSocketMessage', options, () => {
      if (this.readyState !== 1) throw new Failure('WebSocket is not connected');
      const { data } = options;
      if (typeof data !== 'string' && !(data instanceof ArrayBuffer)) {
        throw new Failure('data is neither a string nor an ArrayBuffer');
      }
      this.socket.send(data);
    });
  }

  close(options = {}) {
    return answer('closeSocket', options, () => {
      const { code = 1000, reason = '' } = options;
      if (code !== 1000 && !(code >= 3000 && code <= 4999)) throw new Failure('invalid code');
      if (bytesIn(reason) > reasonBytesMax) throw new Failure('reason is too long');
      if (this.readyState > 1) throw new Failure('WebSocket is not connected');
      this.socket.close(code, reason);
    });
  }
}

function watch(task, timeout) {
  const { socket } = task;
  const timer = setTimeout(() => {
    task.tell('error', { errMsg: 'connectSocket:fail timeout' });
    socket.close();
  }, timeout);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    clearTimeout(timer);
    task.tell('open', { header: {}, profile: {} });
  };
  socket.onmessage = ({ data }) => task.tell('message', { data });
  socket.onerror = () => task.tell('error', { errMsg: 'connectSocket:fail' });
  socket.onclose = ({ code, reason }) => {
    clearTimeout(timer);
    task.tell('close', { code, reason });
  };
}

// `WebSocket`: the browser's, or a test's.
export function socketApi(WebSocket) {
  const tasks = new Set();
  return {
    connectSocket(options = {}) {
      const task = new SocketTask();
      const open = () => {
        const { url, protocols = [], timeout = connectTime } = options;
        for (const other of tasks) if (other.readyState === 3) tasks.delete(other);
        if (tasks.size >= socketsMax) throw new Failure(`more than ${socketsMax} sockets`);
        if (!/^wss?:\/\//.test(url)) throw new Failure('url is not one of ws or wss');
        if (!Array.isArray(protocols)) throw new Failure('protocols is not an array');
        task.socket = new WebSocket(url, protocols);
        tasks.add(task);
        watch(task, timeout);
        return {};
      };
      // At once, so that the task can be closed before the answer is there.
      let failure;
      try {
        open();
      } catch (error) {
        failure = error;
      }
      const told = { fail() {}, ...options }; // has no form with a promise
      answer('connectSocket', told, async () => {
        await undefined; // whoever asked has yet to say who listens
        if (!failure) return {};
        task.tell('error', { errMsg: `connectSocket:fail ${failure.message}` });
        throw failure;
      });
      return task;
    },
  };
}
