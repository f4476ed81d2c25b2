// Texts that moderation let pass and wants a person to look at: where they are, without a word.
import { wordOf } from '../logic/words.js';
import { useList } from '../parts/answers.js';
import { Subject, Time } from '../parts/bits.js';
import { html } from '../parts/html.js';
import { useSession } from '../parts/session.js';
import { Listing } from '../parts/table.js';

export function Flags() {
  const { t, api } = useSession();
  const list = useList(async (before, signal) => {
    const { flags, next } = await api.get('/flags', { query: { before, limit: 50 }, signal });
    return { rows: flags, next };
  }, []);
  const columns = [
    { head: t('flags.text'),
      cell: ({ pair, seq }) => html`<${Subject} name="pair" id=${pair} seq=${seq} isKey />` },
    { head: t('flags.source'), cell: ({ source, label }) => html`
      ${wordOf(t, 'flagSource', source)}${label !== undefined && html`
        <span class="tag dim">${t('flags.label', { n: label })}</span>`}` },
    { head: t('when'), cell: ({ at }) => html`<${Time} at=${at} away />` },
    { head: t('report_.kept'), cell: ({ kept_until: until }) => html`<${Time} at=${until} />` },
  ];
  return html`<div class="bar"><p class="quiet grow">${t('flags.hint')}</p>
      <button type="button" class="plain" onClick=${list.again}>${t('list.refresh')}</button></div>
    <${Listing} list=${list} label=${t('place.flags')} columns=${columns} keyOf=${({ id }) => id}
      empty=${t('flags.none')} />`;
}
