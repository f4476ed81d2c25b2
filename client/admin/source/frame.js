// What stands around every section: their list, who one is, and whether the server answers.
import { useEffect, useErrorBoundary, useRef, useState } from 'preact/hooks';
import { may } from './logic/roles.js';
import { addressOf, placeOf } from './logic/route.js';
import { Audit } from './pages/audit.js';
import { Backups } from './pages/backups.js';
import { Flags } from './pages/flags.js';
import { Overview } from './pages/overview.js';
import { Pair } from './pages/pair.js';
import { Report } from './pages/report.js';
import { Reports } from './pages/reports.js';
import { Tokens } from './pages/tokens.js';
import { User } from './pages/user.js';
import { Users } from './pages/users.js';
import { Problem } from './parts/bits.js';
import { html } from './parts/html.js';
import { Icon } from './parts/icon.js';
import { useLive, useSession } from './parts/session.js';

const pages = {
  overview: Overview, reports: Reports, report: Report, users: Users, user: User, pair: Pair,
  flags: Flags, audit: Audit, backups: Backups, tokens: Tokens, unknown: Unknown,
};
const menu = [['overview', 'viewer'], ['reports', 'viewer'], ['flags', 'moderator'],
  ['users', 'viewer'], ['audit', 'owner'], ['backups', 'owner'], ['tokens', 'owner']];
const sectionOf = { report: 'reports', user: 'users', pair: 'users' };

function Unknown() {
  const { t } = useSession();
  return html`<p class="empty">${t('unknownText')} <a href="#/">${t('toOverview')}</a></p>`;
}

function OpenReports() {
  const { t } = useSession();
  const { stats } = useLive();
  const n = stats?.open_reports ?? 0;
  return n > 0 && html`<span class="badge" aria-label=${`${t('overview.openReports')}: ${n}`}>
    ${n}</span>`;
}

function Menu({ at }) {
  const { t, role } = useSession();
  const section = sectionOf[at] ?? at;
  return html`<nav aria-label=${t('menu')}><ul>${menu.filter(([, needed]) => may(role, needed)).map(
    ([name]) => html`<li key=${name}><a href=${addressOf(name)}
      aria-current=${name === section ? 'page' : undefined}>
      <${Icon} name=${name} /><span>${t(`place.${name}`)}</span>
      ${name === 'reports' && html`<${OpenReports} />`}
    </a></li>`)}</ul></nav>`;
}

// Nothing while all is well: the overview says so.
function Lost() {
  const { t } = useSession();
  const { isLost } = useLive();
  return html`<div role="status">${isLost && html`<p class="banner">${t('lost')}</p>`}</div>`;
}

// Should a page fail over an answer that it did not expect, the rest goes on.
function Safe({ children }) {
  const [error, again] = useErrorBoundary();
  return error ? html`<${Problem} error=${{ code: 'odd_answer' }} again=${again} />` : children;
}

function usePlace() {
  const [place, set] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const go = () => set(placeOf(location.hash));
    addEventListener('hashchange', go);
    return () => removeEventListener('hashchange', go);
  }, []);
  return place;
}

// Looks while the page is seen. Whoever leaves it has signed out, also when the browser keeps it
// for its Back button.
function useVisit({ live, leave }) {
  useEffect(() => {
    const turn = () => (document.hidden ? live.stop() : live.start());
    turn();
    document.addEventListener('visibilitychange', turn);
    addEventListener('pagehide', leave);
    return () => {
      live.stop();
      document.removeEventListener('visibilitychange', turn);
      removeEventListener('pagehide', leave);
    };
  }, [live]);
}

export function Frame() {
  const session = useSession();
  const { t, role } = session;
  const place = usePlace();
  const title = useRef();
  const main = useRef();
  const name = t(`place.${place.name}`, place);
  useVisit(session);
  useEffect(() => {
    document.title = `${name} · onechat`;
  }, [name]);
  useEffect(() => {
    // A screen reader hears where it has got to, and Tab goes on from there; unless the page has
    // chosen a field of its own.
    const { activeElement } = document;
    if (!main.current.contains(activeElement)) title.current.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [place]);
  const Page = pages[place.name];
  return html`<div class="frame">
    <a class="skip" href="#main" onClick=${(event) => {
    event.preventDefault();
    title.current.focus();
  }}>${t('skip')}</a>
    <header class="side">
      <p class="brand">onechat</p>
      <${Menu} at=${place.name} />
      <div class="who">
        <span class="role">${t(`role.${role}`)}</span>
        <button type="button" class="plain small"
          onClick=${session.turnLanguage}>${t('language')}</button>
        <button type="button" class="plain small" onClick=${session.leave}>${t('signOut')}</button>
      </div>
    </header>
    <main id="main" ref=${main}>
      <${Lost} />
      <h1 tabindex="-1" ref=${title}>${name}</h1>
      <${Safe} key=${`${place.name} ${place.id} ${place.seq}`}>
        <${Page} id=${place.id} seq=${place.seq} /></${Safe}>
    </main>
  </div>`;
}
