/** The indexes that have all events: the field is the partition key, `time` the sort key. */
export const logIndexes = {
  finding: 'by-finding',
  resource: 'by-resource',
  rule: 'by-rule',
  account: 'by-account',
} as const;

/** The index that finds the trails of a remediation. It holds only keys, and those of the first event of each trail. */
export const remediationIndex = 'by-remediation';

/** The attributes that the indexes of lists hold; `outcome` and `code` if the event has them. */
export const indexedFields = [
  'remediation',
  'rule',
  'time',
  'kind',
  'reason',
  'actor',
  'account',
  'region',
  'resource',
  'resourceType',
  'finding',
  'source',
  'detectedBy',
] as const;

/**
 * The indexes whose attributes are derived from the event. `by-time` has all events, for lists of all accounts, in a few partitions, as each takes
 * only 1,000 writes per second. The others have only those that it would find too slowly: what is rare.
 */
export const derivedIndexes = {
  indexShard: 'by-time',
  indexResult: 'by-result',
  indexActor: 'by-actor',
  indexSource: 'by-source',
  indexTicket: 'by-ticket',
} as const;

/** The index that finds the remediations of a ticket. */
export const ticketIndex = { name: derivedIndexes.indexTicket, attribute: 'indexTicket' } as const;

/** The attributes that are not part of an event, but derived from it. */
export type IndexAttribute = keyof typeof derivedIndexes | typeof firstOfTrail;
const firstOfTrail = 'indexRemediation';
export const indexAttributes: readonly IndexAttribute[] = [
  firstOfTrail,
  ...(Object.keys(derivedIndexes) as (keyof typeof derivedIndexes)[]),
];

/** An index of the log table. */
export interface LogIndex {
  readonly name: string;
  /** The partition key; `time` is the sort key. */
  readonly attribute: string;
  /** The attributes besides the keys. */
  readonly holds: readonly string[];
}

/** What an index holds of events that are read from the table then: the fields by which a question filters. */
export const filteredFields = ['rule', 'kind', 'outcome', 'account', 'actor', 'detectedBy', 'source'] as const;

const derived: readonly (readonly [attribute: keyof typeof derivedIndexes, holds: readonly string[]])[] = [
  ['indexShard', [...indexedFields, 'outcome', 'code']],
  ['indexResult', [...indexedFields, 'outcome', 'code']],
  ['indexActor', filteredFields],
  ['indexSource', filteredFields],
  ['indexTicket', []],
];

const besides = (fields: readonly string[], ...keys: readonly string[]) => fields.filter((field) => !keys.includes(field));

/** All indexes. Together, DynamoDB lets them hold up to 100 attributes besides the keys. */
export const allIndexes: readonly LogIndex[] = [
  ...Object.entries(logIndexes).map(([attribute, name]) => ({
    name,
    attribute,
    holds: besides([...indexedFields, 'outcome', 'code'], attribute, 'time'),
  })),
  { name: remediationIndex, attribute: firstOfTrail, holds: [] },
  ...derived.map(([attribute, holds]) => ({ name: derivedIndexes[attribute], attribute, holds: besides(holds, 'time') })),
];
