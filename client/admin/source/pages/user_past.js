// What is read of a user once a reason is given: whom they met, when they logged in, and who they
// are for their platform.
import { wordOf } from '../logic/words.js';
import { useAnswer, useList } from '../parts/answers.js';
import { Arrived, Empty, Facts, Loading, Problem, Said, Subject, Time } from '../parts/bits.js';
import { html } from '../parts/html.js';
import { useSession } from '../parts/session.js';
import { Listing } from '../parts/table.js';

export function Pairs({ id, reason }) {
  const { t, api } = useSession();
  const list = useList(async (before, signal) => {
    const { pairs, next } = await api.get(`/users/${id}/pairs`,
      { query: { before }, why: reason, signal });
    return { rows: pairs, next };
  }, [id]);
  const partner = ({ seats }) => seats.find(({ user }) => user !== id) ?? seats[0];
  const columns = [
    { head: t('id'), cell: (pair) => html`<${Subject} name="pair" id=${pair.id} isKey />` },
    { head: t('whom'), cell: (pair) => html`<${Subject} name="user" id=${partner(pair).user} />` },
    { head: t('pair_.alias'), cell: (pair) => html`<${Said} text=${partner(pair).alias} />` },
    { head: t('pair_.met'), cell: ({ met }) => met },
    { head: t('pair_.last'),
      cell: ({ last_at: at }) => (at > 0 ? html`<${Time} at=${at} away />` : '–') },
  ];
  return html`<section><${Arrived}>${t('user_.pairs')}</${Arrived}>
    <${Listing} list=${list} label=${t('user_.pairs')} columns=${columns} keyOf=${(pair) => pair.id}
      empty=${t('user_.noPairs')} /></section>`;
}

export function Access({ id, reason }) {
  const { t, api } = useSession();
  const list = useList(async (before, signal) => {
    const { entries, next } = await api.get(`/users/${id}/access`,
      { query: { before }, why: reason, signal });
    return { rows: entries, next };
  }, [id]);
  const columns = [
    { head: t('when'), cell: ({ at }) => html`<${Time} at=${at} />` },
    { head: t('what'), cell: ({ action }) => wordOf(t, 'access', action) },
    { head: t('user_.address'), className: 'code',
      cell: ({ address, port }) => (port ? `${address} : ${port}` : address) },
  ];
  return html`<section><${Arrived}>${t('user_.access')}</${Arrived}>
    <${Listing} list=${list} label=${t('user_.access')} columns=${columns}
      keyOf=${(entry) => entry.id} empty=${t('user_.noAccess')} /></section>`;
}

export function Account({ id, reason }) {
  const { t, api } = useSession();
  const { data, error, again } = useAnswer(
    (signal) => api.get(`/users/${id}/account`, { why: reason, signal }), [id]);
  return html`<section><${Arrived}>${t('user_.account')}</${Arrived}>
    ${error && html`<${Problem} error=${error} again=${again} />`}
    ${!data && !error && html`<${Loading} />`}
    ${data && !data.account && html`<${Empty}>${t('user_.noAccount')}</${Empty}>`}
    ${data?.account && html`<div class="card"><${Facts} of=${[
    [t('users.provider'), t(`provider.${data.provider}`)],
    [t('users.account'), html`<code>${data.account}</code>`]]} /></div>`}
  </section>`;
}
