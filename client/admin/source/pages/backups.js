// The backups that are there, and making one, which goes on while the page is left.
import { useEffect, useState } from 'preact/hooks';
import { bytes } from '../logic/format.js';
import { useAct, useList } from '../parts/answers.js';
import { Tag, Time } from '../parts/bits.js';
import { html } from '../parts/html.js';
import { useLive, useSession } from '../parts/session.js';
import { Listing } from '../parts/table.js';
import { WhyField, useWhy } from '../parts/why.js';

const keptMax = 1000;

function Make({ isBusy, onBegun }) {
  const { t, api, say } = useSession();
  const why = useWhy('');
  const [keep, setKeep] = useState('');
  const [busy, act] = useAct();
  const submit = (event) => {
    event.preventDefault();
    const reason = why.take();
    if (reason) {
      act(async () => {
        const body = keep ? { keep: Number(keep) } : {};
        const { name } = await api.ask('POST', '/backup', { body, why: reason });
        say(t('backups.making', { name }));
        onBegun();
      });
    }
  };
  return html`<form class="card make" onSubmit=${submit}><h2>${t('backups.make')}</h2>
    <${WhyField} why=${why} hint=${t('reason.hint')} />
    <div class="field"><label for="keep">${t('backups.keep')}</label>
      <input id="keep" type="number" min="1" max=${keptMax} value=${keep} placeholder=${keptMax}
        aria-describedby="keep-hint" onInput=${(event) => setKeep(event.target.value)} />
      <p id="keep-hint" class="hint">${t('backups.keepHint')}</p></div>
    <button class="main" disabled=${busy || isBusy}>${t('backups.make')}</button></form>`;
}

export function Backups() {
  const { t, api, lang } = useSession();
  const { stats } = useLive();
  const list = useList(async (_, signal) => {
    const { backups } = await api.get('/backups', { signal });
    return { rows: backups };
  }, []);
  const isBusy = list.rows.some(({ state }) => state === 'under_way');
  // Looked for again with each look at the server, as long as one is being made.
  useEffect(() => {
    if (isBusy && !list.busy) list.quietly();
  }, [stats]);
  const columns = [
    { head: t('backups.name'), className: 'code', cell: ({ name }) => name },
    { head: t('state'), cell: ({ state, trouble }) => html`
      <${Tag} word=${state} group="backupState" />${trouble && html` <bdi>${trouble}</bdi>`}` },
    { head: t('when'), cell: ({ made }) => html`<${Time} at=${made} />` },
    { head: t('backups.size'),
      cell: ({ bytes: size }) => (size === undefined ? '–' : bytes(size, lang)) },
  ];
  return html`<div class="split"><div>
      <p class="quiet lead">${t('backups.hint')}</p>
      <${Listing} list=${list} label=${t('place.backups')} columns=${columns}
        keyOf=${({ name, state }) => `${name} ${state}`} empty=${t('backups.none')} />
    </div>
    <${Make} isBusy=${isBusy} onBegun=${list.again} /></div>`;
}
