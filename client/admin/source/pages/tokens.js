// Who may come in: the tokens by name. A new one is shown once, here.
import { useState } from 'preact/hooks';
import { useAct, useList } from '../parts/answers.js';
import { Time } from '../parts/bits.js';
import { Confirm } from '../parts/confirm.js';
import { html } from '../parts/html.js';
import { useSession } from '../parts/session.js';
import { Listing } from '../parts/table.js';
import { WhyField, useWhy } from '../parts/why.js';

const roles = ['viewer', 'moderator', 'owner'];

function Made({ made, onHide }) {
  const { t, say, attempt } = useSession();
  const copy = () => attempt(async () => {
    await navigator.clipboard.writeText(made.token);
    say(t('tokens.copied'));
  });
  return html`<section class="card made" role="status">
    <h2>${t('tokens.made', { name: made.name })}</h2><p class="quiet">${t('tokens.once')}</p>
    <code class="secret" tabindex="0">${made.token}</code>
    <div class="row">
      ${navigator.clipboard && html`
        <button type="button" onClick=${copy}>${t('tokens.copy')}</button>`}
      <button type="button" class="plain" onClick=${onHide}>${t('tokens.hide')}</button>
    </div></section>`;
}

function Make({ onMade }) {
  const { t, api } = useSession();
  const [name, setName] = useState('');
  const [role, choose] = useState('moderator');
  const why = useWhy('');
  const [busy, act] = useAct();
  const submit = (event) => {
    event.preventDefault();
    const reason = why.take();
    if (reason) {
      act(async () => {
        onMade(await api.ask('POST', '/tokens', { body: { name, role }, why: reason }));
        setName('');
        why.set('');
      });
    }
  };
  return html`<form class="card make" onSubmit=${submit}><h2>${t('tokens.add')}</h2>
    <div class="field"><label for="token-name">${t('tokens.name')}</label>
      <input id="token-name" value=${name} required maxLength="32"
        pattern="[a-z0-9][a-z0-9._\\-]*" autocomplete="off" autocapitalize="off"
        spellcheck=${false} aria-describedby="token-name-hint"
        onInput=${(event) => setName(event.target.value)} />
      <p id="token-name-hint" class="hint">${t('tokens.nameHint')}</p></div>
    <div class="field"><label for="token-role">${t('tokens.role')}</label>
      <select id="token-role" value=${role} aria-describedby="token-role-hint"
        onChange=${(event) => choose(event.target.value)}>${roles.map((one) => html`
        <option key=${one} value=${one}>${t(`role.${one}`)}</option>`)}</select>
      <p id="token-role-hint" class="hint">${t(`tokens.roleHint.${role}`)}</p></div>
    <${WhyField} why=${why} hint=${t('reason.hint')} />
    <button class="main" disabled=${busy}>${t('tokens.make')}</button></form>`;
}

export function Tokens() {
  const { t, api, say } = useSession();
  const [made, setMade] = useState();
  const [leaving, remove] = useState();
  const list = useList(async (_, signal) => {
    const { tokens } = await api.get('/tokens', { signal });
    return { rows: tokens };
  }, []);
  const columns = [
    { head: t('tokens.name'), className: 'code', cell: ({ name }) => name },
    { head: t('tokens.role'), cell: ({ role }) => t(`role.${role}`) },
    { head: t('tokens.created'), cell: ({ created }) => html`<${Time} at=${created} />` },
    { head: t('tokens.used'),
      cell: ({ used }) => (used ? html`<${Time} at=${used} away />` : t('never')) },
    { head: t('what'), className: 'acts', cell: ({ name }) => html`
      <button type="button" class="small plain" aria-label=${t('tokens.removeNo', { name })}
        onClick=${() => remove(name)}>${t('tokens.remove')}</button>` },
  ];
  const act = async (why) => {
    await api.ask('DELETE', `/tokens/${leaving}`, { why });
    say(t('tokens.removed', { name: leaving }));
    list.again();
  };
  return html`<div class="split"><div>
      ${made && html`<${Made} made=${made} onHide=${() => setMade(undefined)} />`}
      <${Listing} list=${list} label=${t('place.tokens')} columns=${columns}
        keyOf=${({ name }) => name} />
    </div>
    <${Make} onMade=${(token) => {
    setMade(token);
    list.again();
  }} />
    ${leaving && html`<${Confirm} title=${t('tokens.removeNo', { name: leaving })}
      text=${t('tokens.removeText', { name: leaving })} button=${t('tokens.remove')} act=${act}
      onClose=${() => remove(undefined)} />`}</div>`;
}
