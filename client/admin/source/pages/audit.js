// What operators read and did.
import { subjectOf } from '../logic/route.js';
import { wordOf } from '../logic/words.js';
import { useList } from '../parts/answers.js';
import { Subject, Time } from '../parts/bits.js';
import { html } from '../parts/html.js';
import { useSession } from '../parts/session.js';
import { Listing } from '../parts/table.js';

function Target({ text }) {
  const subject = subjectOf(text);
  return subject ? html`<${Subject} ...${subject} />` : text;
}

export function Audit() {
  const { t, api } = useSession();
  const list = useList(async (before, signal) => {
    const { entries, next } = await api.get('/audit', { query: { before, limit: 50 }, signal });
    return { rows: entries, next };
  }, []);
  const columns = [
    { head: t('id'), className: 'code', cell: ({ id }) => id },
    { head: t('when'), cell: ({ at }) => html`<${Time} at=${at} />` },
    { head: t('who'), cell: ({ who }) => who },
    { head: t('what'), cell: ({ act }) => wordOf(t, 'act', act) },
    { head: t('whom'), cell: ({ target }) => html`<${Target} text=${target} />` },
    { head: t('why'), className: 'long', cell: ({ why }) => html`<bdi>${why}</bdi>` },
  ];
  return html`<div class="bar"><p class="quiet grow">${t('audit.hint')}</p>
      <button type="button" class="plain" onClick=${list.again}>${t('list.refresh')}</button></div>
    <${Listing} list=${list} label=${t('place.audit')} columns=${columns} keyOf=${({ id }) => id}
      empty=${t('audit.none')} />`;
}
