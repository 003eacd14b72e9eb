import { type Json, notFound, type Resource, toArray } from '../../rules/rule';
import { describe } from '../aws/error';
import { sameJson } from '../canonical-json';
import { leaseKey } from '../coordination/lease-key';
import { resourceOf } from '../findings/identify';
import type { LogEvent } from '../log/event';
import { openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import { ruleSummary } from '../outcomes/rule-summary';
import { isRollbackBegun } from '../plan/intents';
import type { EventBody, Result } from '../remediate/context';
import { foreignCommand, misdirected } from './check-command';
import { type Refusal, type RefusalCode, RollbackImpossible } from './codes';
import { checkContained, endContainment } from './contained';
import { inspect, type RollbackContext } from './context';
import { countRollback, holdSentence } from './count-rollback';
import { forgetOpen, keepOpen } from './keep-open';
import type { RollbackPorts } from './ports';
import { hasChanges, lookedFor, readFix } from './read-fix';
import { revert, revertedBut, rolledBack, undoneSince } from './revert';
import { commandsOf, hasReversible, undoPlanFor } from './undo-plan';

export interface RollbackRequest {
  readonly remediation: string;
  /** Roll back even if the resource has changed since: later changes may be lost. */
  readonly force: boolean;
  /** The reason of the operator. */
  readonly why?: string | undefined;
  /** The end of the hold that the control function put with the request, ISO 8601. */
  readonly held?: string | undefined;
}

/** Restores the state before a remediation, using only the log. Refuses if the resource has changed since the fix. */
export async function rollback(request: RollbackRequest, ports: RollbackPorts): Promise<Result> {
  const { remediation } = request;
  const { rule, log, leases, clock, warn } = ports;
  const read = readFix(await log.read(remediation), remediation, rule);
  if ('refused' in read) throw new RollbackImpossible(read.refused, read.code);
  const resource = resourceOf(rule, read.last);
  const lease = await leases.acquire({
    resource: leaseKey(rule, resource),
    rule: rule.id,
    seconds: ports.secondsLeft() + 5,
  });
  if ('heldBy' in lease) throw new RollbackImpossible('Another worker is changing this resource. Try again in a minute.', 'busy', true);
  try {
    // A worker may have gone on with it before.
    const fix = readFix(await log.read(remediation), remediation, rule);
    if ('refused' in fix) throw new RollbackImpossible(fix.refused, fix.code);
    const foreign = foreignCommand(
      ports,
      fix.intents.flatMap(({ changes }) => changes),
    );
    if (foreign) throw new RollbackImpossible(foreign.refused, foreign.code);
    await checkContained({ ...ports, fix, resource });
    const context = { ...ports, fix, resource, journal: openJournal(log, clock, subjectIn(fix.last, ports.version), fix.events) };
    return await end(context, await restore(context, request), request);
  } finally {
    // A lease that is not released expires.
    await lease.release().catch((error: unknown) => warn('The lease was not released', { error: describe(error) }));
  }
}

/** Reverts the fix, unless it is already reverted or others have changed the resource since. */
async function restore(given: RollbackContext, { force, why }: RollbackRequest): Promise<EventBody> {
  const { rule, resource, journal, actor, clock } = given;
  const refused = refusing(given.fix.events);
  const now = await inspect(given);
  if (now === notFound) return { ...refused, code: 'not-found', reason: 'The resource does not exist.' };
  const fix = lookedFor(given.fix, rule, resource, { state: now, now: clock.now() });
  const context = { ...given, fix };
  const already = withoutUndo(context, now);
  if (already) return already;
  const undo = undoPlanFor(context, now, force);
  if ('refused' in undo) return { ...refused, code: undo.code, reason: undo.refused, after: now };
  const misdirection = undo.steps.map((step) => misdirected(context, commandsOf(context, step, now) ?? [], now)).find(Boolean);
  if (misdirection) return { ...refused, code: misdirection.code, reason: misdirection.refused };
  const opening = await keepOpen(context);
  // Before the first undo: a worker that dies after it leaves a half state.
  if (opening === 'not') await given.comeBack?.();
  const reason = `Rollback requested${force ? ' with --force' : ''}${why ? `: ${why}` : ''}.`;
  await journal.write({ kind: 'rollback-requested', reason, before: now, actor });
  const reverted = await revert(context, { undo, seen: now, force });
  const body = reverted.kind === 'rollback-refused' ? { ...reverted, ...refused } : reverted;
  if (opening === 'opened' && body.kind === 'rollback-refused') await forgetOpen(context);
  return body;
}

/** The end if nothing is left to undo. */
function withoutUndo(context: RollbackContext, now: Json): EventBody | undefined {
  const { fix } = context;
  if (sameJson(now, fix.before)) return rolledBack('The resource already has its previous state.', now);
  const back = fix.events.findLast(({ kind }) => kind === 'rolled-back')?.after;
  if (back !== undefined && sameJson(now, back)) return rolledBack('The resource was rolled back before, and has not changed since.', now);
  if (!hasChanges(fix)) return rolledBack('None of the changes of this remediation is in effect.', now);
  if (fix.begun && !hasReversible(fix.intents)) return rolledBack(revertedBut(fix.intents), now);
  return undoneSince(context, now);
}

async function end(context: RollbackContext, body: EventBody, { held }: RollbackRequest): Promise<Result> {
  const { fix, resource, journal, actor, rule } = context;
  const { remediation, account } = journal.subject;
  const isBack = body.kind === 'rolled-back';
  if (isBack && !fix.events.some(({ kind }) => kind === 'rolled-back')) await countRollback({ remediation, account }, context);
  // Before it is logged as complete: a worker that dies in between comes back.
  if (isBack || body.code === 'not-found') await endContainment({ ...context, remediation });
  const reason = `${body.reason}${isBack ? holdSentence(rule, held) : ''}`;
  await journal.write({ ...body, reason, actor });
  const event = journal.events.at(-1);
  if (event) await announce(event, { resource, requests: journal.events }, context);
  if (body.kind === 'rolled-back') await forgetOpen(context);
  return { remediation, resource: resource.arn, outcome: body.outcome ?? 'rollback-failed', reason };
}

/** Nothing of the remediation is in effect, so that it contains nothing. */
const endsContainment: readonly RefusalCode[] = ['nothing-to-roll-back', 'already-reverted'];

/** A refusal says that nothing was changed: where an earlier rollback was interrupted, this one failed instead. */
const refusing = (events: readonly LogEvent[]) =>
  isRollbackBegun(events)
    ? ({ kind: 'rollback-failed', outcome: 'rollback-failed' } as const)
    : ({ kind: 'rollback-refused', outcome: 'rollback-refused' } as const);

/** Logs and publishes that a requested rollback isn't possible. */
export async function refuseRollback(remediation: string, { refused: reason, code }: Refusal, ports: RollbackPorts): Promise<Result> {
  const { rule, version, log, clock, actor } = ports;
  const events = await log.read(remediation);
  const last = events.at(-1) as LogEvent;
  const journal = openJournal(log, clock, subjectIn(last, version), events);
  const refused = refusing(events);
  if (endsContainment.includes(code)) await endContainment({ ...ports, resource: resourceOf(rule, last), remediation });
  await journal.write({ ...refused, code, reason, actor });
  const event = journal.events.at(-1);
  if (event) await announce(event, { resource: resourceOf(rule, last), requests: events }, ports);
  return { remediation, resource: last.resource, outcome: refused.outcome, reason };
}

/** Publishing is not part of the rollback: a failure is only logged. */
async function announce(
  event: LogEvent,
  { resource, requests }: { readonly resource: Resource; readonly requests: readonly LogEvent[] },
  { rule, aws, publishOutcome, warn }: RollbackPorts,
): Promise<void> {
  const kind = toArray(rule.resource).find(({ type }) => type === resource.type);
  try {
    // The tags name the owner to notify.
    const tags = await kind?.tags?.(resource, aws).catch(() => undefined);
    await publishOutcome({ event, requests, rule: ruleSummary(rule), ...(tags && { tags }) });
  } catch (error) {
    warn('The outcome was not published', { remediation: event.remediation, error: describe(error) });
  }
}
