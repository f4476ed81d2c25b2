// Small pieces that stand everywhere.
import { useEffect, useRef } from 'preact/hooks';
import { pieces } from '../logic/hostile.js';
import { ago, exactTime, forEver, time } from '../logic/format.js';
import { addressOf } from '../logic/route.js';
import { tellProblem, wordOf } from '../logic/words.js';
import { html } from './html.js';
import { useSession } from './session.js';

const isLong = (text) => text.length > 700 || text.split('\n').length > 12;

// What a stranger wrote: apart from the writing around it, and without its tricks. What is long has
// a box to scroll in, which the keyboard reaches.
export function Said({ text, tag = 'bdi' }) {
  const box = tag === 'p' && isLong(text) ? { class: 'said long', tabindex: 0 } : { class: 'said' };
  return html`<${tag} ...${box} dir="auto">${pieces(text).map((piece) => (piece.code
    ? html`<span class="trick">${piece.code}</span>` : piece))}</${tag}>`;
}

export function Time({ at, away = false }) {
  const { lang, t } = useSession();
  if (at >= forEver) return t('user_.forEver');
  return html`<time dateTime=${new Date(at).toISOString()} title=${exactTime(at, lang)}>
    ${away ? ago(at, lang) : time(at, lang)}</time>`;
}

// A link to a user, record or report, or to one text of a record; `isKey`: it is what the row is
// about.
export function Subject({ name, id, seq, isKey = false }) {
  const { t } = useSession();
  return html`<a class=${isKey && 'key'} href=${addressOf(name, id, seq)}>
    ${seq ? t('event.of', { id, n: seq }) : t(name, { id })}</a>`;
}

export function Mutes() {
  const { t } = useSession();
  return html` <span class="tag warn" title=${t('reports.mutesHint')}>${t('reports.mutes')}</span>`;
}

// Of a report's note.
export function Flagged() {
  const { t } = useSession();
  return html` <span class="tag warn" title=${t('reports.flaggedHint')}>${t('reports.flagged')}</span>`;
}

const tones = { banned: 'bad', muted: 'warn', open: 'warn', active: 'good', erased: 'dim',
  resolved: 'dim', live: 'good',
  made: 'good', under_way: 'warn', failed: 'bad' };

export function Tag({ word, group }) {
  const { t } = useSession();
  return html`<span class=${`tag ${tones[word] ?? 'dim'}`}>${wordOf(t, group, word)}</span>`;
}

export function Problem({ error, again }) {
  const { t } = useSession();
  return html`<div class="problem" role="alert"><p>${tellProblem(t, error)}</p>
    ${again && html`<button type="button" onClick=${again}>${t('list.again')}</button>`}</div>`;
}

export function Loading() {
  const { t } = useSession();
  return html`<p class="quiet loading" role="status">${t('list.loading')}</p>`;
}

export const Empty = ({ children }) => html`<p class="empty">${children}</p>`;

// [name, value] pairs; those without a value are left out.
export function Facts({ of }) {
  return html`<dl class="facts">${of.filter(([, value]) => value !== undefined && value !== '').map(
    ([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

// A heading of something that was asked for: it comes into sight and says so.
export function Arrived({ children }) {
  const heading = useRef();
  useEffect(() => heading.current.focus(), []);
  return html`<h2 class="arrived" tabindex="-1" ref=${heading}>${children}</h2>`;
}

export function Choice({ label, value, options, onChoose }) {
  return html`<div class="choice" role="group" aria-label=${label}>${options.map(
    ([key, text]) => html`<button type="button" key=${key} aria-pressed=${key === value}
      onClick=${() => onChoose(key)}>${text}</button>`)}</div>`;
}
