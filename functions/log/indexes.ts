/** The questions that the log answers, each with the index for it: partition key the attribute, sort key `time`. */
export const logIndexes = {
  finding: 'by-finding',
  resource: 'by-resource',
  rule: 'by-rule',
  outcome: 'by-outcome',
  account: 'by-account',
} as const;

/** What an index holds of an event, besides its outcome. */
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
