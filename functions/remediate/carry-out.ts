import { describe, isAccessDenied, isExplicitDeny, isTransient } from '../aws/error';
import type { Fix } from '../coordination/fixes';
import { leaseKey } from '../coordination/lease-key';
import { hours } from '../duration';
import { type Evaluation, outcomeDetailsOf } from '../facts/evaluate';
import type { LoggedChange } from '../log/event';
import { checkReplayable, loggedChange } from '../plan/change';
import { openIntents, stateBefore } from '../plan/intents';
import { type Application, apply, Contained } from './apply';
import type { IncompleteCode, PreventionCode } from './codes';
import { isContained } from './containment';
import { deferRetry, type EventBody, end, type OutcomeDetails, type RemediationContext, type Result, write } from './context';
import { approverIn } from './decide-and-reserve';
import { countFailure, endFailed } from './failed';
import { absent, endIncomplete, halt } from './halt';
import type { Inspection } from './inspect-and-plan';
import type { Prepared } from './prepare';
import { recordCollected } from './record-collected';
import type { ApprovalOptions } from './request-approval';
import { standingOf } from './standing';
import { codeOf } from './unexpected';
import { verifyAndRecord } from './verify-and-record';

/** A fix that was decided, with its permit. */
export interface Permitted {
  readonly seen: Inspection;
  readonly proposal: ApprovalOptions['proposal'];
  readonly evaluation: Evaluation;
}

/** The changes that are in the log, and may be sent now. */
export interface Intent {
  readonly permitted: Permitted;
  readonly changes: readonly LoggedChange[];
  /** The changes that wait for an approval. */
  readonly held: readonly LoggedChange[];
  readonly fix: Fix;
}

/** Logs the changes before the first one is sent. `again`: why they are decided anew; `same` if they are not. */
export async function intend(context: RemediationContext, permitted: Permitted, again: keyof typeof prefixes): Promise<Intent> {
  const { journal, ports, resource } = context;
  const { seen, proposal, evaluation } = permitted;
  const { decision } = evaluation;
  const changes = decision.changes.map(loggedChange);
  const { remediation } = journal.subject;
  const fix = { rule: ports.rule.id, resource: leaseKey(ports.rule, resource), remediation, plan: proposal.plan };
  const approvedBy = approverIn(evaluation);
  try {
    checkReplayable(ports.rule, changes);
    const standing = await standingOf(context, seen);
    const effects = 'effects' in standing ? standing.effects : undefined;
    const reason = intention(changes, again === 'same' && standing.status === 'half-done' ? 'continued' : again);
    const body: EventBody = { ...proposal, changes, kind: 'planned', reason, ...(approvedBy !== undefined && { approvedBy }) };
    await write({ ...context, effects }, body);
  } catch (error) {
    // The permit counts as a fix, and there will be none.
    await forgetFix(context, fix);
    throw error;
  }
  return { permitted, changes, held: decision.held.map(loggedChange), fix };
}

const prefixes = {
  same: '',
  continued: 'Continued after an interruption: ',
  changed: 'Others changed the resource before the first change, so this plan replaces the one before: ',
  prevented: 'Decided again, as all changes were stopped, the breaker was open, or the resource was contained before the first change: ',
};

const intention = (changes: readonly LoggedChange[], why: keyof typeof prefixes): string =>
  `${prefixes[why]}${changes.map((change) => `${change.do.service}:${change.do.operation}`).join(', ')}.`;

/** Makes the changes, and verifies them. */
export async function carryOut(context: RemediationContext, prepared: Prepared, { permitted, fix }: Intent): Promise<Result> {
  const { policy, parameters, inspectAndPlan } = prepared;
  const { seen, evaluation } = permitted;
  const { decision, record } = evaluation;
  const { aws, journal, ports, resource } = context;
  const { rule, clock, documents } = ports;
  const application = await apply(decision.changes, {
    rule,
    resource,
    aws,
    clock,
    documents,
    before: seen.state,
    parameters,
    inspectAndPlan,
    isContained: () => isContained(context),
  });
  const details = outcomeDetailsOf(evaluation);
  const collected = await recordCollected(context, application.uncollected);
  if (application.result !== 'applied') return endUnapplied(context, prepared, { application, fix, details });
  return verifyAndRecord(context, {
    before: stateBefore(openIntents(journal.events)) ?? seen.state,
    applied: clock.now().toISOString(),
    logged: false,
    effects: application.effects,
    inspectAndPlan,
    policy,
    approved: decision.approved,
    details,
    failures: record?.failures ?? 0,
    ...(collected !== undefined && { collected }),
  });
}

