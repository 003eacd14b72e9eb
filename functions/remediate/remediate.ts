import { notFound } from '../../rules/rule';
import { describe, isTransient } from '../aws/error';
import type { Lease } from '../coordination/lease';
import { leaseKey } from '../coordination/lease-key';
import { type OpenItem, UnreadableItem } from '../coordination/open-remediation';
import { decisionPath } from '../decision/decide';
import type { Attempt } from '../findings/attempt';
import { identify } from '../findings/identify';
import { loggedChange } from '../plan/change';
import { hashOfPlan } from '../plan/hash';
import { isRollbackBegun, openIntents } from '../plan/intents';
import { ownerOf } from '../policy/owner';
import { carryOut, intend, type Permitted } from './carry-out';
import type { IncompleteCode, RefusalCode } from './codes';
import { preempt } from './containment';
import { type AttemptContext, deferRetry, end, type RemediationContext, type Result, write } from './context';
import { endBeforeDeadline, scheduleDeadline } from './deadline';
import { decideAndReserve, planToMake } from './decide-and-reserve';
import { hearDetector } from './detector/hear';
import { withParameters } from './detector-parameters';
import { BrokenLog, endBroken, endOpenBroken, endUnreadable } from './distrusted';
import { endAbsent } from './end-absent';
import { endForRollback } from './end-for-rollback';
import { endNotFound } from './end-not-found';
import { endWithoutFix } from './end-without-fix';
import { forgetOpen } from './forget-open';
import { halt } from './halt';
import { endChanging, type Look, lookAgain, maxLooks } from './look-again';
import { noteTicket } from './note-ticket';
import { occurrenceByPlan } from './occurrence';
import { attemptOf } from './open-item';
import { openJournalFor } from './open-journal-for';
import type { Ports } from './ports';
import { type BegunLook, beginToLook, type Prepared, prepare } from './prepare';
import { endRepeated, handleNew, type Repetition } from './repeated';
import { endedIn, planOf, type Resumption, readResumption } from './resume';
import { type Proposed, settle } from './settle';
import { recordUnexpected } from './unexpected';
import { comeAfter, waitForOther, waitForVerification } from './wait';

/**
 * Handles a finding: lease, resume, inspect, plan, decide, log the plan, look again, apply, verify, record, notify.
 * Expected results are returned. A transient error before the plan is logged is thrown, and the finding is delivered again.
 */
export async function remediate(given: Attempt, ports: Ports): Promise<Result> {
  if (given.look !== undefined) return hearDetector(given, ports, remediate);
  if (given.ticket) return noteTicket(given, ports);
  const ended = await endBeforeDeadline(given, ports);
  if (ended) return ended;
  const { finding } = given;
  const received = ports.clock.now();
  const aws = ports.connect(finding);
  // It is read while the lease is acquired. Whoever needs it sees the error, too.
  ports.policy().catch(() => undefined);
  const [resource, known] = await Promise.all([identify(finding, aws), withParameters(finding, ports, aws)]);
  const { attempt, journal, refused, broken } = await openJournalFor({ ...given, finding: known }, resource, received, ports);
  const fresh: AttemptContext = { attempt, received, aws, ports, journal };
  if (refused !== undefined) {
    await write(fresh, { kind: 'approval-refused', code: 'other-remediation' satisfies RefusalCode, reason: refused });
    ports.count({ RefusedRequests: 1 });
  }
  if (broken) return endBroken(fresh, broken);
  if (resource === notFound) return endNotFound(fresh);
  if ('unfixable' in resource)
    return end(fresh, [{ kind: 'skipped', outcome: 'unfixable', code: resource.code, reason: resource.unfixable }]);
  const repeated = await endRepeated({ ...fresh, resource });
  if ('outcome' in repeated) return repeated;

  const context: RemediationContext = { ...fresh, resource };
  const { quiet, isOpen, recorded } = repeated;
  // If nobody held the lease since, what is seen and read before it is acquired is as good as under it.
  const begun = quiet && !isOpen ? beginToLook(context, recorded) : undefined;
  const seconds = ports.secondsLeft() + 5;
  const acquire = () => ports.leases.acquire({ resource: leaseKey(ports.rule, resource), rule: ports.rule.id, seconds, quiet });
  const taken = await acquire();
  const lease = 'heldBy' in taken ? await preempt(context, taken, acquire) : taken;
  if ('heldBy' in lease) return waitForOther(context, lease).catch((error: unknown) => endDistrusted(context, error));
  const last: (() => Promise<void>)[] = [];
  const withRelease = { ...context, atRelease: (work: () => Promise<void>) => void last.push(work) };
  try {
    return await handleNew(withRelease, repeated, async (fresh) =>
      lease.isFirst && begun ? handleUnopened(fresh, await begun) : handleOpenFirst(fresh, repeated),
    ).catch((error: unknown) => endDistrusted(context, error));
  } finally {
    await release(lease, last, ports);
  }
}

/** Releases the lease, together with the last work under it. */
async function release(lease: Lease, last: readonly (() => Promise<void>)[], { warn }: Ports): Promise<void> {
  // A lease that is not released expires.
  const released = lease.release().catch((error: unknown) => warn('The lease was not released', { error: describe(error) }));
  const done = await Promise.allSettled([released, ...last.map((work) => work())]);
  for (const one of done) if (one.status === 'rejected') throw one.reason;
}

/** Ends if what is recorded of an open remediation can't be believed or read: it keeps the resource from being changed. */
async function endDistrusted(fresh: RemediationContext, error: unknown): Promise<Result> {
  if (error instanceof BrokenLog) return endOpenBroken(fresh, error);
  if (error instanceof UnreadableItem) return endUnreadable(fresh, error);
  throw error;
}

