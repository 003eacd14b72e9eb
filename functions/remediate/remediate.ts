import { ulid } from 'ulid';
import { notFound, type Resource } from '../../rules/rule';
import { describe, isTransient } from '../aws/error';
import { toJson } from '../canonical-json';
import type { Lease } from '../coordination/lease';
import { leaseKey } from '../coordination/lease-key';
import { decisionPath } from '../decision/decide';
import type { Attempt } from '../findings/attempt';
import { identify } from '../findings/identify';
import { loggedChange } from '../plan/change';
import { carryOut, type Permitted } from './carry-out';
import type { RefusalCode } from './codes';
import { deferRetry, end, type RemediationContext, type Result, resultOf, write } from './context';
import { decideAndReserve } from './decide-and-reserve';
import { endWithoutFix } from './end-without-fix';
import { nextAttempt } from './next-attempt';
import { openRemediation } from './open-remediation';
import type { Ports } from './ports';
import { type Prepared, prepare } from './prepare';
import { planOf, type Resumption, readResumption } from './resume';
import { type Proposed, settle } from './settle';

/**
 * Handles a finding: lease, resume, inspect, plan, decide, log the plan, apply, verify, record, notify.
 * Expected results are returned. A transient error before the plan is logged is thrown, and the finding is delivered again.
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
    await write(context, { kind: 'approval-refused', code: 'other-remediation' satisfies RefusalCode, reason: refused });
    ports.count({ RefusedRequests: 1 });
  }
  if (resource === notFound) return end(context, [absent]);

  const work = `${ports.rule.id} ${finding.detectedBy}`;
  const seconds = ports.secondsLeft() + 5;
  // Two deliveries of one approval continue the same remediation, but are different workers.
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
    // A lease that is not released expires.
    await lease.release({ finished }).catch((error: unknown) => ports.warn('The lease was not released', { error: describe(error) }));
  }
}

/** Doesn't write to the log of a continued remediation: the other worker may be writing to the same one. */
async function waitForOther(context: RemediationContext): Promise<Result> {
  const { attempt, ports, journal } = context;
  const why = 'Another worker is changing this resource.';
  const next = nextAttempt(attempt.number, ports.clock.now(), journal.subject.remediation);
  if (attempt.remediation === undefined || !next) return deferRetry(context, why, { kind: 'deferred', outcome: 'deferred' });
  await ports.scheduleRetry({ ...attempt, number: next.number }, next.at, `${journal.subject.remediation}-${next.number}`);
  return resultOf(context, 'deferred', `${why} Next attempt at ${next.at.toISOString()}.`);
}

interface Held {
  readonly lease: Lease;
  readonly resumed: Resumption;
}

/** Handles a resource under its lease. Each step returns the result, or the input of the next step. */
async function handle(fresh: RemediationContext, resource: Resource, { lease, resumed }: Held): Promise<Result> {
  const context = resumed.status === 'open' ? { ...fresh, journal: resumed.journal } : fresh;
  const prepared = await prepare(context, resource, resumed);
  if ('outcome' in prepared) return prepared;
  const seen = await prepared.inspectAndPlan();
  if (seen === notFound) return end(context, [absent]);
  const proposed = await settle(context, prepared, seen);
  if ('outcome' in proposed) return proposed;
  const decided = await decide(context, prepared, proposed);
  if ('outcome' in decided) return decided;
  return carryOut(context, lease, prepared, decided);
}

/** Decides by the facts, and reserves the permit for a fix. */
async function decide(context: RemediationContext, prepared: Prepared, { state, changes, exempt }: Proposed): Promise<Result | Permitted> {
  const { resource, resumed, policy, parameters } = prepared;
  const logged = changes.map(loggedChange);
  const plan = planOf(logged, resumed);
  const evaluation = await decideAndReserve(context, { policy, resource, changes, plan, ...(exempt && { exempt }) }).catch(
    (error: unknown) => {
      // CloudTrail allows two lookups per second, so a burst is retried later.
      if (isTransient(error)) return { busy: describe(error) };
      throw error;
    },
  );
  if ('busy' in evaluation)
    return deferRetry(context, `A fact is temporarily unreadable (${evaluation.busy}).`, { kind: 'deferred', outcome: 'deferred' });
  const proposal = {
    decision: decisionPath(evaluation.decision),
    changes: logged,
    plan,
    before: state,
    parameters: toJson(parameters),
    times: { decided: context.ports.clock.now().toISOString() },
  };
  if (evaluation.decision.verdict !== 'fix') return endWithoutFix(context, { policy, resource, proposal, evaluation });
  return { state, proposal, evaluation };
}

/** Logs an error that a retry cannot clear: a refusal by AWS, or a bug. */
async function recordUnexpected(context: RemediationContext, error: unknown): Promise<Result> {
  if (isTransient(error)) throw error;
  context.ports.warn('The finding failed permanently', { error: describe(error), stack: error instanceof Error ? error.stack : undefined });
  return end(context, [{ kind: 'failed', outcome: 'failed', reason: `Failed: ${describe(error)}` }]);
}

const absent = { kind: 'skipped', outcome: 'resource-not-found', reason: 'The resource does not exist.' } as const;
