import type { Json } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import { findBreaks } from '../log/chain';
import type { LoggedChange, Outcome } from '../log/event';
import { type Journal, openJournal } from '../log/journal';
import { hashOfPlan } from '../plan/hash';
import type { Ports } from './ports';

/** The status of the remediation by an earlier worker for this rule and resource. */
export type Resumption =
  /** Nothing to continue: no change was planned yet, or the changes were reverted because AWS was busy. */
  | { readonly status: 'none' }
  | OpenRemediation
  /** It ended; only the notification may be missing. `approved`: whether an operator approved it. */
  | { readonly status: 'ended'; readonly journal: Journal; readonly outcome: Outcome; readonly approved: boolean };

/** A remediation to continue: it was interrupted, or waits for its verification. */
export interface OpenRemediation {
  readonly status: 'open';
  readonly journal: Journal;
  /** The state before its first change. */
  readonly before: Json;
  /** The planned changes, and the hash of the complete plan. */
  readonly changes: readonly LoggedChange[];
  readonly plan: string | undefined;
  /** When AWS accepted its changes, if it did. */
  readonly applied: string | undefined;
  /** Whether an operator approved it. */
  readonly approved: boolean;
}

/** Reads the remediation that the lease names. Throws if its log was tampered with. */
export async function readResumption(
  remediation: string,
  fresh: Journal,
  { log, clock }: Pick<Ports, 'log' | 'clock'>,
): Promise<Resumption> {
  const same = remediation === fresh.subject.remediation;
  const events = same ? fresh.events : await log.read(remediation);
  const [first] = events;
  // After a plan awaited approval, only the events since count: a plan among them was approved.
  const askedAt = events.findLastIndex(({ kind, outcome }) => kind === 'approval-requested' || outcome === 'partly-fixed');
  const since = events.slice(askedAt + 1);
  const planned = since.find(({ kind }) => kind === 'planned');
  if (!first || !planned) return { status: 'none' };
  const [broken] = findBreaks(events);
  if (broken) throw new Error(`The hash chain of remediation ${remediation} is broken, so nothing is changed. ${broken}`);

  const { version, finding, source } = first;
  const journal = same ? fresh : openJournal(log, clock, { ...fresh.subject, remediation, version, finding, source }, events);
  const approved = askedAt >= 0;
  const outcome = since.findLast((event) => event.outcome !== undefined && event.outcome !== 'verifying')?.outcome;
  if (outcome === 'deferred') return { status: 'none' };
  if (outcome !== undefined) return { status: 'ended', journal, outcome, approved };
  return {
    status: 'open',
    journal,
    before: planned.before ?? null,
    changes: planned.changes ?? [],
    plan: planned.plan,
    applied: since.findLast(({ kind }) => kind === 'applied')?.times?.applied,
    approved,
  };
}

/** The hash of the plan; the remaining changes of an interrupted plan have the hash of that plan. */
export function planOf(changes: readonly LoggedChange[], resumed: Resumption): string {
  if (resumed.status !== 'open' || resumed.plan === undefined) return hashOfPlan(changes);
  const isLeft = changes.every((change) => resumed.changes.some((other) => sameJson(other.do, change.do)));
  return isLeft ? resumed.plan : hashOfPlan(changes);
}
