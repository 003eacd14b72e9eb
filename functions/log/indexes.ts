/** The indexes by which the log is queried: the attribute is the partition key, `time` the sort key. */
export const logIndexes = {
  finding: 'by-finding',
  resource: 'by-resource',
  rule: 'by-rule',
  outcome: 'by-outcome',
  account: 'by-account',
} as const;

/** The index that finds the trails of a remediation. It holds only keys, and those of the first event of each trail. */
export const remediationIndex = 'by-remediation';

/** The attributes that `logIndexes` hold of every event; `outcome` and `code` if the event has them. */
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
 * Indexes for reports, whose attributes are written only for the events that they hold. What people did is found by who and how; what a function
 * did is found by its rule. Events do not have standards yet, but CloudFormation adds only one index per update of a table.
 */
export const reportIndexes = {
  indexActor: 'by-actor',
  indexControl: 'by-control',
  indexSource: 'by-source',
  indexTicket: 'by-ticket',
  indexStandard: 'by-standard',
} as const;

/** The index that finds the remediations of a ticket. */
export const ticketIndex = { name: reportIndexes.indexTicket, attribute: 'indexTicket' } as const;

/** The attributes that are not part of an event, but derived from it. */
export type IndexAttribute = keyof typeof reportIndexes | typeof firstOfTrail;
const firstOfTrail = 'indexRemediation';
export const indexAttributes: readonly IndexAttribute[] = [firstOfTrail, ...(Object.keys(reportIndexes) as (keyof typeof reportIndexes)[])];

/** An index of the log table. */
export interface LogIndex {
  readonly name: string;
  /** The partition key; `time` is the sort key. */
  readonly attribute: string;
  /** The attributes besides the keys. */
  readonly holds: readonly string[];
}

const reported = ['kind', 'outcome', 'reason', 'account', 'resource'] as const;

/** All indexes. Together, DynamoDB lets them hold up to 100 attributes besides the keys. */
export const allIndexes: readonly LogIndex[] = [
  ...Object.entries(logIndexes).map(([attribute, name]) => ({
    name,
    attribute,
    holds: [...indexedFields, 'outcome', 'code'].filter((field) => field !== attribute && field !== 'time'),
  })),
  { name: remediationIndex, attribute: firstOfTrail, holds: [] },
  ...Object.entries(reportIndexes).map(([attribute, name]) => ({ name, attribute, holds: reported })),
];
