import { type Rule, toArray } from '../../rules/rule';
import { type Access, accessOf, type Use } from '../aws/leading-keys';
import { days } from '../duration';

/** What the permissions of a rule's function depend on. */
type RuleKeys = Pick<Rule, 'id' | 'resource' | 'response'>;

/** A type of items: their keys, and the permissions of the functions. */
interface Family {
  readonly key: string | ((...names: never[]) => string);
  readonly byRule?: (rule: RuleKeys) => Use | undefined;
  readonly byControl?: Use;
  readonly byNotify?: Use;
  /** The functions that read the policy: the dispatcher, the reconciliation and the sweep. */
  readonly byReader?: Use;
  readonly bySweep?: Use;
  readonly byArchive?: Use;
  readonly bySeal?: Use;
}

/** The types of items in the orders table, which only the control function writes. `resource` is the key of the resource's lease. */
const orders = {
  /** All changes are stopped while this item exists. */
  stop: {
    key: 'stop',
    byRule: () => readsOf('stop'),
    byControl: { patterns: ['stop'], actions: ['BatchGetItem', 'PutItem', 'DeleteItem'] },
  },
  /** Only the changes of settings, or only responses to threats, are stopped. */
  stopOf: {
    key: (changes: 'settings' | 'responses') => `stop ${changes}`,
    byRule: ({ response }) => readsOf(response ? 'stop responses' : 'stop settings'),
    byControl: { patterns: ['stop *'], actions: ['BatchGetItem', 'PutItem', 'DeleteItem'] },
  },
  approval: {
    key: (rule: string, remediation: string) => `approval ${rule} ${remediation}`,
    byRule: ({ id }) => ({ patterns: [`approval ${id} *`], actions: ['ConditionCheckItem', 'BatchGetItem'] }),
    byControl: { patterns: ['approval *'], actions: ['GetItem', 'PutItem', 'DeleteItem'] },
  },
  rollback: {
    key: (rule: string, remediation: string) => `rollback ${rule} ${remediation}`,
    byRule: ({ id }) => ({ patterns: [`rollback ${id} *`], actions: ['GetItem'] }),
    byControl: { patterns: ['rollback *'], actions: ['PutItem'] },
  },
  hold: {
    key: (rule: string, resource: string) => `hold ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`hold ${id} *`], actions: ['BatchGetItem'] }),
    byControl: { patterns: ['hold *'], actions: ['GetItem', 'PutItem', 'DeleteItem'] },
  },
  /** When the breaker was closed, over all accounts or in one; and whether the control function opened it over all. */
  breaker: {
    key: (rule: string, account?: string) => breakerKey(rule, account),
    byRule: ({ id }) => readsOf(`breaker ${id}`, `breaker ${id} *`),
    byControl: { patterns: ['breaker *'], actions: ['BatchGetItem', 'PutItem', 'UpdateItem'] },
  },
  /** The copy of the policy that AppConfig has in force. */
  policy: {
    key: 'policy',
    byRule: () => readsOf('policy'),
    byControl: { patterns: ['policy'], actions: ['BatchGetItem', 'PutItem'] },
    byNotify: readsOf('policy'),
    byReader: readsOf('policy'),
  },
  /** What AppConfig had in force when it was last asked. Small, as it is written every minute. */
  policyCheck: {
    key: 'policy-check',
    byRule: () => readsOf('policy-check'),
    byControl: { patterns: ['policy-check'], actions: ['BatchGetItem', 'PutItem'] },
    byNotify: readsOf('policy-check'),
    byReader: readsOf('policy-check'),
  },
  /** The session with AppConfig, whose token nobody else reads. */
  policySession: {
    key: 'policy-session',
    byControl: { patterns: ['policy-session'], actions: ['BatchGetItem', 'PutItem'] },
  },
} as const satisfies Readonly<Record<string, Family>>;

/** The types of items in the coordination table. A rule's function can only write items of its rule, leases and the shared counters. */
const coordination = {
  lease: {
    key: (resource: string) => `lease ${resource}`,
    byRule: ({ resource }) => ({ patterns: onResources('lease', resource), actions: ['UpdateItem', 'BatchGetItem'] }),
  },
  /** The responses that contain the resource. Only they write it, for resources whose lease they may take. It has no `forget`. */
  contained: {
    key: (resource: string) => `contained ${resource}`,
    byRule: ({ resource, response }) => ({
      patterns: onResources('contained', resource),
      actions: ['GetItem', 'BatchGetItem', ...(response ? (['UpdateItem', 'DeleteItem'] as const) : [])],
    }),
    byControl: { patterns: ['contained *'], actions: ['BatchGetItem'] },
  },
  /** The rule's remediation of the resource that is neither verified nor reverted. It has no `forget`. */
  open: {
    key: (rule: string, resource: string) => `open ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`open ${id} *`], actions: ['GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'] }),
  },
  /** `phase`: how many plans of the remediation ended before, from 1. */
  permit: {
    key: (rule: string, remediation: string, phase: number) => `permit ${rule} ${remediation} ${phase}`,
    byRule: ({ id }) => ({ patterns: [`permit ${id} *`], actions: ['BatchGetItem', 'GetItem', 'PutItem', 'UpdateItem'] }),
    byControl: { patterns: ['permit *'], actions: ['BatchGetItem'] },
  },
  /** `of`: `all`, `rule <id>` or `account <id>`; `period`: `2026-11-24T13` or `2026-11-24`. */
  count: {
    key: (of: string, period: string) => `count ${of} ${period}`,
    byRule: ({ id }) => ({ patterns: ['count all *', 'count account *', `count rule ${id} *`], actions: ['UpdateItem', 'BatchGetItem'] }),
    byControl: { patterns: ['count *'], actions: ['BatchGetItem', 'UpdateItem'] },
  },
  /** What responses contain in an hour, under one of their caps. */
  cap: {
    key: (of: string, hour: string) => `cap ${of} ${hour}`,
    byRule: ({ response }) => (response ? { patterns: ['cap *'], actions: ['UpdateItem', 'BatchGetItem'] } : undefined),
  },
  /** What the last drill of a response in an account found. */
  drill: {
    key: (rule: string, account: string) => `drill ${rule} ${account}`,
    byRule: ({ id, response }) => (response ? { patterns: [`drill ${id} *`], actions: ['PutItem'] } : undefined),
  },
  ask: {
    key: (rule: string, resource: string) => `ask ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`ask ${id} *`], actions: ['PutItem', 'DeleteItem', 'BatchGetItem'] }),
    byControl: { patterns: ['ask *'], actions: ['GetItem', 'DeleteItem'] },
  },
  fixes: {
    key: (rule: string, resource: string) => `fixes ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`fixes ${id} *`], actions: ['UpdateItem', 'BatchGetItem'] }),
  },
  /** The failures and rollbacks of the rule in one account; without an account, the accounts whose breakers opened. */
  breaker: {
    key: (rule: string, account?: string) => breakerKey(rule, account),
    byRule: ({ id }) => ({
      patterns: [`breaker ${id}`, `breaker ${id} *`],
      actions: ['UpdateItem', 'BatchGetItem'],
    }),
    byControl: { patterns: ['breaker *'], actions: ['BatchGetItem'] },
  },
  /** What reports of the resource came to that changed nothing, and was logged. */
  repeat: {
    key: (rule: string, resource: string) => `repeat ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`repeat ${id} *`], actions: ['BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'] }),
  },
  /** When the detectors of the resource are asked whether they agree, and after which remediations. */
  look: {
    key: (rule: string, resource: string) => `look ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`look ${id} *`], actions: ['GetItem', 'BatchGetItem', 'UpdateItem'] }),
  },
  /** What the detectors of a resource demanded of it. */
  demands: {
    key: (rule: string, resource: string) => `demands ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`demands ${id} *`], actions: ['GetItem', 'UpdateItem'] }),
  },
  cooldown: {
    key: (rule: string, name: string) => `cooldown ${rule} ${name}`,
    byRule: ({ id }) => ({ patterns: [`cooldown ${id} *`], actions: ['PutItem'] }),
  },
  /** What waits because of a limit: the end of its queue. `of` and `period` as in `count`: `hour` or `day`. */
  queue: {
    key: (of: string, period: string) => `queue ${of} ${period}`,
    byRule: ({ id }) => ({ patterns: ['queue all *', 'queue account *', `queue rule ${id} *`], actions: ['UpdateItem', 'BatchGetItem'] }),
  },
  /** `waiter`: the resource, and the control or the Config rule. */
  turn: {
    key: (rule: string, waiter: string) => `turn ${rule} ${waiter}`,
    byRule: ({ id }) => ({ patterns: [`turn ${id} *`], actions: ['GetItem', 'PutItem'] }),
  },
  /** The findings of an event that were handed on; `event` is its hash. */
  handedOn: {
    key: (rule: string, event: string) => `handed-on ${rule} ${event}`,
    byRule: ({ id }) => ({ patterns: [`handed-on ${id} *`], actions: ['GetItem', 'UpdateItem'] }),
  },
  /** What the last check of the routes found. */
  routes: {
    key: 'routes',
    byControl: { patterns: ['routes'], actions: ['PutItem'] },
  },
  /** How far the sweep is. */
  sweep: {
    key: 'sweep',
    bySweep: { patterns: ['sweep'], actions: ['GetItem', 'PutItem'] },
  },
  /** The number and the day of the batch of the archive that is written, or was written last. It has no `forget`. */
  archive: {
    key: 'archive',
    byArchive: { patterns: ['archive'], actions: ['GetItem', 'PutItem', 'UpdateItem'] },
  },
  /** Up to which time the log was compared with the archive. */
  archiveCheck: {
    key: 'archive-check',
    byArchive: { patterns: ['archive-check'], actions: ['GetItem', 'PutItem'] },
  },
  /** The newest seal of the archive. */
  seal: {
    key: 'seal',
    bySeal: { patterns: ['seal'], actions: ['PutItem'] },
  },
  notifiedOnce: {
    key: (occasion: string, topic: string) => `notified once ${occasion} ${topic}`,
    byNotify: { patterns: ['notified once *'], actions: ['UpdateItem'] },
  },
  /** `minute`: `2026-11-24T13:05`. */
  notifiedMinute: {
    key: (topic: string, minute: string) => `notified ${topic} ${minute}`,
    byNotify: { patterns: ['notified arn:*'], actions: ['UpdateItem'] },
  },
} as const satisfies Readonly<Record<string, Family>>;

type Families = Readonly<Record<string, Family>>;
type Keys<Of extends Families> = { readonly [Name in keyof Of]: Of[Name]['key'] };

const keysOf = <Of extends Families>(families: Of): Keys<Of> =>
  Object.fromEntries(Object.entries(families).map(([name, { key }]) => [name, key])) as unknown as Keys<Of>;

/** The keys of the orders table, by type. */
export const orderKeys = keysOf(orders);

/** The keys of the coordination table, by type. */
export const keys = keysOf(coordination);

/** The permissions by table and item. */
export interface TableAccess {
  readonly orders: Access;
  readonly coordination: Access;
}

const accessBy = (use: (family: Family) => Use | undefined): TableAccess => ({
  orders: accessOf(Object.values(orders).map(use)),
  coordination: accessOf(Object.values(coordination).map(use)),
});

/** The permissions of a rule's function by item. It reads what people said about its rule, and writes none of it. */
export const accessOfRule = (rule: RuleKeys): TableAccess => accessBy(({ byRule }) => byRule?.(rule));

/** The permissions of the control function by item. */
export const accessOfControl: TableAccess = accessBy(({ byControl }) => byControl);

/** The permissions of the notify function by item. */
export const accessOfNotify: TableAccess = accessBy(({ byNotify }) => byNotify);

/** The permissions of the functions that only read the policy. */
export const accessOfReader: TableAccess = accessBy(({ byReader }) => byReader);

/** The permissions of the sweep besides: its position alone. */
export const accessOfSweep: TableAccess = accessBy(({ bySweep }) => bySweep);

/** The permissions of the function that archives the log. */
export const accessOfArchive: TableAccess = accessBy(({ byArchive }) => byArchive);

/** The permissions of the function that seals the archive. */
export const accessOfSeal: TableAccess = accessBy(({ bySeal }) => bySeal);

/** The sparse index of the coordination table: `open` is its partition key, `since` its sort key. */
export const openIndex = { name: 'by-open', remediation: 'open', breaker: 'breaker', containment: 'containment', drill: 'drill' } as const;

/** The key patterns of such items of a rule's resource types: the ARN, with wildcards for its variable parts. */
function onResources(name: string, resource: Rule['resource']): readonly string[] {
  const arns = toArray(resource).flatMap(({ arn, partOf }) => [arn, ...(partOf ? [partOf.kind.arn] : [])]);
  return [...new Set(arns.map((arn) => `${name} ${arn}*`.replace(/(\{\w+\}|\*)+/g, '*')))];
}

function readsOf(...patterns: readonly string[]): Use {
  return { patterns, actions: ['BatchGetItem'] };
}

function breakerKey(rule: string, account?: string): string {
  return account === undefined ? `breaker ${rule}` : `breaker ${rule} ${account}`;
}

/** The clock hour and the day of a time, in UTC. */
export const periodsOf = (time: Date): { readonly hour: string; readonly day: string } => ({
  hour: time.toISOString().slice(0, 13),
  day: time.toISOString().slice(0, 10),
});

/** How many days a counter is kept after its last change: by that of the hour, the hourly check judges plans that were permitted long before. */
export const daysOfCount = 31;

/** When DynamoDB may delete an item, in seconds since 1970. */
export const forgetAt = (time: Date, count: number): number => Math.floor((time.getTime() + days(count)) / 1000);
