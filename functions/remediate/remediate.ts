import { ulid } from 'ulid';
import { notFound, type PlanContext, type Resource } from '../../rules/rule';
import { describe, isTransient } from '../aws/fault';
import { toJson } from '../canonical-json';
import type { Fix } from '../coordination/fixes';
import type { Lease } from '../coordination/lease';
import { leaseKey } from '../coordination/lease-key';
import { decisionPath } from '../decision/decide';
import { outcomeDetailsOf } from '../facts/evaluate';
import type { Attempt } from '../findings/attempt';
import { identify } from '../findings/identify';
import type { LoggedChange } from '../log/event';
import { checkRevivable, isChanges, loggedChange } from '../plan/change';
import { parametersFor, readParameters } from '../policy/parameters';
import { apply } from './apply';
import { announce, deferRetry, end, type RemediationContext, type Result, resultOf, write } from './context';
import { decideAndReserve } from './decide-and-reserve';
import { endWithoutFix } from './end-without-fix';
import { endFailed } from './failed';
import { inspectAndPlan } from './inspect-and-plan';
import { nextAttempt } from './next-attempt';
import { openRemediation } from './open-remediation';
import type { Ports } from './ports';
import { planOf, type Resumption, readResumption } from './resume';
import { notifyFixed, verifyAndRecord } from './verify-and-record';

/**
 * The life of a finding: lease, resume, inspect, plan, decide, intend, apply, verify, record, tell.
 * Expected ends are endings. What may pass before anything is intended is thrown, and the finding is delivered again.
 */
export async function remediate(given: Attempt, ports: Ports): Promise<Result> {
  const { finding } = given;
  const received = ports.clock.now();
  const aws = ports.connect(finding);
  const resource = await identify(finding, aws);
  const { attempt, journal, refused } = await openRemediation(given, resource, received, ports);
  const id = journal.subject.remediation;
  const context: RemediationContext = { attempt, received, aws, ports, journal };
  if (refused !== undefined) {
    await write(context, { kind: 'approval-refused', reason: refused });
    ports.count({ RefusedRequests: 1 });
  }
  if (resource === notFound) return end(context, [absent]);

  const work = `${ports.rule.id} ${finding.detectedBy}`;
  const seconds = ports.secondsLeft() + 5;
  // Two deliveries of one approval go on with the same remediation, and are two workers all the same.
  const owner = ulid(received.getTime());
  const lease = await ports.leases.acquire({ resource: leaseKey(ports.rule, resource), work, remediation: id, owner, seconds });
  if (!lease) return waitForOther(context);

  let result: Result | undefined;
  try {
    const resumed = await readResumption(lease.remediation, context.journal, ports);
    result = await handle(context, resource, { lease, resumed }).catch((error: unknown) => recordUnexpected(context, error));
    return result;
  } finally {
    const finished = result !== undefined && result.outcome !== 'verifying';
    // Not given back, the lease expires by itself.
    await lease.release({ finished }).catch((error: unknown) => ports.warn('The lease was not given back', { error: describe(error) }));
  }
}

/** What goes on with a remediation leaves its log to the other worker, which may be at the very same. */
async function waitForOther(context: RemediationContext): Promise<Result> {
  const { attempt, ports, journal } = context;
  const why = 'Another worker is changing this resource.';
  const next = nextAttempt(attempt.number, ports.clock.now(), journal.subject.remediation);
  if (attempt.remediation === undefined || !next) return deferRetry(context, why, { kind: 'deferred', outcome: 'deferred' });
  await ports.scheduleRetry({ ...attempt, number: next.number }, next.at, `${journal.subject.remediation}-${next.number}`);
  return resultOf(context, 'deferred', `${why} Tried again at ${next.at.toISOString()}.`);
}

interface Held {
  readonly lease: Lease;
  readonly resumed: Resumption | undefined;
}

