// @ts-check
// What is kept and for how long, and one's rights: export, log out, delete.

const config = require('../../config');
const menus = require('../../chat/menus');
const { readable, exportLines } = require('../../chat/rights');
const { client } = require('../../parts/client');
const navigation = require('../../parts/navigation');
const { define, update, ask } = require('../../parts/page');
const { texts, fill } = require('../../i18n/texts');

const t = texts.privacy;

/** What of an export is shown; setData takes 1 MB at most, and nobody reads that much here. */
const SHOWN_MAX = 20000;

/**
 * @param {number | null} days
 * @param {string} none what 0 stands for
 */
function term(days, none) {
  if (days === null) return t.keptAsSet;
  return days ? fill(t.keptDays, { count: days }) : none;
}

define('privacy', {
  data: {
    kept: [
      { what: t.keptNames, how: t.keptNamesFor },
      { what: t.keptTexts, how: term(config.kept.records, t.keptTextsFor) },
      { what: t.keptRecalled, how: t.keptRecalledFor },
      { what: t.keptReports, how: t.keptReportsFor },
      { what: t.keptAccess, how: term(config.kept.access, t.keptNamesFor) },
      { what: t.checked, how: t.checkedBy },
      { what: t.keptDevice, how: t.keptDeviceFor },
    ],
    typeWord: fill(t.eraseType, { word: t.eraseWord }),
    started: false,
    exporting: false,
    exported: '',
    exportedCount: '',
    erasing: false,
    sure: false,
    receipt: null,
  },

  /** @param {import('../../sdk/onechat').State} state */
  follow: function (state) {
    update(this, { started: state.connection.status !== 'stopped' });
  },

  onTerms: function () {
    navigation.to(this, '../agreement/agreement?reading=1');
  },

  onExport: function () {
    const self = this;
    self.setData({ exporting: true });
    client.exportAll().then(
      (entries) => {
        self.lines = exportLines(entries);
        const isLong = self.lines.length > SHOWN_MAX;
        self.setData({
          exporting: false,
          exported: isLong ? self.lines.slice(0, SHOWN_MAX) + '…' : self.lines,
          exportedCount: fill(t.exported, { count: entries.length }),
        });
      },
      (error) => {
        self.setData({ exporting: false });
        menus.complain(error);
      },
    );
  },
  onExportCopy: function () {
    menus.copy(this.lines);
  },
  onExportClose: function () {
    this.lines = '';
    this.setData({ exported: '' });
  },

  onLogout: function () {
    const self = this;
    ask(t.logoutAsk, t.logout, () => {
      client.logout().then(() => {
        navigation.anew(self, '../chat/chat');
      }, menus.complain);
    });
  },

  onErase: function () {
    this.setData({ erasing: !this.data.erasing, sure: false });
  },
  /** @param {any} event */
  onWord: function (event) {
    update(this, { sure: event.detail.value.trim().toLowerCase() === t.eraseWord.toLowerCase() });
  },
  onEraseDo: function () {
    const self = this;
    self.setData({ sure: false });
    client.erase().then(
      (receipt) => {
        self.setData({ receipt: readable(receipt, texts, client.serverNow()), erasing: false });
      },
      (error) => {
        self.setData({ sure: true });
        menus.complain(error);
      },
    );
  },
  onCopyReceipt: function () {
    menus.copy(this.data.receipt.id);
  },
  onStartAgain: function () {
    client.start();
    navigation.anew(this, '../chat/chat');
  },
});
