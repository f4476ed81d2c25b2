// @ts-check
// The topics: none, one or several, remembered on the device.

const { client } = require('../../parts/client');
const navigation = require('../../parts/navigation');
const { define, update, toast } = require('../../parts/page');
const { LIMITS } = require('../../sdk/protocol');
const names = require('../../i18n/names');
const { texts, fill, language } = require('../../i18n/texts');
const visit = require('../../visit');

const t = texts.userConsole;

/** @param {string} pool */
function waiting(pool) {
  return pool === '0' ? t.nobody : fill(t.waiting, { count: pool });
}

define('userConsole', {
  data: { topics: [], going: false, welcomed: false, summary: t.any },

  /** @param {import('../../sdk/onechat').State} state */
  follow: function (state) {
    const chosen = visit.topics();
    const topics = state.topics.map((topic) => {
      const named = names.topic(language, topic);
      return {
        id: topic.id,
        title: named.title,
        hint: named.hint,
        waiting: waiting(topic.waiting),
        on: chosen.indexOf(topic.id) >= 0,
      };
    });
    const count = topics.filter((topic) => topic.on).length;
    update(this, {
      topics: topics,
      going: state.welcomed && state.user === 'paired',
      welcomed: state.welcomed,
      summary: count ? fill(t.some, { count: count }) : t.any,
    });
  },

  /** @param {any} event */
  onTopic: function (event) {
    const id = event.currentTarget.dataset.id;
    const offered = client.state().topics;
    const chosen = visit.topics().filter((one) => {
      return one !== id && offered.some((topic) => topic.id === one);
    });
    if (visit.topics().indexOf(id) < 0) {
      if (chosen.length >= LIMITS.topicsMax) {
        toast(fill(t.most, { count: LIMITS.topicsMax }));
        return;
      }
      chosen.push(id);
    }
    visit.keepTopics(chosen);
    this.refresh();
  },

  onGo: function () {
    navigation.to(this, '../chattt/chattt');
  },
});
