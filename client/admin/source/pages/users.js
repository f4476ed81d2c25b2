// Everybody, newest first, or whom a number, an alias or an OpenID names. The words are sent in a
// body and never stand in an address.
import { useState } from 'preact/hooks';
import { useList } from '../parts/answers.js';
import { Subject, Tag, Time } from '../parts/bits.js';
import { html } from '../parts/html.js';
import { useSession, useShelf } from '../parts/session.js';
import { Listing } from '../parts/table.js';

const queryMax = 128;
const states = ['active', 'banned', 'muted', 'erased'];

function Search({ query, state, onSearch, onState }) {
  const { t } = useSession();
  const [text, setText] = useState(query);
  return html`<form class="bar" role="search" onSubmit=${(event) => {
    event.preventDefault();
    onSearch(text.trim());
  }}>
    <input type="search" class="grow" value=${text} maxLength=${queryMax} autocomplete="off"
      spellcheck=${false} aria-label=${t('users.query')} placeholder=${t('users.query')}
      onInput=${(event) => setText(event.target.value)} />
    <select aria-label=${t('users.filter')} value=${state}
      onChange=${(event) => onState(event.target.value)}>
      <option value="">${t('users.any')}</option>
      ${states.map((one) => html`<option key=${one} value=${one}>${t(`standing.${one}`)}</option>`)}
    </select>
    <button class="main">${t('users.find')}</button>
    ${query && html`<button type="button" class="plain" onClick=${() => {
    setText('');
    onSearch('');
  }}>${t('users.clear')}</button>`}
  </form>`;
}

export function Users() {
  const { t, api } = useSession();
  const [query, search] = useShelf('query', '');
  const [state, choose] = useShelf('standing', '');
  const list = useList(async (before, signal) => {
    const only = state || undefined;
    const { users, next } = query
      ? await api.ask('POST', '/users/search', { body: { query, state: only, before }, signal })
      : await api.get('/users', { query: { state: only, before }, signal });
    return { rows: users, next };
  }, [query, state]);
  const columns = [
    { head: t('id'), cell: ({ id }) => html`<${Subject} name="user" id=${id} isKey />` },
    { head: t('state'), cell: (user) => html`<${Tag} word=${user.state} group="standing" />
      ${user.sessions.length > 0 && html` <span class="tag good">${t('users.online')}</span>`}` },
    { head: t('users.provider'), cell: ({ provider }) => t(`provider.${provider}`) },
    { head: t('users.account'), className: 'code',
      cell: ({ account }) => html`<bdi>${account ?? '–'}</bdi>` },
    { head: t('users.created'), cell: ({ created }) => html`<${Time} at=${created} />` },
    { head: t('users.seen'), cell: ({ seen }) => html`<${Time} at=${seen} away />` },
  ];
  const find = (next) => (next === query ? list.again() : search(next));
  return html`
    <${Search} query=${query} state=${state} onSearch=${find} onState=${choose} />
    <${Listing} list=${list} label=${t('place.users')} columns=${columns} keyOf=${({ id }) => id}
      empty=${t('users.none')} />`;
}
