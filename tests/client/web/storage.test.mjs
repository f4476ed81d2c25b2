// Who a tab is, and what it remembers.
import assert from 'node:assert/strict';
import test from 'node:test';
import { chooseStore, storageApi } from '../../../client/web/runtime/wx/storage.js';

class FakeStore {
  map = new Map();

  get length() {
    return this.map.size;
  }

  key(at) {
    return [...this.map.keys()][at];
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

// A tab of a browser whose `localStorage` others share.
function tab(href, localStorage, sessionStorage = new FakeStore()) {
  const location = { href };
  const history = {
    state: null,
    replaceState(state, title, address) {
      location.href = `${address}`;
    },
  };
  return { location, history, localStorage, sessionStorage };
}

test('values come back as they were, and nothing as an empty text', () => {
  const store = new FakeStore();
  store.setItem('another', 'site');
  const wx = storageApi(store);
  for (const value of ['text', '', 0, false, null, [1, { a: 'b' }]]) {
    wx.setStorageSync('key', value);
    assert.deepEqual(wx.getStorageSync('key'), value ?? '');
  }
  wx.removeStorageSync('key');
  assert.equal(wx.getStorageSync('key'), '');
  wx.setStorageSync('one', 1);
  assert.deepEqual(wx.getStorageInfoSync().keys, ['one']);
  wx.clearStorageSync();
  assert.deepEqual([...store.map.keys()], ['another']);
});

test('?guest=new is somebody else in this tab alone, also after a reload', () => {
  const shared = new FakeStore();
  storageApi(chooseStore(tab('https://a/', shared))).setStorageSync('token', 'mine');

  const second = tab('https://a/?guest=new', shared);
  const guest = storageApi(chooseStore(second));
  assert.equal(guest.getStorageSync('token'), '');
  guest.setStorageSync('token', 'theirs');
  assert.equal(second.location.href, 'https://a/');

  const reloaded = tab(second.location.href, shared, second.sessionStorage);
  assert.equal(storageApi(chooseStore(reloaded)).getStorageSync('token'), 'theirs');
  const again = tab('https://a/?guest=new', shared, second.sessionStorage);
  assert.equal(storageApi(chooseStore(again)).getStorageSync('token'), '');
  assert.equal(storageApi(chooseStore(tab('https://a/', shared))).getStorageSync('token'), 'mine');
});

test('where storage is forbidden it lasts as long as the page', () => {
  const forbidden = { location: { href: 'https://a/' } };
  const wx = storageApi(chooseStore(forbidden));
  wx.setStorageSync('key', 1);
  assert.equal(wx.getStorageSync('key'), 1);
  wx.clearStorageSync();
  assert.equal(wx.getStorageSync('key'), '');
});
