// @ts-check
// What an operator sets before uploading. Nothing here is secret: all of it is in the package that
// every user downloads.

module.exports = {
  /** Where the server listens. A mini program needs a registered wss domain; a browser asks its own page. */
  server: 'wss://chat.example.com/ws',

  /** Who runs this service and how to reach them, as the terms name it. */
  operator: { zh: '本服务的运营者', en: 'the operator of this service' },
  contact: 'https://chat.example.com',

  /** Days, as the server is configured: for the pages that say what is kept. 0: until its owner deletes it. */
  kept: { records: 0, access: 180 },

  /** Ids of the one-time subscribe messages "somebody wrote to you", by platform. Empty: never asked. */
  templates: { wechat: [], qq: [], web: [] },
};
