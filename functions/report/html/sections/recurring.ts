import type { Numbers } from '../../numbers/numbers';
import { recurrenceDefinition } from '../../numbers/recurrence';
import { foreign, html, type Markup } from '../markup';
import { table } from '../table';
import { count, counted } from '../texts';

const maxShown = 25;

export function recurringSection({ recurring, all: { recurrence } }: Numbers): Markup {
  const { fixes, recurred, stillCan } = recurrence;
  const list =
    recurring.length === 0
      ? html`<p>No fix recurred.</p>`
      : table(
          recurring.length > maxShown ? `The ${maxShown} of ${recurring.length} that came back most often` : 'What came back',
          ['Resource', 'Rule', 'Account', { number: 'Fixes' }, { number: 'Recurred' }, 'Now'],
          recurring
            .slice(0, maxShown)
            .map(({ of: { last }, ...counts }) => [
              foreign(last.resource),
              last.rule,
              last.account,
              count(counts.fixes),
              count(counts.recurred),
              last.outcome,
            ]),
        );
  const said = `${count(recurred)} of ${counted(fixes, 'fix', 'fixes')} recurred, and ${count(stillCan)} still can. ${recurrenceDefinition}`;
  return html`<section aria-labelledby="recurring"><h2 id="recurring">Recurring resources</h2><p>${said}</p>${list}</section>`;
}
