// What the server does just now, and has done in the last minutes.
import { useEffect, useState } from 'preact/hooks';
import { clock, count, duration, percent, seconds } from '../logic/format.js';
import { Loading } from '../parts/bits.js';
import { Chart } from '../parts/chart.js';
import { html } from '../parts/html.js';
import { useLive, useSession } from '../parts/session.js';

const whole = { least: 4, axis: (value) => (Number.isInteger(value) ? String(value) : '') };
const rate = { least: 1, axis: (value) => String(Math.round(value * 10) / 10) };
const wait = { least: 0.002,
  axis: (value) => (value === 0 ? '0' : `${Math.round(value * 1e4) / 10} ms`) };
const cpu = { least: 0.1, axis: (value) => `${Math.round(value * 100)} %` };

const charts = [
  { key: 'people', format: whole }, { key: 'waiting', format: whole },
  { key: 'chats', format: whole },
  { key: 'rate', format: rate },
  { key: 'ack', format: wait, lines: ['median', 'late'], show: seconds, hint: 'ackHint' },
  { key: 'cpu', format: cpu, show: percent, hint: 'cpuHint' },
];

function Figure({ chart: { key, format, lines = [key], show, hint } }) {
  const { t, lang } = useSession();
  const { series } = useLive();
  const [at, pointAt] = useState(null);
  const tell = (value) => (value === null ? '–' : (show ?? count)(value, lang));
  const now = lines.map((line) => tell(series.newest(line)));
  const told = at === null ? now : lines.map((line) => tell(series.values[line][at] ?? null));
  const name = t(`overview.${key}`);
  const spoken = lines.length === 1 ? now[0]
    : lines.map((line, n) => `${t(`overview.${line}`)} ${now[n]}`).join(', ');
  const label = t('overview.chart', { name, value: spoken });
  return html`<figure class="card figure" data-figure=${key}>
    <figcaption><span class="name" title=${hint && t(`overview.${hint}`)}>${name}</span>
      <span class="value">${told[0]}</span>
      ${at !== null && html`<span class="moment">${clock(1000 * series.at[at])}</span>`}
      ${lines.length > 1 && html`<span class="second">${t('overview.late')}: ${told[1]}</span>`}
    </figcaption>
    <${Chart} label=${hint ? `${label} ${t(`overview.${hint}`)}` : label}
      data=${series.columns(...lines)} format=${format}
      lines=${lines.map((line, n) => ({ name: line, soft: n > 0 }))}
      turn=${series.last?.now} onCursor=${pointAt} />
  </figure>`;
}

function Tiles({ label, of }) {
  const { lang } = useSession();
  return html`<section class="tiles"><h2>${label}</h2><dl>${of.map(([name, value, address]) => html`
    <div key=${name}><dt>${address ? html`<a href=${address}>${name}</a>` : name}</dt>
    <dd>${count(value, lang)}</dd></div>`)}</dl></section>`;
}

export function Overview() {
  const { t, lang } = useSession();
  const live = useLive();
  useEffect(() => {
    live.showsMore += 1;
    return () => {
      live.showsMore -= 1;
    };
  }, [live]);
  const { stats } = live;
  if (!stats) return live.isLost ? null : html`<${Loading} />`;
  const up = duration(live.now() - stats.started, lang);
  return html`
    <p class="lead"><span class=${live.isLost ? 'dot' : 'dot on'} aria-hidden="true"></span>
      ${t('overview.since', { version: stats.version, time: up })}</p>
    <${Tiles} label=${t('overview.now')} of=${[
    [t('overview.openReports'), stats.open_reports, '#/reports'],
    [t('overview.banned'), stats.banned], [t('overview.muted'), stats.muted],
    [t('overview.sessions'), stats.sessions]]} />
    <h2>${t('overview.minutes')}</h2>
    <div class="figures">${charts.map((chart) => html`
      <${Figure} key=${chart.key} chart=${chart} />`)}</div>
    <${Tiles} label=${t('overview.total')} of=${[
    [t('overview.matches'), stats.matches], [t('overview.texts'), stats.texts],
    [t('overview.reports'), stats.reports], [t('overview.erasures'), stats.erasures]]} />`;
}
