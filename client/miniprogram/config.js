// @ts-check
// What an operator sets before uploading. Nothing here is secret: all of it is in the package that
// every user downloads.

module.exports = {
  /** Where the server listens: a registered wss domain. A browser takes its page's own. */
  server: 'wss://chat.example.com/ws',

  /** Who runs this service and how to reach them, as the terms name it. */
  operator: { zh: '本服务的运营者', en: 'the operator of this service' },
  contact: 'https://chat.example.com',

  /**
   * Days, as the server is configured (--keep-texts, --keep-access), for what the pages say. 0:
   * records until their owner deletes them, login times and addresses not at all. null: that it is
   * yours to set.
   *
   * @type {{ records: number | null, access: number | null }}
   */
  kept: { records: null, access: null },

  /** Ids of the one-time messages "somebody wrote to you", by platform. Empty: never asked for. */
  templates: { wechat: [], qq: [], web: [] },
};
