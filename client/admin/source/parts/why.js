// The reason that goes into the audit: its field, and the door before a record.
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { reasonIn, reasonMax } from '../logic/reason.js';
import { may } from '../logic/roles.js';
import { html } from './html.js';
import { useSession } from './session.js';

// For WhyField. `take()`: the reason, or nothing, and then the field says what is wrong and has the
// focus. What was said last is offered for the next record; `first` instead, where it is given.
export function useWhy(first) {
  const { shelf } = useSession();
  const [text, setText] = useState(first ?? shelf.why ?? '');
  const [isBad, setBad] = useState(false);
  const field = useRef();
  const take = () => {
    const reason = reasonIn(text);
    setBad(!reason);
    if (reason) shelf.why = first === undefined ? reason : shelf.why;
    else field.current?.focus();
    return reason;
  };
  const set = (next) => {
    setText(next);
    if (isBad && reasonIn(next)) setBad(false);
  };
  return { text, set, isBad, field, take };
}

export function WhyField({ why, label, hint }) {
  const { t } = useSession();
  const id = useId();
  const told = why.isBad ? t('reason.bad') : hint;
  return html`<div class="field">
    <label for=${id}>${label ?? t('reason.label')}</label>
    <input id=${id} ref=${why.field} value=${why.text} maxLength=${2 * reasonMax} autocomplete="off"
      aria-invalid=${why.isBad} aria-describedby=${`${id}-hint`}
      onInput=${(event) => why.set(event.target.value)} />
    <p id=${`${id}-hint`} class=${why.isBad ? 'hint bad' : 'hint'}>${told}</p>
  </div>`;
}

const usual = ['queue', 'complaint', 'law'];

// Shows what `children(reason)` makes once a reason was given; nothing is asked of the server
// before.
export function Gate({ children, needed = 'moderator' }) {
  const { t, role } = useSession();
  const why = useWhy();
  const [reason, open] = useState();
  useLayoutEffect(() => {
    why.field.current?.focus();
    why.field.current?.select();
  }, []);
  if (!may(role, needed)) return html`<p class="empty">${t('gate.forbidden')}</p>`;
  if (reason) return children(reason);
  const suggest = (key) => {
    why.set(t(`gate.${key}`));
    why.field.current.focus();
  };
  return html`<form class="card gate" onSubmit=${(event) => {
    event.preventDefault();
    open(why.take());
  }}>
    <h2>${t('gate.title')}</h2>
    <p class="quiet">${t('gate.text')}</p>
    <${WhyField} why=${why} />
    <div class="row">
      <div class="row" role="group" aria-label=${t('gate.suggest')}>${usual.map((key) => html`
        <button type="button" class="small" key=${key}
          onClick=${() => suggest(key)}>${t(`gate.${key}`)}</button>`)}</div>
      <button class="main">${t('gate.open')}</button>
    </div>
  </form>`;
}
