import { parseTrail, type RemediationName } from '../../log/trail';
import type { ReadSeal } from '../seal';
import { onItsWay } from './compare-table';

/** What is verified, and against what. */
export interface Question {
  /** The whole archive, what was archived in a span of time (ISO 8601), or the trails of a remediation. */
  readonly of: 'all' | { readonly since: string; readonly until: string } | RemediationName;
  /** With a span of time: everything that was archived after it is read, too. */
  readonly late?: true;
  /** The fingerprint of a key that the caller knows from elsewhere. */
  readonly key?: string;
  /** The hash of a seal that the caller knows from elsewhere. */
  readonly head?: string;
}

export function wantedTrails({ of }: Question): (trail: string) => boolean {
  if (of === 'all' || 'since' in of) return () => true;
  return (key) => {
    const trail = parseTrail(key);
    return trail?.remediation === of.remediation && (of.rule === undefined || trail.rule === of.rule);
  };
}

/** Whether the batches of a seal are asked for, or are earlier or later. */
export function isAsked(question: Question, { seal }: ReadSeal, before: ReadSeal | undefined): 'yes' | 'earlier' | 'no' {
  const { of, late } = question;
  if (of === 'all') return 'yes';
  if ('remediation' in of) {
    const isWanted = wantedTrails(question);
    return seal.trails.some(({ trail }) => isWanted(trail)) ? 'yes' : 'no';
  }
  if (seal.time < of.since) return 'earlier';
  return late || !before || before.seal.time <= lastFor(of.until) ? 'yes' : 'no';
}

/** Whether the batches after the last seal are asked for. */
export const isAskedAfter = ({ of, late }: Question, last: ReadSeal | undefined): boolean =>
  of === 'all' || late === true || 'remediation' in of || !last || last.seal.time <= lastFor(of.until);

/** When an event of this time is archived at the latest, unless the archive began or failed then. */
const lastFor = (until: string): string => new Date(Date.parse(until) + onItsWay).toISOString();

/** Whether the table was read for events of a time. */
export const coverage = ({ of }: Question): ((time: string) => boolean) =>
  of !== 'all' && 'since' in of ? (time) => time >= of.since && time <= of.until : () => true;
