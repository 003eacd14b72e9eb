import { html, type Markup } from './markup';
import { count } from './texts';

/** A column of a table; numbers stand at the right. */
export type Head = string | { readonly number: string };

/** More rows make a page that browsers open slowly; the CSV and JSON of the report have all of them. */
export const maxRows = 400;

/** A table that scrolls on its own where it is wider than the page, also by the keyboard. */
export function table(caption: string, head: readonly Head[], rows: readonly (readonly (string | Markup)[])[]): Markup {
  const cells = head.map((one) =>
    typeof one === 'string' ? html`<th scope="col">${one}</th>` : html`<th scope="col" class="number">${one.number}</th>`,
  );
  const body = rows.slice(0, maxRows).map((row) => html`<tr>${row.map((cell, index) => cellOf(cell, index, head[index]))}</tr>`);
  const rest =
    rows.length > maxRows
      ? html`<p class="rest">The table shows ${count(maxRows)} of ${count(rows.length)} rows. <code>posture report --format csv</code> writes all of them.</p>`
      : undefined;
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption><span>${caption}</span></caption><thead><tr>${cells}</tr></thead><tbody>${body}</tbody></table></div>${rest}`;
}

function cellOf(cell: string | Markup, index: number, head: Head | undefined): Markup {
  const className = classOf(cell, head);
  return index === 0 ? html`<th scope="row" class="${className}">${cell}</th>` : html`<td class="${className}">${cell}</td>`;
}

/** An account or a time stands on one line; a name or a sentence gets room. */
function classOf(cell: string | Markup, head: Head | undefined): string {
  if (typeof head === 'object') return 'number';
  return typeof cell === 'string' && cell.length <= longestShort ? 'short' : 'long';
}

const longestShort = 20;

/** A table behind a chart, which readers open. */
export function evidence(caption: string, head: readonly Head[], rows: readonly (readonly (string | Markup)[])[]): Markup {
  if (rows.length === 0) return html``;
  return html`<details><summary>${caption} <span class="rows">(${count(rows.length)} ${rows.length === 1 ? 'row' : 'rows'})</span></summary>${table(caption, head, rows)}</details>`;
}
