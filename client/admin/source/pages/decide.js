// What is done about a report. A ban comes at once, since its undo lifts it; closing waits a
// moment, since the server opens no report again.
import { useState } from 'preact/hooks';
import { addressOf } from '../logic/route.js';
import { useAct } from '../parts/answers.js';
import { TermField, useBans } from '../parts/ban.js';
import { html } from '../parts/html.js';
import { useSession } from '../parts/session.js';
import { WhyField, useWhy } from '../parts/why.js';

export function Decide({ report: { id, target, state }, why: first }) {
  const { t, api, later, live, say, attempt } = useSession();
  const why = useWhy(first);
  const [term, choose] = useState('terms');
  const [isForPerson, setForPerson] = useState(false);
  const [busy, act] = useAct();
  const { ban } = useBans();
  const isOpen = state === 'open';

  // Returns its undo.
  const close = (reason) => later.put(`report ${id}`, (leaving) => attempt(async () => {
    await api.ask('POST', `/reports/${id}/resolve`,
      { body: isForPerson ? { person: true } : {}, why: reason, keepalive: leaving });
    if (!leaving) say(t('report_.closed', { id }));
    live.look();
  }));
  const decide = (run) => {
    const reason = why.take();
    if (reason) act(() => run(reason));
  };
  const closing = t('report_.closing', { id });
  const justClose = (reason) => {
    const undo = close(reason);
    say(closing, { undo: () => say(undo() ? t('report_.kept_', { id }) : t('dialog.notUndone')) });
    location.hash = addressOf('reports');
  };
  const justBan = async (reason) => {
    const banned = await ban(target, term, reason);
    say(banned.text, banned.undo && { undo: () => attempt(banned.undo) });
  };
  const banAndClose = async (reason) => {
    const banned = await ban(target, term, reason);
    const undo = close(reason);
    say(`${banned.text} ${closing}`, { undo: () => {
      undo();
      if (banned.undo) attempt(banned.undo);
      else say(t('user_.banStays'));
    } });
    location.hash = addressOf('reports');
  };

  return html`<aside class="card decide" aria-labelledby="decide">
    <h2 id="decide">${t('report_.decide')}</h2>
    ${!isOpen && html`<p class="quiet">${t('report_.isClosed')}</p>`}
    <${WhyField} why=${why} hint=${t('report_.whyHint')} />
    ${isOpen && html`<label class="tick"><input type="checkbox" checked=${isForPerson}
      onChange=${(event) => setForPerson(event.target.checked)} /> ${t('report_.person')}</label>
    <button type="button" class="main wide" disabled=${busy}
      onClick=${() => decide(justClose)}>${t('report_.close')}</button>
    <hr />`}
    <${TermField} term=${term} onChoose=${choose} />
    <button type="button" class="danger wide" disabled=${busy}
      onClick=${() => decide(isOpen ? banAndClose : justBan)}>
      ${t(isOpen ? 'report_.banAndClose' : 'user_.ban')}</button>
    <p class="row apart"><a href=${addressOf('user', target)}>${t('user', { id: target })}</a>
      <a href=${addressOf('reports')}>${t('report_.back')}</a></p>
  </aside>`;
}
