import type { Resource, Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import { sameJson } from '../canonical-json';
import { leaseKey } from '../coordination/lease-key';
import type { OpenItem } from '../coordination/open-remediation';
import type { LogEvent, LoggedChange, Outcome } from '../log/event';
import { type Journal, openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import { hashOfPlan } from '../plan/hash';
import { endOf, openIntents, phaseIn } from '../plan/intents';
import { checkChain } from './distrusted';
import { forgetOpen } from './forget-open';
import type { Ports } from './ports';

/** The status of the remediation that is open for the rule and the resource, or that the message continues. */
export type Resumption =
  /** Nothing to continue: no change was planned yet, or none is in effect. */
  | { readonly status: 'none' }
  | OpenRemediation
  /** It ended; only the notification may be missing. `approved`: whether an operator approved it. */
  | { readonly status: 'ended'; readonly journal: Journal; readonly outcome: Outcome; readonly approved: boolean };

/** The remediation that is open for the rule and the resource is another writer's, whose trail this one can't continue. */
export interface OpenElsewhere {
  readonly status: 'elsewhere';
  readonly item: OpenItem;
}

/** A remediation to continue: it was interrupted, something kept it from going on, or it waits for its verification. */
export interface OpenRemediation {
  readonly status: 'open';
  readonly journal: Journal;
  readonly item: OpenItem;
  /** The plan that has the permit of this phase; undefined if the log names one that has none. */
  readonly permitted: PermittedPlan | undefined;
  /** When AWS accepted its changes, if it did and their verification is not over. */
  readonly applied: string | undefined;
  /** When AWS accepted them, also if their verification is over. */
  readonly accepted: string | undefined;
}

/** A logged plan whose hash and permit were verified. */
export interface PermittedPlan {
  readonly plan: string;
  readonly changes: readonly LoggedChange[];
  /** The ARN of the operator who approved it, if one did. */
  readonly approvedBy: string | undefined;
}

type ResumptionPorts = Pick<Ports, 'rule' | 'version' | 'log' | 'clock' | 'openRemediations' | 'store' | 'warn'>;

/** Reads the open remediation of the resource, or else the one that the message continues. Throws if its log was tampered with. */
export async function readResumption(fresh: Journal, resource: Resource, ports: ResumptionPorts): Promise<Resumption | OpenElsewhere> {
  const { rule, openRemediations } = ports;
  const item = await openRemediations.find(rule.id, leaseKey(rule, resource));
  if (!item) return endedIn(fresh, ports);
  if (item.user !== openRemediations.user) return { status: 'elsewhere', item };
  const found = await journalOf(item, fresh, resource, ports);
  const journal = typeof found === 'string' ? undefined : found;
  const resumption = journal ? await follow(item, journal, ports) : ({ status: 'none' } as const);
  if (resumption.status === 'none') await forgetFix(item, journal, ports);
  // It was not planned, nothing of it is in effect, or only its removal is missing. What ended as fixed stays until that is notified.
  if (resumption.status === 'none' || (resumption.status === 'ended' && resumption.outcome !== 'fixed'))
    await forgetOpen(item, found === 'empty' ? [] : journal?.events, ports);
  return resumption.status === 'none' && item.remediation !== fresh.subject.remediation ? endedIn(fresh, ports) : resumption;
}

/** If this fails, the fix still counts for the drift loop, which can only restrict the rule. */
async function forgetFix({ rule, resource, remediation }: OpenItem, journal: Journal | undefined, ports: ResumptionPorts): Promise<void> {
  const phase = journal ? phaseIn(journal.events).number : 1;
  await ports.store
    .unplanned({ rule, resource, remediation, phase })
    .catch((error: unknown) => ports.warn('A fix that was not made still counts', { error: describe(error) }));
}

/** The trail that the item names; `foreign` if that is none of this rule and resource. */
async function journalOf(
  { remediation }: OpenItem,
  fresh: Journal,
  resource: Resource,
  { rule, version, log, clock, warn }: ResumptionPorts,
): Promise<Journal | 'empty' | 'foreign'> {
  if (remediation === fresh.subject.remediation) return fresh;
  const events = await log.read(remediation);
  const last = events.at(-1);
  if (!last) return 'empty';
  checkChain(events, remediation);
  if (last.rule === rule.id && last.resource === resource.arn && last.account === resource.account)
    return openJournal(log, clock, subjectIn(last, version), events);
  warn('An open remediation is of another rule or resource', { remediation, resource: resource.arn });
  return 'foreign';
}

async function follow(item: OpenItem, journal: Journal, ports: ResumptionPorts): Promise<Resumption> {
  const { events } = journal;
  if (openIntents(events).length === 0) return endedIn(journal, ports);
  const planned = events.findLastIndex(({ kind }) => kind === 'planned');
  const since = events.slice(planned + 1);
  const applied = since.findLast(({ kind }) => kind === 'applied')?.times?.applied;
  const over = since.some(({ kind, outcome }) => outcome === 'unverified' || kind === 'rollback-requested');
  return {
    status: 'open',
    journal,
    item,
    permitted: await permittedPlan(journal, ports),
    applied: over ? undefined : applied,
    accepted: applied,
  };
}

/** The status of a remediation that is not open: that of its journal. */
export async function endedIn(journal: Journal, ports: ResumptionPorts): Promise<Exclude<Resumption, OpenRemediation>> {
  const outcome = endOf(journal.events);
  if (outcome === undefined) return { status: 'none' };
  const approved = (await permittedPlan(journal, ports))?.approvedBy !== undefined;
  return { status: 'ended', journal, outcome, approved };
}

/**
 * The plan of the last intent of this phase, which an interrupted remediation goes on with. The word of the event is not enough: the hash is
 * computed again from the logged changes, and the plan must have the permit of the remediation.
 */
async function permittedPlan({ subject, events }: Journal, { rule, store }: ResumptionPorts): Promise<PermittedPlan | undefined> {
  const { number: phase, events: since } = phaseIn(events);
  const intents = since.filter(({ kind }) => kind === 'planned');
  const last = intents.at(-1);
  if (last?.plan === undefined) return undefined;
  const { plan, approvedBy } = last;
  // What remains of an interrupted plan goes by the hash of the complete one.
  const complete = intents.find((intent) => intent.plan === plan && hashOfPlan(rule, intent.changes ?? []) === plan);
  if (!complete || !isPartOf(last, complete)) return undefined;
  if (!(await store.hasPermit({ rule: rule.id, remediation: subject.remediation, phase, plan }))) return undefined;
  return { plan, changes: complete.changes ?? [], approvedBy };
}

const isPartOf = ({ changes = [] }: LogEvent, complete: LogEvent): boolean =>
  changes.every((change) => 'evidence' in change || complete.changes?.some((other) => sameJson(other.do, change.do)));

/** The hash of the plan; the remaining changes of an interrupted plan have the hash of that plan. */
export function planOf(rule: Pick<Rule, 'id' | 'response'>, changes: readonly LoggedChange[], resumed: Resumption): string {
  const permitted = resumed.status === 'open' ? resumed.permitted : undefined;
  const isLeft =
    permitted && changes.every((change) => 'evidence' in change || permitted.changes.some((other) => sameJson(other.do, change.do)));
  return isLeft ? permitted.plan : hashOfPlan(rule, changes);
}
