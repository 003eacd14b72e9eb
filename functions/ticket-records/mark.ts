import { createHash } from 'node:crypto';
import type { OutcomeEvent } from '../outcomes/outcome-schema';

const hash = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);

/** A misconfiguration of one resource, as its outcomes name it. */
export type Misconfigured = Pick<OutcomeEvent, 'account' | 'region'> & {
  readonly rule: Pick<OutcomeEvent['rule'], 'id'>;
  readonly resource: Pick<OutcomeEvent['resource'], 'arn'>;
};

/** The mark of one misconfiguration of one resource, the same in all its remediations: the label or the correlation id of its ticket. */
export function markOf({ rule, resource: { arn }, account, region }: Misconfigured): string {
  return `posture-${hash(rule.id, arn, ...(isUnique(arn) ? [] : [account, region]))}`;
}

/** Whether the ARN names one resource: with a Region, or of a global service. `AWS::::Account:…` and the root of an account stand for a setting in each Region. */
function isUnique(arn: string): boolean {
  const [prefix, , , region, account, ...rest] = arn.split(':');
  if (prefix !== 'arn') return false;
  return region !== '' || (account !== '' && rest.join(':') !== 'root');
}

/** The mark of a ticket that several misconfigurations share; `of` says which: `2026-11-24T13`, `backlog`. */
export const sharedMark = (of: string): string => `posture-${hash('shared', of)}`;

/** The mark of the comment about an event. */
export const noteMark = (event: string, mark: string): string => `posture-note-${hash(event, mark)}`;
