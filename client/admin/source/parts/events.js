// What happened in a pair, from top to bottom: one side's texts at the left, the other's at the
// right, and between them what nobody said.
import { useEffect, useRef } from 'preact/hooks';
import { wordOf } from '../logic/words.js';
import { Said, Subject, Time } from './bits.js';
import { html } from './html.js';
import { useSession } from './session.js';

function Happening({ event }) {
  const { t } = useSession();
  const key = event.kind === 'recall' && !event.user ? 'removedRef' : event.kind;
  return html`<li class="happening"><span>
    ${event.user && html`<${Subject} name="user" id=${event.user} /> `}
    ${t(`event.${key}`, { n: event.ref })} · <${Time} at=${event.at} /></span></li>`;
}

function Text({ event, side, name, isSought, children }) {
  const { t } = useSession();
  const item = useRef();
  useEffect(() => {
    if (isSought) item.current.focus();
  }, []);
  return html`<li class=${isSought ? `text ${side} sought` : `text ${side}`} ref=${item}
    tabindex=${isSought ? -1 : undefined} aria-current=${isSought ? 'true' : undefined}>
    <p class="from"><${Subject} name="user" id=${event.user} />
      ${name && html`<span>${name}</span>`}<${Time} at=${event.at} />
      <span class="seq">${event.seq}</span></p>
    ${event.text !== undefined && html`<${Said} tag="p" text=${event.text} />`}
    ${event.gone && html`<p class="gone">${wordOf(t, 'gone', event.gone)}</p>`}
    ${children}
  </li>`;
}

// `names`: what stands beside a user's number; `isLeft(user)`; `after(event)`: what stands below a
// text; `sought`: the seq of a text that is looked for, which comes into sight.
export function Events({ events, names = {}, isLeft, after = () => null, label, sought }) {
  const keyOf = ({ pair, seq }) => `${pair}/${seq}`;
  return html`<ol class="events" aria-label=${label}>${events.map((event) => (event.kind === 'text'
    ? html`<${Text} key=${keyOf(event)} event=${event} name=${names[event.user]}
        isSought=${String(event.seq) === sought}
        side=${isLeft(event.user) ? 'left' : 'right'}>${after(event)}</${Text}>`
    : html`<${Happening} key=${keyOf(event)} event=${event} />`))}</ol>`;
}
