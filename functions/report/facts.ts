import type { Severity } from '../../rules/rule';
import type { LogEvent, Outcome } from '../log/event';
import type { RemediationRecord } from '../log/record';
import { type Category, categoryOf } from './category';

/** The times of a remediation in milliseconds since 1970, as its events state them; a time that no event states is left out. */
export interface Stamps {
  readonly occurred?: number;
  readonly detected?: number;
  readonly received?: number;
  readonly decided?: number;
  readonly fixed?: number;
  readonly verified?: number;
}

/** Who says when a misconfiguration came about. */
export type Occurrence = NonNullable<LogEvent['occurrence']>['as'];

/** What a person answered. */
export interface Answer {
  readonly by: string;
  readonly at: number;
  readonly answer: 'approved' | 'rejected';
}

/** What a report needs of one remediation: small, so that a year of them fits into memory. */
export interface Facts {
  readonly rule: string;
  readonly remediation: string;
  readonly severity: Severity | 'unknown';
  readonly account: string;
  readonly region: string;
  readonly resource: string;
  readonly source: string;
  readonly control: string;
  readonly finding: string;
  readonly partition: string;
  readonly resourceType: string;
  readonly stamps: Stamps;
  /** Who says when it came about; left out if nobody does. */
  readonly occurrence?: Occurrence;
  /** The last one that an event states; left out if none does. */
  readonly owner?: string;
  readonly outcome: Outcome;
  readonly category: Category | 'unchanged';
  readonly reason: string;
  readonly code?: string;
  /** The event that states the outcome: the key of its trail, its number in it, and its hash. */
  readonly trail: string;
  readonly sequence: number;
  readonly hash: string;
  /** When the outcome was written. */
  readonly at: number;
  /** The deadline of an approval, the time of a retry, or the end of an exemption. */
  readonly until?: number;
  /** Until when the policy wanted it to be ended, as the event with the outcome states. */
  readonly deadline?: number;
  readonly answers: readonly Answer[];
  /** What the detector said of the fix. */
  readonly detector?: 'confirmed' | 'disputed' | 'unconfirmed';
}

/** An event about all rules: a stop, and its end. */
export interface CentralFact {
  readonly kind: LogEvent['kind'];
  readonly by: string;
  readonly at: number;
  readonly reason: string;
}

const detectorKinds = ['confirmed', 'disputed', 'unconfirmed'] as const;

/** The facts of a remediation as it stood at a time; undefined if it had no outcome yet. */
export function factsOf(
  record: Pick<RemediationRecord, 'rule' | 'remediation' | 'events'>,
  until: number,
  severity: Facts['severity'],
): Facts | undefined {
  const events = record.events.filter(({ time }) => Date.parse(time) <= until);
  const last = events.findLast(({ outcome }) => outcome !== undefined && categoryOf[outcome] !== 'unchanged');
  const [first] = events;
  if (!first || !last?.outcome) return undefined;
  const detector = detectorAfterFix(events);
  const occurrence = events.find(({ times }) => times?.occurred !== undefined)?.occurrence;
  const owner = events.findLast((event) => event.owner !== undefined)?.owner;
  return {
    rule: record.rule,
    remediation: record.remediation,
    severity,
    account: last.account,
    region: last.region,
    resource: last.resource,
    source: first.source,
    control: first.detectedBy,
    finding: first.finding,
    partition: last.partition,
    resourceType: last.resourceType,
    stamps: stampsOf(events),
    ...(occurrence && { occurrence: occurrence.as }),
    ...(owner !== undefined && { owner }),
    outcome: last.outcome,
    category: categoryOf[last.outcome],
    reason: last.reason,
    ...(last.code !== undefined && { code: last.code }),
    trail: last.trail,
    sequence: last.sequence,
    hash: last.hash,
    at: Date.parse(last.time),
    ...timeOf('until', last.until),
    ...timeOf('deadline', last.deadline?.at),
    answers: events.flatMap(answersIn),
    ...(detector && { detector }),
  };
}

function detectorAfterFix(events: readonly LogEvent[]): Facts['detector'] {
  const fix = events.findIndex(({ kind }) => kind === 'verified');
  return fix < 0 ? undefined : detectorKinds.find((one) => events.slice(fix).some(({ kind }) => kind === one));
}

function answersIn({ kind, actor, time }: LogEvent): readonly Answer[] {
  return kind === 'approved' || kind === 'rejected' ? [{ by: actor, at: Date.parse(time), answer: kind }] : [];
}

/** The first time that an event states counts: what was detected again later was detected before. The last fix counts, and its verification. */
function stampsOf(events: readonly LogEvent[]): Stamps {
  const first = (name: 'occurred' | 'detected' | 'received' | 'decided') =>
    events.find(({ times }) => times?.[name] !== undefined)?.times?.[name];
  const verified = events.findLast(({ outcome }) => outcome === 'fixed')?.times;
  return {
    ...timeOf('occurred', first('occurred')),
    ...timeOf('detected', first('detected')),
    ...timeOf('received', first('received')),
    ...timeOf('decided', first('decided')),
    ...timeOf('fixed', verified?.applied),
    ...timeOf('verified', verified?.verified),
  };
}

function timeOf<Name extends string>(name: Name, text: string | undefined): { readonly [key in Name]?: number } {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? {} : ({ [name]: time } as { readonly [key in Name]?: number });
}
