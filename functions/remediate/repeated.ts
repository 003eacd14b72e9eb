import { createHash } from 'node:crypto';
import { type Change, notFound } from '../../rules/rule';
import { describe } from '../aws/error';
import type { Quiet } from '../coordination/lease';
import { leaseKey } from '../coordination/lease-key';
import type { Look } from '../coordination/look';
import type { CoordinationRecord } from '../coordination/recorded-state';
import type { RuleOnResource } from '../coordination/rule-on-resource';
import { days } from '../duration';
import { evaluate } from '../facts/evaluate';
import type { Attempt } from '../findings/attempt';
import type { Outcome } from '../log/event';
import { isChanges, loggedChange } from '../plan/change';
import { hashOfPlan } from '../plan/hash';
import { phaseIn } from '../plan/intents';
import { capsOf } from '../policy/caps';
import { policyFor } from '../policy/policy-for';
import { type EventBody, hashOfEnd, type RemediationContext, type Result, resultOf } from './context';
import { unchangedEnd } from './end-without-fix';
import type { Inspection } from './inspect-and-plan';
import { type Prepared, prepareBy } from './prepare';
import { compliantEnd } from './settle';

/** What is logged once: nothing was changed, nothing is pending, and nobody has to do anything. */
const standing: readonly (Outcome | undefined)[] = ['observed', 'exempt', 'suppressed', 'off', 'already-compliant'];

/** What stands is logged and published again after a week, so that no report of a month lacks it. */
const loggedFor = days(7);

/** Handles the finding in full, under the lease. */
type Handle = (context: RemediationContext) => Promise<Result>;

/**
 * The end of a report by which nothing is new: the resource is inspected and decided upon as ever, and if all of that comes to what is logged
 * of the same finding, it is counted there, and not logged or published again. Undefined if anything differs, or can't be read: then the
 * finding is handled in full, with what has to be known of it.
 */
export async function endRepeated(context: RemediationContext): Promise<Result | Repetition> {
  const { attempt, ports, resource } = context;
  const { rule, repeats, clock } = ports;
  const of = { rule: rule.id, resource: leaseKey(rule, resource) };
  const finding = hashOfFinding(attempt);
  const { found, quiet, recorded } = await readBefore(context, () => repeats.find(of, finding, sameFaultAs(attempt.finding, rule)));
  if ('unreadable' in found) {
    ports.warn('Whether anything is new is unknown', { resource: resource.arn, error: found.unreadable });
    return { of, finding, isOpen: true, stale: 'unread' };
  }
  const { standstill, isOpen, look } = found;
  const known = { of, finding, isOpen, recorded, ...(quiet && { quiet }) };
  if (!standstill && !look) return known;
  const now = isOpen || !isOrdinary(context) ? undefined : await endOf(context, recorded);
  if (!standstill?.logged && look && now?.outcome === 'already-compliant') return awaited(context, look);
  if (!standstill) return known;
  const { as, logged } = standstill;
  if (now === undefined || hashOfEnd(now) !== as) return { ...known, stale: as };
  if (!logged || clock.now().getTime() - logged.at.getTime() >= loggedFor) return { ...known, same: as, renews: logged && as };
  if (!(await repeats.count(of, finding, as))) return known;
  const { outcome, reason } = now;
  const sentence = `${reason} Nothing is new since remediation ${logged.remediation}, which has it in the log.`;
  return { ...resultOf(context, outcome, sentence), remediation: logged.remediation };
}

/** Reads what is recorded, in one call, before the lease: what nobody can have changed until it is acquired counts under it, too. */
async function readBefore<Found>({ attempt, journal, ports, resource }: RemediationContext, find: () => Promise<Found>) {
  const { rule, store, leases } = ports;
  const policy = await ports.policy().catch(() => undefined);
  const about = {
    ...{ rule: rule.id, account: resource.account, resource: leaseKey(rule, resource), remediation: journal.subject.remediation },
    response: rule.response,
    phase: phaseIn(journal.events).number,
    ...(policy && {
      limits: policyFor(rule, policy).limits,
      caps: capsOf(policy, { rule, kind: attempt.finding.resource.kind, resource }),
    }),
  };
  const recorded = store.read(about);
  // Whoever decides by it sees the error.
  recorded.catch(() => undefined);
  const [found, quiet] = await Promise.all([
    find().catch((error: unknown) => ({ unreadable: describe(error) })),
    leases.quiet(about.resource).catch(() => undefined),
  ]);
  return { found, quiet, recorded };
}

/**
 * Whether a detector may report the same fault as this finding does. A rule with one control is for one fault, which its Config rules report as
 * well. Of a rule with several, nobody can tell which Config rule reports the fault of which control: each has its own record.
 */
