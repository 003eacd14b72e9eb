/** A type of Glue: a name, the type of the elements of a list, or the fields of a struct. */
export type ColumnType = 'string' | 'bigint' | 'boolean' | { readonly each: ColumnType } | { readonly [field: string]: ColumnType };

/** The fields of an event that queries read. Those whose form depends on the resource are in the table of whole lines. */
export const eventFields = {
  remediation: 'string',
  sequence: 'bigint',
  time: 'string',
  kind: 'string',
  outcome: 'string',
  reason: 'string',
  code: 'string',
  actor: 'string',
  rule: 'string',
  version: 'string',
  finding: 'string',
  source: 'string',
  detectedBy: 'string',
  partition: 'string',
  account: 'string',
  region: 'string',
  resource: 'string',
  resourceType: 'string',
  decision: { each: 'string' },
  changes: { each: { do: { service: 'string', operation: 'string' }, irreversible: 'string', note: 'string' } },
  plan: 'string',
  approvedBy: 'string',
  until: 'string',
  deadline: { at: 'string', action: 'string' },
  owner: 'string',
  times: { occurred: 'string', detected: 'string', received: 'string', decided: 'string', applied: 'string', verified: 'string' },
  occurrence: { as: 'string', call: 'string' },
  action: 'string',
  requestedBy: 'string',
  requester: 'string',
  reference: 'string',
  previous: 'string',
  hash: 'string',
} as const satisfies ColumnType;

/** The columns of the table of events. */
export const logColumns = { trail: 'string', sequence: 'bigint', refilled: 'boolean', event: eventFields } as const;

/** A type as Hive writes it. Its names have no capital letters; the reader of JSON ignores the case. */
export function hiveType(type: ColumnType): string {
  if (typeof type === 'string') return type;
  if ('each' in type) return `array<${hiveType(type.each)}>`;
  return `struct<${Object.entries(type)
    .map(([name, of]) => `${name.toLowerCase()}:${hiveType(of)}`)
    .join(',')}>`;
}