interface Unapplied {
  readonly application: Exclude<Application, { readonly result: 'applied' }>;
  readonly fix: Fix;
  readonly details: OutcomeDetails;
}

/** Ends after a failed change: retries later if the error is transient or changes are in effect, and fails otherwise. */
async function endUnapplied(context: RemediationContext, prepared: Prepared, { application, fix, details }: Unapplied): Promise<Result> {
  const { error } = application;
  if (error instanceof Contained) return endPreempted({ ...context, effects: application.effects }, { fix, details });
  const failure = `A change failed (${describe(error)}).`;
  const known = { ...context, effects: application.effects };
  if (application.result === 'not-found') return end(known, [absent], details);
  if (application.result === 'left') {
    const standing = await standingOf(known);
    if (standing.status === 'half-done') {
      await countOnce(context, prepared, error);
      return endIncomplete(context, { code: codeOf(error, 'call-failed'), why: `${failure} ${application.left}`, details }, standing);
    }
  }
  await forgetFix(context, fix);
  const why = application.result === 'left' ? `${failure} ${application.left}` : `${failure} ${application.stands}`;
  return halt(known, { code: codeOf(error, 'call-failed'), why, details }, (settled) =>
    endReverted(settled, prepared, { error, why, details, touched: application.result !== 'not-made' }),
  );
}

/** Changes that were made stay, and the remediation stays open. What was not made is decided again, and waits for the release. */
async function endPreempted(context: RemediationContext, { fix, details }: Pick<Unapplied, 'fix' | 'details'>): Promise<Result> {
  const obstacle = {
    code: 'contained' satisfies IncompleteCode,
    why: 'A response contains the resource, so no further change was made.',
    details,
  };
  return halt(context, obstacle, async (known) => {
    await forgetFix(known, fix);
    return deferRetry(known, obstacle.why, { kind: 'deferred', outcome: 'blocked', code: obstacle.code });
  });
}

interface Reverted {
  readonly error: unknown;
  readonly why: string;
  readonly details: OutcomeDetails;
  /** Whether changes were made before the one that failed. */
  readonly touched: boolean;
}

/** None of the changes is in effect. */
async function endReverted(context: RemediationContext, { policy }: Prepared, { error, why, details, touched }: Reverted): Promise<Result> {
  if (isExplicitDeny(error)) {
    const body = { kind: 'reverted', outcome: 'failed', code: 'access-denied' satisfies PreventionCode, reason: why } as const;
    return end(context, [body], details);
  }
  if (isAccessDenied(error) && !touched) return endReadsOnly(context, why, details);
  if (isTransient(error)) return deferRetry(context, why, { kind: 'reverted', outcome: 'deferred' });
  return endFailed(context, policy, [{ kind: 'reverted', outcome: 'failed', reason: why }], details);
}

/** The role of the rule may only read in this account. That is no failure of the rule. */
async function endReadsOnly(context: RemediationContext, why: string, details: OutcomeDetails): Promise<Result> {
  const { ports, resource } = context;
  const code: PreventionCode = 'role-reads-only';
  const first = await ports.cooldowns.take(`${code} ${resource.account}`, hours(24) / 1000);
  if (first) ports.count({ RoleReadsOnly: 1 });
  const reason = `${why} The permissions of the rule in account ${resource.account} do not allow it.`;
  return end(context, [{ kind: 'reverted', outcome: 'blocked', code, reason }], { ...details, ...(!first && { repeated: true }) });
}

/** Neither a busy service nor a role that only reads is a failure of the rule, and a remediation that stays open fails once. */
async function countOnce(context: RemediationContext, { policy }: Prepared, error: unknown): Promise<void> {
  const before = context.journal.events.some(({ outcome }) => outcome === 'incomplete' || outcome === 'unverified');
  if (!before && !isTransient(error) && !isAccessDenied(error)) await countFailure(context, policy);
}

/** If this fails, the fix still counts for the drift loop, which can only restrict the rule. */
export async function forgetFix({ ports }: RemediationContext, fix: Fix): Promise<void> {
  await ports.store.reverted(fix).catch((error: unknown) => ports.warn('A reverted fix still counts', { error: describe(error) }));
}
