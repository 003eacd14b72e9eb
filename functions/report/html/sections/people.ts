import type { Numbers } from '../../numbers/numbers';
import { rows } from '../charts/rows';
import { foreign, html, type Markup } from '../markup';
import { answerParts } from '../parts';
import { evidence, table } from '../table';
import { count, counted, day, minute, personName } from '../texts';
import { misconfigurationHead, misconfigurationRow } from './outcomes';

const maxBars = 12;

/** What operators decided: exemptions that end soon, approvals, stops. */
export function peopleSection(numbers: Numbers): Markup {
  return html`${exemptions(numbers)}${approvals(numbers)}${stops(numbers)}`;
}

function exemptions({ expiring }: Numbers): Markup {
  const list =
    expiring.length === 0
      ? html`<p>No exemption ends within 30 days after the period.</p>`
      : table(
          'Exemptions that end within 30 days, the first one first',
          ['Resource', 'Ends', 'Rule', 'Account', 'Reason'],
          expiring.map(({ last }) => [
            foreign(last.resource),
            last.until === undefined ? '–' : day(last.until),
            last.rule,
            last.account,
            foreign(last.reason),
          ]),
        );
  return html`<section aria-labelledby="exemptions"><h2 id="exemptions">Exemptions near their end</h2>${list}</section>`;
}

function approvals({ answers, misconfigurations }: Numbers): Markup {
  const heading = html`<h2 id="approvals">Approvals</h2>`;
  if (answers.length === 0)
    return html`<section aria-labelledby="approvals">${heading}<p>Nobody approved or rejected a plan.</p></section>`;
  const chart = rows(
    'Answers by person',
    answers.length > maxBars
      ? `The ${maxBars} of ${answers.length} approvers with the most answers.`
      : 'Everybody who approved or rejected a plan in the period.',
    answers.slice(0, maxBars).map(({ by, approved, rejected }) => ({
      label: personName(by),
      note: counted(approved + rejected, 'answer', 'answers'),
      parts: answerParts(approved, rejected),
    })),
    'counts',
  );
  const given = misconfigurations
    .flatMap(({ history }) => history)
    .flatMap((facts) => facts.answers.map((answer) => ({ facts, answer })))
    .toSorted((a, b) => b.answer.at - a.answer.at);
  const approvers = evidence(
    'Approvers',
    ['Principal', { number: 'Approved' }, { number: 'Rejected' }],
    answers.map(({ by, approved, rejected }) => [foreign(by), count(approved), count(rejected)]),
  );
  const each = evidence(
    'Each answer, the newest first',
    ['Principal', 'Answer', 'Answered (UTC)', ...misconfigurationHead],
    given.map(({ facts, answer }) => [foreign(answer.by), answer.answer, minute(answer.at), ...misconfigurationRow(facts)]),
  );
  return html`<section aria-labelledby="approvals">${heading}${chart}${approvers}${each}</section>`;
}

function stops({ central }: Numbers): Markup {
  const list =
    central.length === 0
      ? html`<p>Changes were not stopped, and no circuit breaker was opened or closed.</p>`
      : table(
          'Stops and circuit breakers',
          ['Time (UTC)', 'Event', 'Principal', 'Reason'],
          central.map(({ at, kind, by, reason }) => [minute(at), kind, foreign(by), foreign(reason)]),
        );
  return html`<section aria-labelledby="stops"><h2 id="stops">Stops</h2>${list}</section>`;
}
