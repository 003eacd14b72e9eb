import type { OutcomeEvent } from '../outcomes/outcome-schema';
import type { WaitingPlan } from './record';

/** The plan that waits after this outcome; undefined if none does. A plan that was shown before keeps its time. Pure. */
export function waitingAfter(
  { approval, rule, remediation, time }: OutcomeEvent,
  before: WaitingPlan | undefined,
): WaitingPlan | undefined {
  if (!approval) return undefined;
  const isSame = before?.remediation === remediation && before.plan === approval.hash && before.rule === rule.id;
  return isSame ? before : { rule: rule.id, remediation, plan: approval.hash, since: time };
}
