import { hours } from '../../duration';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Whether a response contains the resource: then nothing but responses changes it. */
export function containment({ recorded, about, now }: Facts): readonly ClauseResult[] {
  if ('unknown' in recorded || about.rule.response) return [];
  const [first] = recorded.known.contained ?? [];
  if (!first) return [];
  const { rule, remediation, since } = first;
  const when = since === undefined ? '' : ` since ${since}`;
  const reason = `${rule} contains the resource${when}, remediation ${remediation}, until an approver rolls that back`;
  return [{ clause: 'containment', answer: 'defer', reason, until: new Date(now.getTime() + hours(1)) }];
}
