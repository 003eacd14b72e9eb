import type { Kind, LogEvent } from './event';
import type { indexedFields, logIndexes } from './indexes';
import type { Trail } from './trail';

/** A query of the log; all given attributes must match. Without any, it is about all events. */
export type LogQuestion = { readonly [attribute in keyof typeof logIndexes]?: string } & {
  readonly outcome?: string;
  readonly kind?: Kind;
  /** Who acted. */
  readonly actor?: string;
  /** The control, the Config rule or the finding type that reported it. */
  readonly control?: string;
  readonly source?: string;
  /** Only events of one of these rules. */
  readonly rules?: readonly string[];
  /** ISO 8601 in UTC with milliseconds, both included. */
  readonly since?: string;
  readonly until?: string;
  /** All events, not only outcomes, planned changes, and what people said. */
  readonly steps?: boolean;
  readonly order?: 'newest-first' | 'oldest-first';
};

/** An event in the indexes, without changes and states. Its rule and remediation are those of the key. */
export interface LogEntry extends Pick<LogEvent, (typeof indexedFields)[number] | 'sequence' | 'outcome' | 'code'> {
  /** The key of its trail. */
  readonly trail: string;
  readonly by: Trail['by'];
  /** Why the record is forged: its other fields say nothing then, and must not be used. */
  readonly forged?: string;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** The cursor of the next page, which may be empty. */
  readonly next?: string;
  /** Set if the page ended because it took too many reads: the time up to which all matching events are in it. */
  readonly searchedTo?: string;
}

/** The kinds that are shown without an outcome: what announces a change, as an interrupted worker leaves only this, and what people said. */
const shownKinds: readonly Kind[] = [
  'planned',
  'rollback-requested',
  'approved',
  'released',
  'stopped',
  'resumed',
  'breaker-closed',
  'breaker-opened',
  'review-due',
  'policy-published',
  'publisher-identified',
];

/** The fields of an event that a question compares. */
const comparedFields = {
  finding: 'finding',
  resource: 'resource',
  rule: 'rule',
  outcome: 'outcome',
  account: 'account',
  kind: 'kind',
  actor: 'actor',
  control: 'detectedBy',
  source: 'source',
} as const satisfies { readonly [name in keyof LogQuestion]?: keyof LogEvent };

/** What an event has to have, besides the partition key of the index. */
export interface Filters {
  readonly equal: readonly (readonly [field: string, value: string])[];
  /** Only events with an outcome, or of one of these kinds. */
  readonly kinds?: readonly Kind[];
  readonly rules?: readonly string[];
}

/** The filters of a question, without the attribute by which an index is queried. */
export function filtersOf(question: LogQuestion, indexed: string): Filters {
  const equal = Object.entries(comparedFields).flatMap(([name, field]) => {
    const value = question[name as keyof typeof comparedFields];
    return value === undefined || name === indexed ? [] : [[field, value] as const];
  });
  // A query by outcome matches only events with an outcome, and one by kind says what is meant.
  const isNamed = question.steps || question.outcome !== undefined || question.kind !== undefined;
  // A filter can't name the partition key of its index.
  const rules = indexed === 'rule' ? undefined : question.rules;
  return { equal, ...(!isNamed && { kinds: shownKinds }), ...(rules && { rules }) };
}

/** Whether an entry passes the filters. */
export function passes(entry: LogEntry, { equal, kinds, rules }: Filters): boolean {
  const isEqual = equal.every(([field, value]) => entry[field as keyof LogEntry] === value);
  const isOfRules = rules === undefined || rules.includes(entry.rule);
  return isEqual && isOfRules && (kinds === undefined || entry.outcome !== undefined || kinds.includes(entry.kind));
}
