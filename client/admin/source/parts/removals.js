// Taking single texts away: a button for each, a question, and the word that it is gone. Texts that
// were taken away show so at once, without the record being read again.
import { useState } from 'preact/hooks';
import { html } from './html.js';
import { Confirm } from './confirm.js';
import { useSession } from './session.js';

// { after: for Events, told: events as they are now, dialog }.
export function useRemovals(pair, reason) {
  const { t, api, say } = useSession();
  const [asked, ask] = useState();
  const [gone, setGone] = useState(new Set());
  const act = async (why) => {
    await api.ask('DELETE', `/pairs/${pair}/events/${asked}`, { why });
    setGone(new Set([...gone, asked]));
    say(t('pair_.removed'));
  };
  const after = (event) => !event.gone && html`<button type="button" class="small plain remove"
    aria-label=${t('pair_.removeNo', { n: event.seq })}
    onClick=${() => ask(event.seq)}>${t('pair_.remove')}</button>`;
  const told = (events, keepsText) => events.map((event) => (gone.has(event.seq)
    ? { ...event, gone: 'removed', text: keepsText ? event.text : undefined } : event));
  const dialog = asked !== undefined && html`<${Confirm} key=${asked} reason=${reason}
    title=${t('pair_.removeNo', { n: asked })} text=${t('pair_.removeText')}
    button=${t('pair_.remove')} act=${act} onClose=${() => ask(undefined)} />`;
  return { after, told, dialog };
}
