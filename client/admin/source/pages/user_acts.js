// What can be done about a user, each with the reason in the field above: reading their past and
// their account, bans, closing connections, erasing the account.
import { useState } from 'preact/hooks';
import { may } from '../logic/roles.js';
import { useAct } from '../parts/answers.js';
import { TermField, useBans } from '../parts/ban.js';
import { Confirm } from '../parts/confirm.js';
import { html } from '../parts/html.js';
import { useSession } from '../parts/session.js';
import { WhyField, useWhy } from '../parts/why.js';

export function UserActs({ user, onShow, onChange }) {
  const { t, api, role, say, attempt } = useSession();
  const why = useWhy();
  const [term, choose] = useState('terms');
  const [isErasing, askToErase] = useState(false);
  const [busy, act] = useAct();
  const { ban, lift } = useBans(onChange);
  const { id } = user;
  const withReason = (run) => () => {
    const reason = why.take();
    if (reason) act(() => run(reason));
  };
  const show = (kind) => withReason(async (reason) => onShow({ kind, reason }));
  const giveBan = withReason(async (reason) => {
    const banned = await ban(id, term, reason);
    say(banned.text, banned.undo && { undo: () => attempt(banned.undo) });
  });
  const close = (session) => withReason(async (reason) => {
    await api.ask('POST', `/sessions/${session}/close`, { why: reason });
    say(t('user_.closed', { id: session }));
    onChange();
  });
  const erase = async (reason) => {
    const { receipt } = await api.ask('DELETE', `/users/${id}`, { why: reason });
    say(t('user_.erased', { id, receipt }), { wait: 20000 });
    onChange();
  };

  return html`<aside class="card decide" aria-labelledby="decide">
    <h2 id="decide">${t('user_.acts')}</h2>
    <${WhyField} why=${why} hint=${t('reason.hint')} />
    <button type="button" class="wide" onClick=${show('pairs')}>${t('user_.pairs')}</button>
    ${may(role, 'owner') && html`<button type="button" class="wide"
      onClick=${show('access')}>${t('user_.access')}</button>`}
    ${user.account && may(role, 'owner') && html`<button type="button" class="wide"
      onClick=${show('account')}>${t('user_.account')}</button>`}
    ${user.sessions.map((session) => html`<button type="button" class="wide" key=${session}
      disabled=${busy} onClick=${close(session)}>${t('user_.close', { id: session })}</button>`)}
    ${user.state !== 'erased' && html`<hr />
      <${TermField} term=${term} onChoose=${choose} />
      <button type="button" class="danger wide" disabled=${busy}
        onClick=${giveBan}>${t('user_.ban')}</button>
      ${user.banned_until && html`<button type="button" class="wide" disabled=${busy}
        onClick=${withReason((reason) => lift(id, reason))}>${t('user_.lift')}</button>`}`}
    ${user.state !== 'erased' && may(role, 'owner') && html`<hr />
      <button type="button" class="danger soft wide"
        onClick=${() => askToErase(true)}>${t('user_.erase')}</button>`}
    ${isErasing && html`<${Confirm} title=${`${t('user_.erase')}: ${t('user', { id })}`}
      text=${t('user_.eraseText')} button=${t('user_.erase')} reason=${why.text} act=${erase}
      onClose=${() => askToErase(false)} />`}
  </aside>`;
}
