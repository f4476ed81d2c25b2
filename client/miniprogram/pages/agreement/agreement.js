// @ts-check
// Once, before anybody is logged in: the terms, the age, and what is kept.

const { client } = require('../../parts/client');
const config = require('../../config');
const navigation = require('../../parts/navigation');
const { define } = require('../../parts/page');
const { texts, language, fill } = require('../../i18n/texts');
const visit = require('../../visit');

const t = texts.agreement;

define('agreement', {
  data: {
    rules: [t.rule1, t.rule2, t.rule3],
    runBy: fill(t.runBy, { operator: config.operator[language], contact: config.contact }),
    ticked: false,
    reading: false,
  },

  /** @param {Record<string, string>} query */
  onLoad: function (query) {
    this.setData({ ticked: visit.agreed(), reading: Boolean(query.reading) });
  },

  onTick: function () {
    this.setData({ ticked: !this.data.ticked });
  },

  onAgree: function () {
    visit.agree();
    client.start();
    navigation.instead(this, '../userConsole/userConsole');
  },

  onDetails: function () {
    navigation.to(this, '../privacy/privacy');
  },
});
