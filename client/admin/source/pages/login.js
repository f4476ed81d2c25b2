// Where the token is asked for. The field hides what is typed by its style: of type `password` it
// would have browsers offer to keep the token.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isTokenLike } from '../logic/api.js';
import { tellProblem } from '../logic/words.js';
import { html } from '../parts/html.js';

function tell(t, error) {
  if (error.status === 401) return t('login.wrong');
  if (error.status === 429) return t('login.tooMany', { n: error.retryAfter ?? 60 });
  return tellProblem(t, error);
}

export function Login({ t, enter, hasEnded, turnLanguage }) {
  const [token, setToken] = useState('');
  const [error, setError] = useState(hasEnded ? t('login.ended') : '');
  const [busy, setBusy] = useState(false);
  const field = useRef();
  useEffect(() => {
    document.title = t('title');
  });
  useLayoutEffect(() => field.current.focus(), []);
  const submit = async (event) => {
    event.preventDefault();
    const typed = token.trim();
    if (busy || typed === '') return;
    setBusy(true);
    setError('');
    try {
      if (!isTokenLike(typed)) throw { status: 401 };
      await enter(typed);
    } catch (refused) {
      setBusy(false);
      setError(tell(t, refused));
      field.current?.select();
    }
  };
  return html`<main class="login"><form class="card" onSubmit=${submit}>
    <p class="brand">onechat</p>
    <h1>${t('login.title')}</h1>
    <div class="field">
      <label for="token">${t('login.token')}</label>
      <input id="token" class="hides" ref=${field} value=${token} autocomplete="off"
        autocapitalize="off" spellcheck=${false} aria-invalid=${error !== ''}
        aria-describedby="token-hint token-error"
        onInput=${(event) => setToken(event.target.value)} />
      <p id="token-error" class="hint bad" role="alert">${error}</p>
      <p id="token-hint" class="hint">${t('login.hint')}</p>
    </div>
    <div class="row">
      <button class="main" disabled=${busy}>${t(busy ? 'login.entering' : 'login.enter')}</button>
      <button type="button" class="plain" onClick=${turnLanguage}>${t('language')}</button>
    </div>
  </form></main>`;
}
