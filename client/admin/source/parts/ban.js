// Giving a ban and taking it back.
import { useId } from 'preact/hooks';
import { forEver, time } from '../logic/format.js';
import { reasonMax } from '../logic/reason.js';
import { html } from './html.js';
import { useSession } from './session.js';

const terms = ['terms', '1', '7', '30', 'ever'];

const orderOf = (term) => (term === 'terms' ? {} : term === 'ever' ? { for_ever: true }
  : { days: Number(term) });

export function TermField({ term, onChoose }) {
  const { t } = useSession();
  const id = useId();
  return html`<div class="field"><label for=${id}>${t('report_.term')}</label>
    <select id=${id} value=${term} onChange=${(event) => onChoose(event.target.value)}>
      ${terms.map((one) => html`<option value=${one} key=${one}>${t(`term.${one}`)}</option>`)}
    </select></div>`;
}

// { ban(user, term, why), lift(user, why) }; `onChange()` after each. A ban answers { text, undo },
// for whoever has more to say about it. Lifting ends all bans of a person, so there is no undo when
// one was running before.
export function useBans(onChange = () => {}) {
  const { api, lang, say, t } = useSession();
  const lift = async (user, why) => {
    const { bans } = await api.ask('DELETE', `/users/${user}/ban`, { why });
    say(t(bans > 0 ? 'user_.banLifted' : 'user_.noBan', { id: user }));
    onChange();
  };
  const ban = async (user, term, why) => {
    const before = await api.get(`/users/${user}`);
    const given = await api.ask('POST', `/users/${user}/ban`, { body: orderOf(term), why });
    const until = given.until >= forEver ? t('user_.forEver')
      : t('user_.until', { time: time(given.until, lang) });
    onChange();
    const undo = () => lift(user, t('user_.unban', { why }).slice(0, reasonMax));
    return { text: t('user_.banned', { id: user, until }),
      undo: before.banned_until ? undefined : undo };
  };
  return { ban, lift };
}
