// Taking single texts away: a button for each, a question, and the word that it is gone. Texts that
// were taken away show so at once, without the record being read again.
import { useState } from 'preact/hooks';
import { html } from './html.js';
import { Confirm } from './confirm.js';
import { useSession } from './session.js';

// { after: for Events, told: events as they are now, dialog }. The texts are of `pair` unless they
// say themselves of which: evidence may be of several.
export function useRemovals(pair, reason) {
  const { t, api, say } = useSession();
  const [asked, ask] = useState(); // { pair, seq }
  const [gone, setGone] = useState(new Set());
  const placeOf = (event) => ({ pair: event.pair ?? pair, seq: event.seq });
  const nameOf = (place) => `${place.pair}/${place.seq}`;
  const act = async (why) => {
    await api.ask('DELETE', `/pairs/${asked.pair}/events/${asked.seq}`, { why });
    setGone(new Set([...gone, nameOf(asked)]));
    say(t('pair_.removed'));
  };
  const after = (event) => !event.gone && html`<button type="button" class="small plain remove"
    aria-label=${t('pair_.removeNo', { n: event.seq })}
    onClick=${() => ask(placeOf(event))}>${t('pair_.remove')}</button>`;
  const told = (events, keepsText) => events.map((event) => (gone.has(nameOf(placeOf(event)))
    ? { ...event, gone: 'removed', text: keepsText ? event.text : undefined } : event));
  const dialog = asked && html`<${Confirm} key=${nameOf(asked)} reason=${reason}
    title=${t('pair_.removeNo', { n: asked.seq })} text=${t('pair_.removeText')}
    button=${t('pair_.remove')} act=${act} onClose=${() => ask(undefined)} />`;
  return { after, told, dialog };
}
