import type { Json } from '../../rules/rule';
import { breaks } from '../log/chain';
import type { Outcome } from '../log/event';
import { type Journal, openJournal } from '../log/journal';
import type { Tools } from './tools';

/** A remediation that was interrupted, or waits for a second look, and is gone on with. */
export interface Resumption {
  readonly journal: Journal;
  /** The state before its first change. */
  readonly before: Json;
  /** When its changes were accepted, if it came that far. */
  readonly applied: string | undefined;
  /** Its outcome, where all but the telling was done. */
  readonly ended: Outcome | undefined;
}

/** The unfinished remediation that the lease remembers; undefined where there is none, or nothing of it was intended yet. */
export async function resumption(remediation: string, fresh: Journal, { log, clock }: Tools): Promise<Resumption | undefined> {
  if (remediation === fresh.subject.remediation) return undefined;
  const events = await log.read(remediation);
  const [first] = events;
  const intended = events.find(({ kind }) => kind === 'intended');
  if (!first || !intended) return undefined;
  const [broken] = breaks(events);
  if (broken) throw new Error(`The log of remediation ${remediation} can't be trusted, so nothing is changed. ${broken}`);
  return {
    journal: openJournal(
      log,
      clock,
      { ...fresh.subject, remediation, version: first.version, finding: first.finding, source: first.source },
      events,
    ),
    before: intended.before ?? null,
    applied: events.findLast(({ kind }) => kind === 'applied')?.times?.applied,
    ended: events.findLast(({ outcome }) => outcome !== undefined && outcome !== 'pending')?.outcome,
  };
}
