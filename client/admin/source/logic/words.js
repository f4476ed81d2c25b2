// Finds what the page says, in the language chosen.
import { en } from '../words/en.js';
import { zh } from '../words/zh.js';

export const languages = { zh, en };

export const languageOf = (wishes) =>
  (wishes.find((wish) => /^(zh|en)\b/i.test(wish)) ?? 'en').slice(0, 2).toLowerCase();

// speaker('en')('user', { id: 3 }) -> "User 3". A key that isn't there is a mistake of ours and
// shows as itself.
export function speaker(lang) {
  return (key, values = {}) => {
    let text = languages[lang];
    for (const step of key.split('.')) text = text && Object.hasOwn(text, step) && text[step];
    if (typeof text !== 'string') return key;
    return text.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
  };
}

// A word of the server's, which may be newer than the page: itself when it has no translation.
export function wordOf(t, group, word) {
  const key = `${group}.${word}`;
  const text = t(key);
  return text === key ? word : text;
}

// A refusal as a sentence.
export function tellProblem(t, error) {
  const { code = 'odd_answer', text } = error;
  const told = wordOf(t, 'problem', code);
  return told === code ? text || code : told;
}
