// A small chart of the last minutes: uPlot on a canvas, in the colours of the page, and one
// sentence for those who can't see it.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { html } from './html.js';

const height = 132;
const spanMin = 120; // seconds
const dark = matchMedia('(prefers-color-scheme: dark)');

function options(root, { lines, format, onCursor }) {
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const axis = { stroke: colour('--dim'), font: '11px system-ui', ticks: { show: false },
    grid: { stroke: colour('--line'), width: 1 } };
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
  return {
    width: root.clientWidth, height, legend: { show: false }, padding: [8, 16, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'all' }, points: { size: 7 } },
    scales: { x: { time: true, range: (_, first, last) => [Math.min(first, last - spanMin), last] },
      y: { range: (_, low, high) => [0, Math.max(high ?? 0, format.least) * 1.15] } },
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)] },
    axes: [{ ...axis, size: 24, space: 70, incrs: [60, 120, 300, 600],
      values: (_, at) => at.map((s) => clock.format(s * 1000)) },
      { ...axis, size: 46, space: 28, values: (_, at) => at.map(format.axis) }],
    series: [{}, ...lines.map(({ name, soft }) => ({
      label: name, stroke: colour(soft ? '--line-soft' : '--accent'), width: 1.5, spanGaps: false,
      points: { show: false }, fill: soft ? undefined : colour('--accent-wash') }))],
  };
}

// `data`: of Series.columns. `format`: { least: the top of the axis at rest, axis: value to text }.
// `turn` changes when `data` does, which is filled in place. `onCursor(at)`: which point is pointed
// at, in this chart or another; null for none.
export function Chart({ label, data, lines, format, turn, onCursor }) {
  const root = useRef();
  const plot = useRef();
  useEffect(() => {
    const element = root.current;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(element, { lines, format, onCursor }), data, element);
    };
    const size = new ResizeObserver(() =>
      plot.current.setSize({ width: element.clientWidth, height }));
    make();
    size.observe(element);
    dark.addEventListener('change', make);
    return () => {
      dark.removeEventListener('change', make);
      size.disconnect();
      plot.current.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => plot.current?.setData(data), [turn]);
  return html`<div class="chart" role="img" aria-label=${label} ref=${root}></div>`;
}
