// Medians, and the table of a bench as text or Markdown.

export const percentile = (numbers, share) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
};

export const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const spelled = (number) => {
  if (number >= 1000) return Math.round(number).toLocaleString('en-US');
  if (number >= 100) return number.toFixed(0);
  return number.toFixed(number >= 10 ? 1 : 2);
};

// One row of the table from what all rounds have measured: `measured` is a list of objects.
export function judge(row, measured) {
  const shown = [row.number, ...Object.keys(row.details ?? {})];
  const odd = shown.find((name) => !measured.every((one) => Number.isFinite(one[name])));
  if (odd) throw new Error(`${row.id}: "${odd}" was not measured.`);
  const values = measured.map((one) => one[row.number]);
  const value = median(values);
  const { atMost, atLeast } = row.bar ?? {};
  const bar = atMost !== undefined ? `≤ ${spelled(atMost)}${row.unit}`
    : atLeast !== undefined ? `≥ ${spelled(atLeast)}${row.unit}` : '–';
  const ok = atMost !== undefined ? value <= atMost : atLeast === undefined || value >= atLeast;
  const range = `${spelled(Math.min(...values))}–${spelled(Math.max(...values))}`;
  return {
    id: row.id,
    what: row.what,
    value: `${spelled(value)}${row.unit}`,
    range,
    bar,
    verdict: row.bar ? (ok ? 'ok' : 'missed') : '',
    details: Object.entries(row.details ?? {}).map(([name, [label, unit]]) =>
      `${label} ${spelled(median(measured.map((one) => one[name])))}${unit}`).join(', '),
    rounds: values.length,
  };
}

export const asText = (row) =>
  `${row.id.padEnd(4)}${row.what}\n` +
  `    ${row.value} (${row.range} in ${row.rounds} rounds)` +
  `${row.verdict && `, bar ${row.bar}: ${row.verdict}`}\n` +
  `${row.details && `    ${row.details}\n`}`;

export const asMarkdown = (rows) => [
  '| | figure | median (min–max) | bar | | |',
  '| --- | --- | --- | --- | --- | --- |',
  ...rows.map((row) => `| ${row.id} | ${row.what} | ${row.value} (${row.range}) | ${row.bar} | ` +
    `${row.verdict} | ${row.details} |`),
].join('\n');
