import { writeFileSync } from 'node:fs';
import { type Foreseen, forecastPage, type PossibleResult } from '../../report/html/forecast-page';
import { callText } from '../print/change-text';
import { note } from '../print/printed';
import { versionOfThis } from '../version';
import type { Checked, PlanAnswer } from './answer';

const results: readonly (PossibleResult & { readonly result: Checked['status'] })[] = [
  { result: 'would-change', className: 'waiting', label: 'would change' },
  { result: 'unfixable', className: 'unfixable', label: 'to fix manually' },
  { result: 'not-configured', className: 'rolled-back', label: 'without a required parameter' },
  { result: 'blocked', className: 'observed', label: 'temporarily blocked' },
  { result: 'disputed', className: 'disputed', label: 'compliant by the policy, but not by the detector' },
  { result: 'exempt', className: 'exempt', label: 'exempt' },
  { result: 'error', className: 'failed', label: 'failed' },
  { result: 'compliant', className: 'fixed', label: 'compliant' },
  { result: 'not-found', className: 'compliant', label: 'not found' },
];

/** Writes the plan as an HTML file that needs nothing else. */
export function writePlanPage({ caller, forecasts, overlooked, unasked }: PlanAnswer, file: string, now: Date): void {
  const page = forecastPage({
    heading: 'Posture plan',
    scope: `Account ${caller.account}, ${caller.region}`,
    results,
    all: forecasts.map(foreseen),
    unchecked: [
      ...overlooked.map(({ what, reason }) => [what, reason] as const),
      ...unasked.map((why) => ['Parameters of detectors', why] as const),
    ],
    made: now.getTime(),
    version: versionOfThis(),
  });
  writeFileSync(file, page);
  note(`The plan is in ${file}.`);
}

const foreseen = (one: Checked): Foreseen => ({
  severity: one.target.rule.severity,
  account: one.target.resource.account,
  resource: one.target.resource.arn,
  rule: one.target.rule.id,
  result: one.status,
  reason: 'reason' in one ? one.reason : one.detectedBy.join(', '),
  changes: one.status === 'would-change' ? one.changes.map((change) => callText(change.do)) : [],
});
