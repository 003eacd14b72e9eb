import { type Change, type Json, notFound } from '../../rules/rule';
import { isTransient } from '../aws/error';
import { poll } from '../backoff';
import type { Clock } from '../clock';
import { seconds as milliseconds } from '../duration';
import { isChanges } from '../plan/change';
import type { Inspection } from './inspect-and-plan';

export type Verification =
  /** `unmet`: what the policy leaves undone of what the detector demands. */
  | { readonly result: 'compliant'; readonly after: Json; readonly unmet?: string }
  /** All changes are verified except irreversible ones, which wait for an approval. */
  | { readonly result: 'held'; readonly after: Json; readonly rest: readonly Change[] }
  | {
      readonly result: 'not-yet';
      readonly after?: Json;
      readonly seen: string;
      /** Why no API call can fix the rest, with its code. */
      readonly unfixable?: string;
      readonly code?: string;
    }
  | { readonly result: 'not-found' };

/** Milliseconds between two inspections: AWS may return an old state shortly after a change. */
const pauses = [250, 500, 1000, 2000, 3000, 4000];

/** Inspects at growing intervals, until nothing remains to change or the time is over. */
export async function verify(
  inspectAndPlan: () => Promise<Inspection | typeof notFound>,
  { seconds, clock, approved }: { readonly seconds: number; readonly clock: Clock; readonly approved: boolean },
): Promise<Verification> {
  return poll(
    () => judge(inspectAndPlan, approved),
    ({ result }) => result !== 'not-yet',
    { clock, pauses, within: milliseconds(seconds) },
  );
}

async function judge(inspectAndPlan: () => Promise<Inspection | typeof notFound>, approved: boolean): Promise<Verification> {
  try {
    const seen = await inspectAndPlan();
    if (seen === notFound) return { result: 'not-found' };
    const { state: after, plan, unmet } = seen;
    if (!isChanges(plan)) {
      if ('blocked' in plan) return { result: 'not-yet', after, seen: plan.blocked };
      const { unfixable, code } = plan;
      return { result: 'not-yet', after, seen: unfixable, unfixable, code };
    }
    if (plan.length === 0) return { result: 'compliant', after, ...(unmet !== undefined && { unmet }) };
    if (!approved && plan.every((change) => !('undo' in change))) return { result: 'held', after, rest: plan };
    return { result: 'not-yet', after, seen: "the rule's check does not pass" };
  } catch (error) {
    if (!isTransient(error)) throw error;
    return { result: 'not-yet', seen: 'AWS did not respond' };
  }
}
