// The page as a whole: the language, and whether somebody has come in. The token and all that was
// read with it go when the session ends.
import { useEffect, useState } from 'preact/hooks';
import { Api } from './logic/api.js';
import { Later } from './logic/later.js';
import { Live } from './logic/live.js';
import { roleOf } from './logic/roles.js';
import { languageOf, speaker, tellProblem } from './logic/words.js';
import { Frame } from './frame.js';
import { Login } from './pages/login.js';
import { html } from './parts/html.js';
import { Session } from './parts/session.js';
import { Toasts, useToasts } from './parts/toasts.js';

const languageKey = 'onechat-admin:language';

// A browser may refuse to remember anything.
function remembered() {
  try {
    return localStorage.getItem(languageKey);
  } catch {
    return null;
  }
}

function remember(lang) {
  try {
    localStorage.setItem(languageKey, lang);
  } catch {
    // Then it is asked of the browser again next time.
  }
}

function useLanguage() {
  const [lang, set] = useState(() => languageOf([remembered() ?? '', ...navigator.languages]));
  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
  }, [lang]);
  const turn = () => {
    const other = lang === 'zh' ? 'en' : 'zh';
    remember(other);
    set(other);
  };
  return [lang, turn];
}

export function App() {
  const [lang, turnLanguage] = useLanguage();
  const [visit, setVisit] = useState(null); // { api, role, later, live, shelf }
  const [hasEnded, setEnded] = useState(false);
  const [toasts, say, drop] = useToasts();
  const t = speaker(lang);

  const end = (ended) => {
    setEnded(ended);
    setVisit((now) => {
      now?.live.stop();
      return null;
    });
  };
  const attempt = async (run) => {
    try {
      await run();
      return true;
    } catch (error) {
      say(tellProblem(t, error), { tone: 'bad' });
      return false;
    }
  };
  const enter = async (token) => {
    const api = new Api(token);
    await api.get('/stats');
    const role = await roleOf(api);
    api.onLost = () => end(true);
    setEnded(false);
    setVisit({ api, role, later: new Later(), live: new Live(api), shelf: {} });
  };
  // What waits is carried out with the token that ordered it; the page may be gone meanwhile.
  const leave = () => {
    visit.later.flush();
    end(false);
  };

  const body = visit
    ? html`<${Session.Provider} value=${{ ...visit, t, lang, say, attempt, leave, turnLanguage }}>
        <${Frame} /></${Session.Provider}>`
    : html`<${Login} t=${t} enter=${enter} hasEnded=${hasEnded} turnLanguage=${turnLanguage} />`;
  return html`${body}<${Toasts} toasts=${toasts} drop=${drop} t=${t} />`;
}
