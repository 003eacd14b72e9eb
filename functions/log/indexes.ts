/** The indexes of the log by attribute: the attribute is the partition key, `time` the sort key. */
export const logIndexes = {
  finding: 'by-finding',
  resource: 'by-resource',
  rule: 'by-rule',
  outcome: 'by-outcome',
  account: 'by-account',
} as const;

/** The attributes that an index holds of every event; `outcome` and `code` if the event has them. */
export const indexedFields = [
  'remediation',
  'sequence',
  'time',
  'kind',
  'reason',
  'actor',
  'rule',
  'account',
  'region',
  'resource',
  'resourceType',
  'finding',
  'source',
  'detectedBy',
] as const;
