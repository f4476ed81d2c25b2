// Numbers and times for people. `lang` is 'zh' or 'en'.
const locales = { zh: 'zh-CN', en: 'en-GB' };
export const forEver = Number.MAX_SAFE_INTEGER; // as the API says it

const made = new Map();
function formatter(kind, lang, options) {
  const key = `${kind.name} ${lang} ${JSON.stringify(options)}`;
  if (!made.has(key)) made.set(key, new kind(locales[lang], options));
  return made.get(key);
}

export const count = (number, lang) =>
  formatter(Intl.NumberFormat, lang, { maximumFractionDigits: 1 }).format(number);

// In the reader's time zone. The year stands where it is another one than now.
export function time(ms, lang, now = Date.now()) {
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return formatter(Intl.DateTimeFormat, lang, { year: sameYear ? undefined : 'numeric',
    month: lang === 'zh' ? 'numeric' : 'short', day: 'numeric', hour: '2-digit', minute: '2-digit',
    hour12: false }).format(ms);
}

// "10:21:30", for what has just been.
export const clock = (ms) => formatter(Intl.DateTimeFormat, 'en',
  { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }).format(ms);

// To the second, with the zone: for where the minute is not enough.
export const exactTime = (ms, lang) => formatter(Intl.DateTimeFormat, lang,
  { dateStyle: 'medium', timeStyle: 'long', hour12: false }).format(ms);

const steps = [['day', 86400e3], ['hour', 3600e3], ['minute', 60e3], ['second', 1e3]];

// "3 hours": the largest unit that fits, never two.
export function duration(ms, lang) {
  const [unit, size] = steps.find(([, one]) => Math.abs(ms) >= one) ?? steps.at(-1);
  return formatter(Intl.NumberFormat, lang, { style: 'unit', unit, unitDisplay: 'long' })
    .format(Math.round(ms / size));
}

// "3 hours ago", "in 2 days".
export function ago(ms, lang, now = Date.now()) {
  const away = ms - now;
  if (Math.abs(away) < 5000) {
    return formatter(Intl.RelativeTimeFormat, lang, { numeric: 'auto' }).format(0, 'second');
  }
  const [unit, size] = steps.find(([, one]) => Math.abs(away) >= one);
  return formatter(Intl.RelativeTimeFormat, lang, { numeric: 'always' })
    .format(Math.round(away / size), unit);
}

// 1234567 -> "1.2 MB"
export function bytes(size, lang) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, size)) / 3));
  return `${count(size / 1000 ** step, lang)} ${units[step]}`;
}

// 0.042 -> "4 %"
export const percent = (value, lang) => `${count(Math.round(value * 100), lang)} %`;

// 0.0042 -> "4.2 ms"
export function seconds(value, lang) {
  if (value === null) return '–';
  const ms = value * 1000;
  return ms < 1000 ? `${count(ms < 10 ? Math.round(ms * 10) / 10 : Math.round(ms), lang)} ms`
    : `${count(value, lang)} s`;
}