const sameFaultAs =
  ({ detectedBy }: Attempt['finding'], rule: RemediationContext['ports']['rule']) =>
  (other: string): boolean =>
    other === detectedBy || rule.detectedBy.securityHub.length === 1;

/** A report of what a remediation has put right, and its detector has not confirmed yet: it says nothing new, and disputes nothing. */
function awaited(context: RemediationContext, { remediation, at }: Look): Result {
  const reason = `The rule found nothing to change since remediation ${remediation}. Its detector is asked at ${at.toISOString()} whether it agrees.`;
  return { ...resultOf(context, 'already-compliant', reason), remediation };
}

/** What is known of the reports before, for the handling in full. */
export interface Repetition {
  readonly of: RuleOnResource;
  readonly finding: string;
  /** Whether a remediation of the rule was open there before the lease, or may have been. */
  readonly isOpen: boolean;
  /** The recorded state before the lease, which counts under it if nobody has held it since. */
  readonly recorded?: Promise<CoordinationRecord>;
  readonly quiet?: Quiet;
  /** What is recorded, and not so any more. */
  readonly stale?: string;
  /** What is recorded, and still so. */
  readonly same?: string;
  /** What this finding has in the log, and gets there again. */
  readonly renews?: string | undefined;
}

/** Handles the finding in full. What is recorded and may not be so is forgotten before, and what the finding came to is recorded after. */
export async function handleNew(
  context: RemediationContext,
  { of, finding, stale, same, renews }: Repetition,
  handle: Handle,
): Promise<Result> {
  const { repeats, warn } = context.ports;
  if (stale !== undefined) await repeats.forget(of);
  const result = await handle({ ...context, renews });
  const last = context.journal.events.at(-1);
  const as = last && isOrdinary(context) && standing.includes(last.outcome) ? hashOfEnd(last) : undefined;
  if (same !== undefined && as !== same) await repeats.forget(of);
  if (as !== undefined)
    await repeats
      .remember(of, finding, { as, remediation: result.remediation })
      .catch((error: unknown) => warn('The result was not recorded for further reports', { error: describe(error) }));
  return result;
}

/** A report by a detector. What an operator or another tool requests, and what comes back, has a log of its own. */
const isOrdinary = ({ attempt: { number, remediation, open, requestedBy, finding }, ports }: RemediationContext): boolean =>
  [remediation, open, requestedBy, finding.action, finding.requester, ports.openRemediations.user].every((one) => one === undefined) &&
  number === 0;

/** What the finding comes to if nothing is to be changed; undefined if something is, or if it can't be told. */
async function endOf(
  context: RemediationContext,
  recorded: Promise<CoordinationRecord>,
): Promise<(EventBody & { readonly outcome: Outcome }) | undefined> {
  const { ports, resource } = context;
  try {
    const prepared = await prepareBy(await ports.policy(), context);
    if ('problem' in prepared || 'unfixable' in prepared) return undefined;
    const seen = await prepared.inspectAndPlan();
    if (seen === notFound || !isChanges(seen.plan)) return undefined;
    const { policy, logged } = prepared;
    if (seen.plan.length === 0) return { ...compliantEnd(seen), ...logged };
    return await decidedEnd(context, { policy, seen, changes: seen.plan, logged, recorded });
  } catch (error) {
    ports.warn('Whether anything is new is unknown', { resource: resource.arn, error: describe(error) });
    return undefined;
  }
}

interface Seen {
  readonly policy: Awaited<ReturnType<RemediationContext['ports']['policy']>>;
  readonly seen: Inspection;
  readonly changes: readonly Change[];
  readonly logged: Prepared['logged'];
  readonly recorded: Promise<CoordinationRecord>;
}

async function decidedEnd(
  { attempt, aws, journal, ports, resource }: RemediationContext,
  { policy, seen, changes, logged, recorded }: Seen,
) {
  const plan = hashOfPlan(ports.rule, changes.map(loggedChange));
  const { exempt, detector } = seen;
  const occasion = { ...attempt, remediation: journal.subject.remediation, aws, begun: { recorded } };
  const { decision } = await evaluate(
    occasion,
    { policy, resource, changes, plan, ...(exempt && { exempt }), ...(detector && { detector }) },
    ports,
  );
  if (decision.verdict !== 'observe' && decision.verdict !== 'skip') return undefined;
  return { plan, ...logged, ...unchangedEnd(decision) };
}

/** The findings of different controls and sources have logs of their own. */
const hashOfFinding = ({ finding: { id, source, detectedBy, account, region } }: Attempt): string =>
  createHash('sha256')
    .update(JSON.stringify([id, source, detectedBy, account, region]))
    .digest('hex')
    .slice(0, 16);
