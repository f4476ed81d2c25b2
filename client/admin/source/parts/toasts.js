// What has just been done, for a while, with its undo; Control+Z takes back the newest. Kept in a
// list of few, read out by screen readers.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { undoTime } from '../logic/later.js';
import { html } from './html.js';

const toastsMax = 4;

// [toasts, say, drop]; `say(text, { tone, undo, wait })`.
export function useToasts() {
  const [toasts, set] = useState([]);
  const count = useRef(0);
  const drop = useCallback((id) => set((all) => all.filter((one) => one.id !== id)), []);
  const say = useCallback((text, { tone = 'good', undo, wait = undoTime } = {}) => {
    const id = ++count.current;
    set((all) => [...all, { id, text, tone, undo, wait }].slice(-toastsMax));
  }, []);
  return [toasts, say, drop];
}

function Toast({ toast, onDrop, t }) {
  useEffect(() => {
    const timer = setTimeout(onDrop, toast.wait);
    return () => clearTimeout(timer);
  }, []);
  const takeBack = () => {
    onDrop();
    toast.undo();
  };
  return html`<div class=${`toast ${toast.tone}`}>
    <span>${toast.text}</span>
    ${toast.undo && html`<button type="button" class="small" aria-keyshortcuts="Control+Z"
      onClick=${takeBack}>${t('dialog.undo')}<kbd aria-hidden="true">Ctrl Z</kbd></button>`}
    <button type="button" class="small plain" aria-label=${t('dialog.dismiss')}
      onClick=${onDrop}>×</button>
  </div>`;
}

const isWriting = ({ target }) => target.closest?.('input, textarea, select, [contenteditable]');

export function Toasts({ toasts, drop, t }) {
  // With the toast, not after it: somebody may be quick.
  useLayoutEffect(() => {
    const undo = (event) => {
      const last = toasts.filter((one) => one.undo).at(-1);
      const isUndo = event.key === 'z' && (event.ctrlKey || event.metaKey);
      if (!last || !isUndo || isWriting(event)) return;
      event.preventDefault();
      drop(last.id);
      last.undo();
    };
    addEventListener('keydown', undo);
    return () => removeEventListener('keydown', undo);
  }, [toasts]);
  return html`<div id="toasts" role="status" aria-live="polite">${toasts.map((toast) => html`
    <${Toast} key=${toast.id} toast=${toast} t=${t} onDrop=${() => drop(toast.id)} />`)}</div>`;
}
