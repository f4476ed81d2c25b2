// One user: who it is, what was decided, and what can be.
import { useState } from 'preact/hooks';
import { may } from '../logic/roles.js';
import { useAnswer } from '../parts/answers.js';
import { Empty, Facts, Loading, Problem, Tag, Time } from '../parts/bits.js';
import { html } from '../parts/html.js';
import { useSession } from '../parts/session.js';
import { UserActs } from './user_acts.js';
import { Access, Account, Pairs } from './user_past.js';

const pasts = { pairs: Pairs, access: Access, account: Account };

function Erasure({ receipt }) {
  const { t, api } = useSession();
  const { data } = useAnswer((signal) => api.get(`/erasures/${receipt}`, { signal }), [receipt]);
  return html`<h2>${t('user_.erasure')}</h2><${Facts} of=${[
    [t('user_.receipt'), html`<code>${receipt}</code>`],
    [t('user_.erasedAt'), data && html`<${Time} at=${data.at} />`],
    [t('user_.sealed'), data && html`<${Time} at=${data.sealed_until} />`],
    [t('user_.done'), data && (data.done_at ? html`<${Time} at=${data.done_at} />`
      : t('user_.notDone'))]]} />`;
}

function Bans({ bans }) {
  const { t } = useSession();
  if (bans.length === 0) return html`<${Empty}>${t('user_.noBans')}</${Empty}>`;
  return html`<ul class="bans">${bans.map((ban) => html`<li key=${ban.since}>
    <p><strong>${t('user_.level', { n: ban.level })}</strong>${' '}
      <${Time} at=${ban.since} /> – <${Time} at=${ban.until} />
      ${ban.lifted && html` <span class="tag dim">${t('user_.lifted')}</span>`}</p>
    ${ban.by && html`<p class="quiet">
      <bdi>${ban.reason}</bdi> · ${t('user_.by', { who: ban.by })}</p>`}
  </li>`)}</ul>`;
}

export function User({ id }) {
  const { t, api, role } = useSession();
  const { data: user, error, again } = useAnswer(
    (signal) => api.get(`/users/${id}`, { signal }), [id]);
  const [past, setPast] = useState(); // { kind, reason, turn }
  const show = (next) => setPast({ ...next, turn: (past?.turn ?? 0) + 1 });
  if (error && !user) return html`<${Problem} error=${error} again=${again} />`;
  if (!user) return html`<${Loading} />`;
  const forgotten = past?.kind === 'account' && user.state === 'erased';
  return html`<div class="split"><div>
      <section class="card head">
        <p class="lead"><${Tag} word=${user.state} group="standing" />
          ${user.muted && html` <span class="tag warn">${t('user_.muted')}</span>`}
          ${user.sessions.length > 0 && html`
            <span class="tag good">${t('users.online')}</span>`}</p>
        <${Facts} of=${[
    [t('users.provider'), t(`provider.${user.provider}`)],
    [t('users.account'), user.account && html`<code>${user.account}</code>`],
    [t('users.created'), html`<${Time} at=${user.created} />`],
    [t('users.seen'), html`<${Time} at=${user.seen} />`],
    [t('user_.bannedUntil'), user.banned_until && html`<${Time} at=${user.banned_until} />`]]} />
        ${user.receipt && html`<${Erasure} receipt=${user.receipt} />`}
      </section>
      <section><h2>${t('user_.bans')}</h2><${Bans} bans=${user.bans} /></section>
      ${past && !forgotten && html`<${pasts[past.kind]} key=${past.turn} id=${id}
        reason=${past.reason} />`}
    </div>
    ${may(role, 'moderator') && html`
      <${UserActs} user=${user} onShow=${show} onChange=${again} />`}
  </div>`;
}
