// What two people said to each other, read with a reason.
import { useState } from 'preact/hooks';
import { addressOf } from '../logic/route.js';
import { useList } from '../parts/answers.js';
import { Empty, Facts, Loading, Problem, Said, Subject, Tag, Time } from '../parts/bits.js';
import { Confirm } from '../parts/confirm.js';
import { Events } from '../parts/events.js';
import { html } from '../parts/html.js';
import { useRemovals } from '../parts/removals.js';
import { useSession } from '../parts/session.js';
import { Gate } from '../parts/why.js';

function Seats({ pair }) {
  const { t } = useSession();
  return html`<${Facts} of=${[
    ...pair.seats.map((seat) => [html`<${Subject} name="user" id=${seat.user} />`, html`
      ${t('pair_.alias')} ${' '}<${Said} text=${seat.alias} />
      ${seat.cleared && html` <span class="tag dim">${t('pair_.cleared')}</span>`}`]),
    [t('pair_.met'), pair.met],
    [t('pair_.last'), pair.last_at > 0 ? html`<${Time} at=${pair.last_at} />` : undefined]]} />`;
}

const after = 10; // events shown behind the one that is looked for

// 500 at most are taken away by one request.
async function removeAll(api, id, why) {
  for (let texts = 0; ;) {
    const done = await api.ask('DELETE', `/pairs/${id}/events`, { why });
    texts += done.texts;
    if (!done.more || done.texts === 0) return texts;
  }
}

// With `seq`, the page of events that has that one and a few after it.
function Record({ id, seq, reason }) {
  const { t, api, say } = useSession();
  const [isAsking, askAll] = useState(false);
  const [first, setFirst] = useState();
  const removals = useRemovals(id, reason);
  // Pages come newest first, and are shown oldest first.
  const list = useList(async (before, signal) => {
    const from = before ?? (seq && Number(seq) + 1 + after);
    const record = await api.get(`/pairs/${id}/events`,
      { query: { before: from, limit: 100 }, why: reason, signal });
    if (before === undefined) setFirst(record);
    return { rows: [...record.events].reverse(), next: record.next };
  }, [id]);
  const again = list.next ? list.more : list.again;
  const trouble = list.error && html`<${Problem} error=${list.error} again=${again} />`;
  if (!first) return trouble || html`<${Loading} />`;
  const { pair, live } = first;
  const events = removals.told([...list.rows].reverse());
  const aliases = Object.fromEntries(pair.seats.map(({ user, alias }) =>
    [user, html`<${Said} text=${alias} />`]));
  const act = async (why) => {
    const n = await removeAll(api, id, why);
    say(t('pair_.removedAll', { n }));
    list.again();
  };
  return html`<section class="card head">
      <div class="row">${live && html`<${Tag} word="live" group="pair_" />`}
        <span class="quiet reason">${t('reason.label')}: ${reason}</span>
        <button type="button" class="plain" onClick=${list.again}>${t('list.refresh')}</button>
        <button type="button" class="danger"
          onClick=${() => askAll(true)}>${t('pair_.removeAll')}</button></div>
      <${Seats} pair=${pair} />
    </section>
    ${trouble}
    <div class="more">${list.next ? html`<button type="button" disabled=${list.busy}
      onClick=${list.more}>${t('pair_.older')}</button>`
    : events.length > 0 && !list.busy && html`<p class="quiet">${t('pair_.begin')}</p>`}</div>
    ${events.length === 0 && !list.busy && html`<${Empty}>${t('pair_.none')}</${Empty}>`}
    <${Events} events=${events} label=${t('pair', { id })} names=${aliases}
      isLeft=${(user) => user === pair.seats[0].user} after=${removals.after} sought=${seq} />
    ${seq && Number(seq) + after < pair.last_seq && html`<p class="more">
      <a href=${addressOf('pair', id)}>${t('pair_.newest')}</a></p>`}
    ${removals.dialog}
    ${isAsking && html`<${Confirm} title=${t('pair_.removeAll')} text=${t('pair_.removeAllText')}
      button=${t('pair_.removeAll')} reason=${reason} act=${act}
      onClose=${() => askAll(false)} />`}`;
}

export function Pair({ id, seq }) {
  return html`<${Gate}>${(reason) => html`
    <${Record} id=${id} seq=${seq} reason=${reason} />`}</${Gate}>`;
}
