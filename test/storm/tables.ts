import type { TableShape } from './aws/dynamodb/table';

/** The names of the product's tables. */
export const tables = { log: 'posture-log', coordination: 'posture-coordination', orders: 'posture-orders' } as const;

/** The partition key of the log. */
export const logKey = 'trail';

const attributes = ['finding', 'resource', 'rule', 'account'] as const;
const derived = {
  'by-remediation': 'indexRemediation',
  'by-time': 'indexShard',
  'by-result': 'indexResult',
  'by-actor': 'indexActor',
  'by-source': 'indexSource',
  'by-ticket': 'indexTicket',
} as const;
const logIndexes = Object.fromEntries(
  [...attributes.map((name) => [`by-${name}`, name] as const), ...Object.entries(derived)].map(([index, partition]) => [
    index,
    { partition, sort: 'time' },
  ]),
);

/** The tables of the central account, as the product's stack makes them. */
export const shapes: readonly TableShape[] = [
  { name: tables.log, partition: logKey, sort: 'sequence', indexes: logIndexes },
  { name: tables.coordination, partition: 'key', indexes: { 'by-open': { partition: 'open' } } },
  { name: tables.orders, partition: 'key' },
];

/** The alias by which the control function takes signed requests. */
export const controlChannel = 'url';