/** No remediation of the rule is open there: none was before the lease, and nobody held it since. */
const handleUnopened = async (fresh: RemediationContext, begun: BegunLook | undefined): Promise<Result> =>
  handleToEnd(fresh, await endedIn(fresh.journal, fresh.ports), begun);

/** Goes on with the open remediation of the rule and the resource, if there is one, before anything else. */
async function handleOpenFirst(fresh: RemediationContext, { isOpen }: Repetition): Promise<Result> {
  const { journal, ports, resource } = fresh;
  // Under the lease, and while the open remediation is read: before the lease there was none, so that there is one now is rare.
  const begun = isOpen ? undefined : beginToLook(fresh);
  const resumed = await readResumption(journal, resource, ports);
  if (resumed.status === 'elsewhere') return deferRetry(fresh, openElsewhere(resumed.item), { kind: 'deferred', outcome: 'deferred' });
  if (resumed.status !== 'open') return handleToEnd(fresh, resumed, resumed.status === 'none' ? await begun : undefined);
  const attempt = attemptOf(resumed.item, ports) ?? fresh.attempt;
  // What comes after it depends on whether it is open still.
  const context = { ...fresh, attempt, journal: resumed.journal, open: resumed.item, atRelease: undefined };
  const result = waitForVerification(context, resumed) ?? (await handleToEnd(context, resumed));
  await comeAfter(fresh, resumed);
  return result;
}

const openElsewhere = ({ rule, remediation, user }: OpenItem): string =>
  user === undefined
    ? `Remediation ${remediation} of the resource, by the function of the rule, is not finished. It continues by itself; or roll it back with \`posture rollback ${rule}/${remediation} --deployed\`.`
    : `Remediation ${remediation} of the resource, by the command line of ${user}, is not finished. That user has to replay its event, which finishes it; if it made changes, \`posture rollback ${rule}/${remediation}\` reverts them.`;

async function handleToEnd(context: RemediationContext, resumed: Resumption, begun?: BegunLook): Promise<Result> {
  const result = await handle(context, resumed, begun).catch((error: unknown) => recordUnexpected(context, error));
  await scheduleDeadline(context);
  const { journal, ports, resource } = context;
  const { events, subject } = journal;
  if (events.some(({ kind }) => kind === 'planned') && openIntents(events).length === 0) {
    const item = { rule: ports.rule.id, resource: leaseKey(ports.rule, resource), remediation: subject.remediation };
    const remove = () => forgetOpen(item, events, ports);
    // Whoever acquires the lease before it is removed finds that it has ended.
    if (context.atRelease) context.atRelease(remove);
    else await remove();
  }
  return result;
}

/** Handles a resource under its lease. Each step returns the result, or the input of the next step. */
async function handle(given: RemediationContext, resumed: Resumption, begun?: BegunLook): Promise<Result> {
  const { events } = given.journal;
  if (isRollbackBegun(events) && openIntents(events).length > 0) return endForRollback(given);
  const prepared = await prepare(given, resumed, begun);
  if ('outcome' in prepared) return prepared;
  let context = given;
  let seen = await prepared.firstLook();
  let again: Look['result'] = 'same';
  for (let looks = 1; looks <= maxLooks; looks += 1) {
    if (seen === notFound) return endAbsent(context);
    const proposed = await settle(context, prepared, seen);
    if ('outcome' in proposed) return proposed;
    const decided = await decide(context, prepared, proposed, looks);
    if ('outcome' in decided) return decided;
    const intent = await intend(context, decided, again);
    const look = await lookAgain(context, prepared, intent);
    if ('outcome' in look) return look;
    if (look.result === 'same') return carryOut(look.context, prepared, intent);
    ({ seen, context, result: again } = look);
  }
  return endChanging(context, seen);
}

/** Decides by the facts, and reserves the permit for a fix. */
async function decide(
  context: RemediationContext,
  { resumed, policy, logged: used, begun }: Prepared,
  { changes, ...seen }: Proposed,
  looks: number,
): Promise<Result | Permitted> {
  const {
    resource,
    ports: { rule },
  } = context;
  const { state, exempt, detector } = seen;
  const logged = changes.map(loggedChange);
  // A plan that changed while it was decided is a new one, and has no approval.
  const plan = looks === 1 ? planOf(rule, logged, resumed) : hashOfPlan(rule, logged);
  const proposed = { policy, resource, changes, plan, ...(exempt && { exempt }), ...(detector && { detector }) };
  const evaluation = await decideAndReserve(context, proposed, looks === 1 ? begun : undefined).catch((error: unknown) => {
    // CloudTrail allows two lookups per second, so a burst is retried later.
    if (isTransient(error)) return { busy: describe(error) };
    throw error;
  });
  if ('busy' in evaluation) {
    const obstacle = {
      code: 'fact-unreadable' satisfies IncompleteCode,
      why: `A fact is temporarily unreadable (${evaluation.busy}).`,
      seen,
    };
    return halt(context, obstacle, (known) => deferRetry(known, obstacle.why, { kind: 'deferred', outcome: 'deferred' }));
  }
  const { occurrence, times } = occurrenceByPlan(context, logged, evaluation.facts.lastChange);
  const owner = ownerOf({ account: resource.account, tags: evaluation.tags }, policy);
  const proposal = {
    decision: decisionPath(evaluation.decision),
    changes: logged,
    plan,
    before: state,
    ...used,
    ...(occurrence && { occurrence }),
    ...(owner !== undefined && { owner }),
    times: { ...times, decided: context.ports.clock.now().toISOString() },
  };
  if (evaluation.decision.verdict !== 'fix') return endWithoutFix(context, { policy, seen, proposal, evaluation });
  return { seen, proposal: { ...proposal, plan: planToMake(rule, evaluation.decision, proposal) }, evaluation };
}
