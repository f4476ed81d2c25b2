// A question before what can't be undone: says so, and asks for the reason.
import { useEffect, useRef } from 'preact/hooks';
import { html } from './html.js';
import { useAct } from './answers.js';
import { useSession } from './session.js';
import { WhyField, useWhy } from './why.js';

// `act(reason)` is asked of the server while the dialog waits; `onClose()` when it is over.
export function Confirm({ title, text, button, reason, act, onClose }) {
  const { t } = useSession();
  const dialog = useRef();
  const why = useWhy(reason);
  const [busy, run] = useAct();
  useEffect(() => dialog.current.showModal(), []);
  const submit = async (event) => {
    event.preventDefault();
    const taken = why.take();
    if (taken && await run(() => act(taken))) dialog.current?.close();
  };
  return html`<dialog ref=${dialog} aria-labelledby="confirm-title" onClose=${onClose}>
    <form onSubmit=${submit}>
      <h2 id="confirm-title">${title}</h2>
      <p>${text}</p>
      <${WhyField} why=${why} hint=${t('reason.hint')} />
      <div class="row end">
        <button type="button" onClick=${() => dialog.current.close()}>${t('dialog.cancel')}</button>
        <button class="danger" disabled=${busy}>${button}</button>
      </div>
    </form>
  </dialog>`;
}
