// A table on wide screens, a row of cards on narrow ones. Its roles are said, since display other
// than a table's takes them away.
import { html } from './html.js';
import { Empty, Loading, Problem } from './bits.js';
import { useSession } from './session.js';

// `columns`: [{ head, cell(row), className }].
export function Table({ label, columns, rows, keyOf }) {
  return html`<table role="table" aria-label=${label}>
    <thead role="rowgroup"><tr role="row">${columns.map(({ head, className }) =>
      html`<th role="columnheader" scope="col" class=${className}>${head}</th>`)}</tr></thead>
    <tbody role="rowgroup">${rows.map((row) => html`<tr role="row" key=${keyOf(row)}>
      ${columns.map(({ head, cell, className }) => html`<td role="cell" class=${className}
        data-head=${head}><div>${cell(row)}</div></td>`)}</tr>`)}</tbody>
  </table>`;
}

// A list of useList with all that can happen to it.
export function Listing({ list, empty, ...table }) {
  const { t } = useSession();
  const { rows, busy, isQuiet, error, next, more, again } = list;
  return html`<div class="listing" aria-busy=${busy}>
    ${rows.length > 0 && html`<${Table} rows=${rows} ...${table} />`}
    ${error && html`<${Problem} error=${error} again=${next ? more : again} />`}
    ${busy && !isQuiet && html`<${Loading} />`}
    ${!busy && !error && next && html`<div class="more">
      ${rows.length === 0 && html`<p class="quiet">${t('list.searching')}</p>`}
      <button type="button" onClick=${more}>${t('list.more')}</button></div>`}
    ${!busy && !error && !next && rows.length === 0 && html`<${Empty}>${empty}</${Empty}>`}
  </div>`;
}
