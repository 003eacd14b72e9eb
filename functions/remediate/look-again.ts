import { notFound } from '../../rules/rule';
import { describe, isTransient } from '../aws/error';
import { sameJson } from '../canonical-json';
import { leaseKey } from '../coordination/lease-key';
import type { Attempt } from '../findings/attempt';
import type { LoggedChange } from '../log/event';
import { isChanges, loggedChange } from '../plan/change';
import { forgetFix, type Intent } from './carry-out';
import type { IncompleteCode } from './codes';
import { deferRetry, end, type RemediationContext, type Result } from './context';
import { changedParameters } from './detector-parameters';
import { halt } from './halt';
import type { Inspection } from './inspect-and-plan';
import type { Prepared } from './prepare';
import { codeOf } from './unexpected';

/** How often a plan is made, if others change the resource meanwhile. */
export const maxLooks = 3;

export interface Look {
  /** Whether the changes of the intent are to be made; if not, whether others changed the resource, or a stop, a breaker or a containment prevents it. */
  readonly result: 'same' | 'changed' | 'prevented';
  readonly seen: Inspection | typeof notFound;
  readonly context: RemediationContext;
}

/**
 * Looks again right before the first change, at the resource and at what stops all changes: between the first look and the intent lie the
 * facts and the log, and a change that others made meanwhile must not be overwritten. Only another list of changes or undos counts as different.
 */
export async function lookAgain(context: RemediationContext, { inspectAndPlan }: Prepared, intent: Intent): Promise<Result | Look> {
  const { ports, resource } = context;
  const { id: rule, response } = ports.rule;
  const changing = { rule, account: resource.account, resource: leaseKey(ports.rule, resource), response };
  const [changed, allowed, looked] = await Promise.all([
    changedParameters(context).catch((error: unknown) => ({ error })),
    ports.store.mayChange(changing).catch((error: unknown) => ({ error })),
    inspectAndPlan().catch((error: unknown) => ({ error })),
  ]);
  const seen = changed ?? looked;
  // The undo of an earlier change, by an earlier worker, is in the intent before this one.
  const isSame = seen !== notFound && 'plan' in seen && isChanges(seen.plan) && sameChanges(seen.plan.map(loggedChange), intent);
  if (isSame && allowed === true) return { result: 'same', seen, context: { ...context, effects: undefined } };
  await forgetFix(context, intent.fix);
  // Nothing of this plan was sent.
  const unsent = { ...context, effects: intent.changes.map(() => 'not-made' as const) };
  if (typeof allowed === 'object') return endUnread(unsent, allowed.error, 'Whether all changes are stopped is unknown');
  if (seen !== notFound && 'error' in seen) return endUnread(unsent, seen.error, "The resource can't be inspected");
  if (seen !== notFound && 'finding' in seen) return endChanged(unsent, seen);
  return { result: allowed ? 'changed' : 'prevented', seen, context: unsent };
}

/** Irreversible changes that wait for an approval are in the plan, but not in the intent. What a note says can change by itself. */
function sameChanges(planned: readonly LoggedChange[], { changes, held }: Intent): boolean {
  const [now, before, waiting] = [planned, changes, held].map((some) => some.map(({ note: _, ...change }) => change));
  return sameJson(now?.filter((change) => !waiting?.some((other) => sameJson(other, change))) ?? [], before ?? []);
}

async function endUnread(context: RemediationContext, error: unknown, what: string): Promise<Result> {
  const why = `${what} before the first change (${describe(error)}).`;
  return halt(context, { code: codeOf(error), why }, (known) =>
    isTransient(error)
      ? deferRetry(known, why, { kind: 'deferred', outcome: 'deferred' })
      : end(known, [{ kind: 'failed', outcome: 'failed', reason: `Failed: ${why}` }]),
  );
}

/** The plan is made by parameters that are not those of the detector any more. The next attempt reads them anew. */
async function endChanged(context: RemediationContext, attempt: Attempt): Promise<Result> {
  const why = 'The parameters of the Config rule changed between the plan and the first change.';
  return halt(context, { code: 'detector-parameters-changed' satisfies IncompleteCode, why }, (known) =>
    deferRetry({ ...known, attempt }, why, { kind: 'deferred', outcome: 'deferred' }),
  );
}

/** Each time before the first change, something prevents it, and does not any more when it is decided again. */
export async function endChanging(context: RemediationContext, seen: Inspection | typeof notFound): Promise<Result> {
  const why =
    'Between the decision and the first change, others changed the resource, or stopped all changes for a moment, several times in a row.';
  return halt(context, { code: 'changing' satisfies IncompleteCode, why, seen }, (known) =>
    deferRetry(known, why, { kind: 'deferred', outcome: 'deferred' }),
  );
}
