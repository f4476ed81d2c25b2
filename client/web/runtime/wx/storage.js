// wx's storage in the browser's. With ?guest=new the tab is another person for as long as it lives:
// what is stored stays in the tab, a reload keeps it, and no other tab sees it.

const prefix = 'onechat:';
const guestMark = 'onechat-guest';

// A browser may forbid storage altogether; then it lasts as long as the page.
class MemoryStore {
  map = new Map();

  get length() {
    return this.map.size;
  }

  key(at) {
    return [...this.map.keys()][at] ?? null;
  }

  getItem(key) {
    return this.map.get(key) ?? null;
  }

  setItem(key, value) {
    this.map.set(key, value);
  }

  removeItem(key) {
    this.map.delete(key);
  }
}

function keysOf(store) {
  const keys = Array.from({ length: store.length }, (_, at) => store.key(at));
  return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
}

function clear(store) {
  for (const key of keysOf(store)) store.removeItem(prefix + key);
}

export function chooseStore(window) {
  try {
    const { history, localStorage, location, sessionStorage } = window;
    const address = new URL(location.href);
    if (address.searchParams.get('guest') === 'new') {
      clear(sessionStorage);
      sessionStorage.setItem(guestMark, 'yes');
      // A reload is the same person; the address, entered again, is the next.
      address.searchParams.delete('guest');
      history.replaceState(history.state, '', address);
    }
    return sessionStorage.getItem(guestMark) ? sessionStorage : localStorage;
  } catch {
    return new MemoryStore();
  }
}

export function storageApi(store) {
  return {
    getStorageSync(key) {
      const text = store.getItem(prefix + key);
      return text === null ? '' : JSON.parse(text);
    },
    setStorageSync(key, value) {
      store.setItem(prefix + key, JSON.stringify(value ?? ''));
    },
    removeStorageSync: (key) => store.removeItem(prefix + key),
    clearStorageSync: () => clear(store),
    getStorageInfoSync: () => ({ keys: keysOf(store), currentSize: 0, limitSize: 5120 }),
  };
}
