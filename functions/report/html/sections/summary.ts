import type { Numbers } from '../../numbers/numbers';
import { fixedShare } from '../fixed-share';
import { html, type Markup } from '../markup';
import { count, counted, duration } from '../texts';

/** What happened, in plain words, and the five numbers that everybody asks for. */
export function summarySection(numbers: Numbers): Markup {
  const said = sentences(numbers).map((one) => html`<p class="lead">${one}</p>`);
  return html`<section aria-labelledby="summary"><h2 id="summary">Summary</h2>${tiles(numbers)}${said}</section>`;
}

function sentences({ all, remediations, open, answers, central, recurring, expiring }: Numbers): readonly string[] {
  if (all.found === 0) return ['The log has no outcome in this period and scope.'];
  const { fixed, exempt, compliant } = all.counts;
  const { remediate } = all.times;
  const stops = central.filter(({ kind }) => kind === 'stopped').length;
  const approved = answers.reduce((sum, one) => sum + one.approved, 0);
  const rejected = answers.reduce((sum, one) => sum + one.rejected, 0);
  const resources = recurring.length > 0 ? `, on ${counted(recurring.length, 'resource', 'resources')}` : '';
  const missed =
    open.deadlineMissed.length === 0
      ? ''
      : ` Of these, ${counted(open.deadlineMissed.length, 'has', 'have')} missed a deadline of the policy.`;
  return [
    `${counted(all.found, 'misconfiguration was', 'misconfigurations were')} reported and handled in ${counted(remediations, 'remediation', 'remediations')}. At the end of the period, ${counted(fixed, 'is', 'are')} fixed and verified, and ${counted(open.total, 'is', 'are')} still open.${missed} Exempt are ${count(exempt)}. In ${counted(compliant, 'case', 'cases')}, there was nothing to fix.`,
    remediate.n === 0
      ? 'No fix was verified in the period.'
      : `${counted(remediate.n, 'fix was', 'fixes were')} verified in the period: half of them within ${duration(remediate.median)} of the detection, nine of ten within ${duration(remediate.p90)}. ${counted(all.recurrence.recurred, 'fix', 'fixes')} did not last 30 days${resources}.`,
    `Operators approved ${counted(approved, 'plan', 'plans')} and rejected ${count(rejected)}; ${counted(open.awaitingApproval.length, 'plan waits', 'plans wait')} for an approval. ${counted(expiring.length, 'exemption ends', 'exemptions end')} within the next 30 days. All changes were stopped ${stops === 0 ? 'at no time' : counted(stops, 'time', 'times')}.`,
  ];
}

function tiles({ all, open }: Numbers): Markup {
  const { fixed, failed, disputed, observed, waiting } = all.counts;
  const { remediate } = all.times;
  const of: readonly (readonly [string, string, string, string])[] = [
    ['found', 'Found', count(all.found), 'resources that did not satisfy a rule, as reported'],
    ['fixed', 'Fixed and verified', count(fixed), `${fixedShare(all)}: exempt ones, and those with nothing to fix, apart`],
    ['waiting', 'Still open', count(open.total), `${count(observed)} only observed, ${count(waiting)} waiting`],
    ['failed', 'Failed', count(failed), `${count(disputed)} more are disputed by the detector`],
    [
      'time',
      'Median time to remediate',
      duration(remediate.median),
      `p90 ${duration(remediate.p90)}, n ${count(remediate.n)}, unknown ${count(remediate.unknown)}`,
    ],
  ];
  const items = of.map(
    ([className, what, number, note]) =>
      html`<li class="${className}"><span class="what">${what}</span> <strong>${number}</strong> <span class="note">${note}</span></li>`,
  );
  return html`<ul class="tiles">${items}</ul>`;
}
