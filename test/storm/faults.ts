import type { Step } from './step';

/** What can happen to a call, or to the world right before it. */
export const faults = [
  'throttled',
  'failed',
  'reset',
  'lost',
  'slow',
  'killed',
  'killed-after',
  'denied',
  'duplicate',
  'sibling',
  'outside',
  'stop',
  'mode',
  'limit',
  'unreadable',
] as const;

export type Fault = (typeof faults)[number];

const withRole: readonly Step[] = ['inspect', 'look', 'change', 'verify', 'undo-inspect', 'undo', 'undo-verify'];

/** Right before its change, nobody can see what others do then: S3, for one, has no conditional write of a policy. */
const withoutOthers: readonly Step[] = ['change', 'undo'];

/** Whether a fault can strike in a step. */
export function isPossible(step: Step, fault: Fault): boolean {
  if (fault === 'denied') return withRole.includes(step);
  if (fault === 'outside') return !withoutOthers.includes(step);
  return true;
}
