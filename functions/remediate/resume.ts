import type { Json } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import { findBreaks } from '../log/chain';
import type { LoggedChange, Outcome } from '../log/event';
import { type Journal, openJournal } from '../log/journal';
import { hashOfPlan } from '../plan/hash';
import type { Ports } from './ports';

/** A remediation that was interrupted, or waits for a second look, and is gone on with. */
export interface Resumption {
  readonly journal: Journal;
  /** The state before its first change. */
  readonly before: Json;
  /** What it was about to change, and the hash of the whole plan. */
  readonly changes: readonly LoggedChange[];
  readonly plan: string | undefined;
  /** When its changes were accepted, if it came that far. */
  readonly applied: string | undefined;
  /** Its outcome, where all but the telling was done. */
  readonly ended: Outcome | undefined;
  /** Whether a person had approved it. */
  readonly approved: boolean;
}

/** The unfinished remediation that the lease remembers; undefined where there is none, or nothing of it was intended yet. */
export async function readResumption(remediation: string, fresh: Journal, { log, clock }: Ports): Promise<Resumption | undefined> {
  const same = remediation === fresh.subject.remediation;
  const events = same ? fresh.events : await log.read(remediation);
  const [first] = events;
  // An approval begins anew: what was done before it is done.
  const approvedAt = events.findLastIndex(({ kind }) => kind === 'approved');
  const since = events.slice(approvedAt + 1);
  const planned = since.find(({ kind }) => kind === 'planned');
  if (!first || !planned) return undefined;
  const [broken] = findBreaks(events);
  if (broken) throw new Error(`The hash chain of remediation ${remediation} is broken, so nothing is changed. ${broken}`);
  const ended = since.findLast(({ outcome }) => outcome !== undefined && outcome !== 'verifying')?.outcome;
  // Taken back because AWS was busy: it begins anew.
  if (ended === 'deferred') return undefined;
  const { version, finding, source } = first;
  return {
    journal: same ? fresh : openJournal(log, clock, { ...fresh.subject, remediation, version, finding, source }, events),
    before: planned.before ?? null,
    changes: planned.changes ?? [],
    plan: planned.plan,
    applied: since.findLast(({ kind }) => kind === 'applied')?.times?.applied,
    ended,
    approved: approvedAt >= 0,
  };
}

/** The hash of the plan; what is left of an interrupted one counts as that one. */
export function planOf(changes: readonly LoggedChange[], resumed: Resumption | undefined): string {
  const left = resumed?.plan !== undefined && changes.every((change) => resumed.changes.some((other) => sameJson(other.do, change.do)));
  return left && resumed.plan !== undefined ? resumed.plan : hashOfPlan(changes);
}
