// The queue of reports, without a word that anybody said.
import { useEffect, useRef } from 'preact/hooks';
import { may } from '../logic/roles.js';
import { wordOf } from '../logic/words.js';
import { useList } from '../parts/answers.js';
import { Choice, Flagged, Mutes, Subject, Tag, Time } from '../parts/bits.js';
import { html } from '../parts/html.js';
import { useLive, useSession, useShelf } from '../parts/session.js';
import { Listing } from '../parts/table.js';

// Says so when there are more open reports than when the list was read.
function Newer({ onRefresh }) {
  const { t } = useSession();
  const { stats } = useLive();
  const known = useRef();
  known.current = Math.min(known.current ?? Infinity, stats?.open_reports ?? Infinity);
  if (!stats || stats.open_reports <= known.current) return null;
  return html`<button type="button" class="newer" onClick=${() => {
    known.current = undefined;
    onRefresh();
  }}>${t('reports.newer')}</button>`;
}

export function Reports() {
  const { t, api, later, role } = useSession();
  const [state, choose] = useShelf('reports', 'open');
  const list = useList(async (before, signal) => {
    const query = { state: state === 'all' ? undefined : state, before };
    const { reports, next } = await api.get('/reports', { query, signal });
    return { rows: reports, next };
  }, [state]);
  useEffect(() => later.listen(list.again), [later]);
  const columns = [
    { head: t('id'), cell: ({ id }) => html`<${Subject} name="report" id=${id} isKey />` },
    { head: t('reports.reason'), cell: ({ reason, mutes, flagged }) => html`
      ${wordOf(t, 'reportReason', reason)}${mutes && html`<${Mutes} />`}${
  flagged && html`<${Flagged} />`}` },
    // Viewers aren't told of whom.
    ...(may(role, 'moderator') ? ['target', 'reporter'] : []).map((who) => ({
      head: t(`reports.${who}`),
      cell: (row) => html`<${Subject} name="user" id=${row[who]} />` })),
    { head: t('when'), cell: ({ at }) => html`<${Time} at=${at} away />` },
    { head: t('state'), cell: ({ id, state: is }) => html`<${Tag} group="reportState"
      word=${is === 'open' && later.holds(`report ${id}`) ? 'closing' : is} />` },
  ];
  return html`<div class="bar">
      <${Choice} label=${t('reports.filter')} value=${state} onChoose=${choose}
        options=${['open', 'resolved', 'all'].map((key) => [key, t(`reports.${key}`)])} />
      <button type="button" class="plain" onClick=${list.again}>${t('list.refresh')}</button>
      <${Newer} onRefresh=${list.again} />
    </div>
    <${Listing} list=${list} label=${t('place.reports')} columns=${columns} keyOf=${({ id }) => id}
      empty=${t(state === 'open' ? 'reports.none' : 'reports.noneAtAll')} />`;
}