async function handle(fresh: RemediationContext, resource: Resource, { lease, resumed }: Held): Promise<Result> {
  const context = resumed && !resumed.ended ? { ...fresh, journal: resumed.journal } : fresh;
  const { attempt, aws, ports } = context;
  const { rule, clock } = ports;
  const { detectedBy } = attempt.finding;

  const policy = await ports.policy().catch((error: unknown) => ({ unreadable: describe(error) }));
  if ('unreadable' in policy) {
    ports.count({ PolicyUnreadable: 1 });
    return deferRetry(context, `${policy.unreadable} Nothing was changed.`, { kind: 'deferred', outcome: 'deferred' });
  }
  const parameters = readParameters(rule, parametersFor(rule, policy, resource));
  if ('problem' in parameters) return end(context, [{ kind: 'skipped', outcome: 'not-configured', reason: parameters.problem }]);
  const planContext: PlanContext<unknown> = { parameters: parameters.value, detectedBy, now: clock.now() };
  const inspectAgain = () => inspectAndPlan(rule, resource, aws, planContext);

  const seen = await inspectAgain();
  if (seen === notFound) return end(context, [absent]);
  const { state, plan } = seen;
  const goesOn = resumed && !resumed.ended;
  // What can't be undone waits, unless it is what was approved.
  const done = isChanges(plan) && plan.every((change) => 'irreversible' in change && !resumed?.approved);
  if (resumed?.ended === 'fixed' && done) {
    await notifyFixed({ ...context, journal: resumed.journal });
    return resultOf({ ...context, journal: resumed.journal }, 'fixed', 'The resource was fixed before; it is told again.');
  }
  if (resumed?.ended && attempt.remediation !== undefined) return refuseReplay(context, resumed.ended);
  if (goesOn && (done || resumed.applied !== undefined)) {
    return verifyAndRecord(context, {
      before: resumed.before,
      applied: resumed.applied ?? clock.now().toISOString(),
      logged: resumed.applied !== undefined,
      inspectAndPlan: inspectAgain,
      policy,
      approved: resumed.approved,
    });
  }
  if (!isChanges(plan)) {
    if ('unfixable' in plan) return end(context, [{ kind: 'skipped', outcome: 'unfixable', reason: plan.unfixable, before: state }]);
    return deferRetry(context, plan.blocked, { kind: 'deferred', outcome: 'blocked' });
  }
  if (plan.length === 0)
    return end(context, [{ kind: 'skipped', outcome: 'already-compliant', reason: 'The resource is as it should be.', before: state }]);

  const hash = planOf(plan.map(loggedChange), goesOn ? resumed : undefined);
  const evaluation = await decideAndReserve(context, { policy, resource, changes: plan, plan: hash }).catch((error: unknown) => {
    // CloudTrail answers twice a second: a burst waits its turn.
    if (isTransient(error)) return { busy: describe(error) };
    throw error;
  });
  if ('busy' in evaluation)
    return deferRetry(context, `A fact could not be read at the moment (${evaluation.busy}).`, { kind: 'deferred', outcome: 'deferred' });
  const { decision, record } = evaluation;
  const proposal = {
    decision: decisionPath(decision),
    changes: plan.map(loggedChange),
    plan: hash,
    before: state,
    parameters: toJson(parameters.value),
    times: { decided: clock.now().toISOString() },
  };
  if (decision.verdict !== 'fix') return endWithoutFix(context, { policy, resource, proposal, evaluation });

  const changes = decision.changes.map(loggedChange);
  const { remediation } = context.journal.subject;
  const fix: Fix = { rule: rule.id, resource: leaseKey(rule, resource), remediation, plan: hash };
  try {
    checkRevivable(rule, changes);
    // Whoever comes next has to find this intent, and not an earlier worker that came to none.
    if (remediation !== lease.remediation) await lease.remember(remediation);
    await write(context, { ...proposal, changes, kind: 'planned', reason: intention(changes, resumed) });
  } catch (error) {
    // The permit counts as a fix, and there will be none.
    await forgetFix(context, fix);
    throw error;
  }

  const application = await apply(decision.changes, {
    rule,
    resource,
    aws,
    clock,
    before: state,
    parameters: parameters.value,
    inspectAndPlan: inspectAgain,
  });
  const details = outcomeDetailsOf(evaluation);
  if (application.result === 'applied') {
    return verifyAndRecord(context, {
      before: goesOn ? resumed.before : state,
      applied: clock.now().toISOString(),
      logged: false,
      inspectAndPlan: inspectAgain,
      policy,
      approved: decision.approved,
      details,
      failures: record?.failures ?? 0,
    });
  }
  if (application.result === 'reverted') await forgetFix(context, fix);
  const failure = `A change failed (${describe(application.error)})`;
  if (application.result === 'left')
    return endFailed(context, policy, [{ kind: 'failed', outcome: 'failed', reason: `${failure}, and ${application.left}.` }], details);
  if (isTransient(application.error))
    return deferRetry(context, `${failure}; the resource is as it was.`, { kind: 'reverted', outcome: 'deferred' });
  return endFailed(context, policy, [{ kind: 'reverted', outcome: 'failed', reason: `${failure}; the resource is as it was.` }], details);
}

/** What is not forgotten counts as a fix that somebody changed back: that only keeps the rule from changing more. */
async function forgetFix({ ports }: RemediationContext, fix: Fix): Promise<void> {
  await ports.store.reverted(fix).catch((error: unknown) => ports.warn('A fix that was undone still counts', { error: describe(error) }));
}

/** A refusal by AWS, or a fault of our own: it would not pass by itself, so it ends here, in the log. */
async function recordUnexpected(context: RemediationContext, error: unknown): Promise<Result> {
  if (isTransient(error)) throw error;
  context.ports.warn('The finding was given up', { error: describe(error), stack: error instanceof Error ? error.stack : undefined });
  return end(context, [{ kind: 'failed', outcome: 'failed', reason: `Given up: ${describe(error)}` }]);
}

/** An approval is for once: the same message again is of no use. */
async function refuseReplay(context: RemediationContext, ended: string): Promise<Result> {
  const reason = `The approval was used before, and that ended as ${ended}; nothing was changed.`;
  await write(context, { kind: 'approval-refused', reason });
  context.ports.count({ RefusedRequests: 1 });
  const event = context.journal.events.at(-1);
  if (event) await announce(context, event);
  return resultOf(context, 'rejected', reason);
}

const absent = { kind: 'skipped', outcome: 'resource-not-found', reason: 'There is no such resource.' } as const;

const intention = (changes: readonly LoggedChange[], resumed: Resumption | undefined): string =>
  `${resumed && !resumed.ended ? 'Goes on after an interruption: ' : ''}${changes.map((change) => `${change.do.service}:${change.do.operation}`).join(', ')}.`;
