// One report: what was said, as it was said, and what is done about it.
import { addressOf } from '../logic/route.js';
import { wordOf } from '../logic/words.js';
import { useAnswer } from '../parts/answers.js';
import { Empty, Facts, Flagged, Loading, Mutes, Problem, Said, Subject, Tag, Time } from
  '../parts/bits.js';
import { Events } from '../parts/events.js';
import { html } from '../parts/html.js';
import { useRemovals } from '../parts/removals.js';
import { useSession } from '../parts/session.js';
import { Gate } from '../parts/why.js';
import { Decide } from './decide.js';

function Told({ report }) {
  const { t } = useSession();
  return html`<section class="card head">
    <p class="lead"><${Tag} word=${report.state} group="reportState" />
      ${report.mutes && html`<${Mutes} />`}${report.flagged && html`<${Flagged} />`}
      <strong>${wordOf(t, 'reportReason', report.reason)}</strong></p>
    <${Facts} of=${[
    [t('reports.target'), html`<${Subject} name="user" id=${report.target} />`],
    [t('report_.nickname'), report.nickname && html`<${Said} text=${report.nickname} />`],
    [t('reports.reporter'), html`<${Subject} name="user" id=${report.reporter} />`],
    [t('when'), html`<${Time} at=${report.at} />`],
    [t('report_.resolved'), report.resolved && html`<${Time} at=${report.resolved} />`],
    [t('report_.kept'), html`<${Time} at=${report.kept_until} />`]]} />
    <h2>${t('report_.note')}</h2>
    ${report.note ? html`<${Said} tag="p" text=${report.note} />`
    : html`<p class="quiet">${t('report_.noNote')}</p>`}
  </section>`;
}

function Open({ id, reason }) {
  const { t, api } = useSession();
  const { data: report, error, again } = useAnswer(
    (signal) => api.get(`/reports/${id}`, { why: reason, signal }), [id]);
  const removals = useRemovals(report?.pair, report && whyOf(t, report));
  if (error) return html`<${Problem} error=${error} again=${again} />`;
  if (!report) return html`<${Loading} />`;
  const names = { [report.target]: html`<span class="tag warn">${t('report_.target')}</span>`,
    [report.reporter]: html`<span class="tag dim">${t('report_.reporter')}</span>` };
  return html`<div class="split"><div>
      <${Told} report=${report} />
      <h2>${t('report_.evidence')}</h2>
      ${!report.evidence.some(({ kind }) => kind === 'text')
        && html`<${Empty}>${t('report_.noEvidence')}</${Empty}>`}
      <${Events} events=${removals.told(report.evidence, true)} label=${t('report_.evidence')}
        names=${names} isLeft=${(user) => user !== report.reporter} after=${removals.after} />
      ${pairsOf(report).map((pair, n, all) => html`<p key=${pair}><a
        href=${addressOf('pair', pair)}>${t('report_.full')}${
  all.length > 1 && `: ${t('pair', { id: pair })}`}</a></p>`)}
    </div>
    <${Decide} report=${report} why=${whyOf(t, report)} />
    ${removals.dialog}</div>`;
}

// The two may have met again after one of them was erased, and be reported for both.
const pairsOf = ({ pair, evidence }) => [...new Set([pair,
  ...evidence.map((event) => event.pair ?? pair)])];

const whyOf = (t, { id, reason }) =>
  t('report_.why', { id, reason: wordOf(t, 'reportReason', reason) });

export function Report({ id }) {
  return html`<${Gate}>${(reason) => html`<${Open} id=${id} reason=${reason} />`}</${Gate}>`;
}
