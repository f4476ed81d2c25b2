// @ts-check
// Who I am for this visit. Nothing of it is stored, here or on the server.

const avatars = require('../../art/avatars');
const { client } = require('../../parts/client');
const navigation = require('../../parts/navigation');
const { define, update } = require('../../parts/page');
const { AVATARS } = require('../../sdk/protocol');
const { texts } = require('../../i18n/texts');
const visit = require('../../visit');

/** @type {Record<string, string>} */
const names = texts.avatars;

/** Whether a chat that outlived the app was gone back to: once, so that one can leave its page. */
let returned = false;

/** @param {string} id */
function chosen(id) {
  return { avatar: id, portrait: avatars.face(id), avatarName: names[id] };
}

define('chat', {
  data: Object.assign(
    {
      nickname: '',
      going: false,
      faces: AVATARS.map((id) => ({ id: id, name: names[id], src: avatars.face(id) })),
    },
    chosen(visit.avatar),
  ),

  onShow: function () {
    this.shown = true;
    update(this, Object.assign({ nickname: visit.nickname }, chosen(visit.avatar)));
    this.refresh();
  },

  onHide: function () {
    this.shown = false;
  },

  /** @param {import('../../sdk/onechat').State} state */
  follow: function (state) {
    const going = state.welcomed && state.user === 'paired';
    update(this, { going: going });
    if (!state.welcomed || returned) return;
    returned = true;
    if (going && this.shown) this.onGoBack();
  },

  /** @param {any} event */
  onNickname: function (event) {
    visit.nickname = event.detail.value;
  },

  /** @param {any} event */
  onAvatar: function (event) {
    visit.avatar = event.currentTarget.dataset.id;
    this.setData(chosen(visit.avatar));
  },

  onConfirm: function () {
    visit.nickname = visit.nickname.trim();
    // After a logout or an erasure this is where one begins anew.
    if (visit.agreed()) client.start();
    navigation.to(
      this,
      visit.agreed() ? '../userConsole/userConsole' : '../agreement/agreement',
    );
  },

  onGoBack: function () {
    navigation.to(this, '../chattt/chattt?going=1');
  },

  onRecords: function () {
    navigation.to(this, '../records/records');
  },

  onPrivacy: function () {
    navigation.to(this, '../privacy/privacy');
  },
});
