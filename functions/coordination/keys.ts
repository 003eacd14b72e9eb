import { type Rule, toArray } from '../../rules/rule';
import { type Access, accessOf, type Use } from '../aws/leading-keys';
import { days } from '../duration';

/** A type of items: their keys, and the permissions of the rule's function, the control function and the notify function. */
interface Family {
  readonly key: string | ((...names: never[]) => string);
  readonly byRule?: (rule: Pick<Rule, 'id' | 'resource'>) => Use;
  readonly byControl?: Use;
  readonly byNotify?: Use;
}

/** The types of items in the coordination table. `resource` is the key of the resource's lease. */
const families = {
  lease: {
    key: (resource: string) => `lease ${resource}`,
    byRule: ({ resource }) => ({ patterns: leasesOn(resource), actions: ['UpdateItem'] }),
  },
  /** The rule's remediation of the resource that is neither verified nor reverted. It has no `forget`. */
  open: {
    key: (rule: string, resource: string) => `open ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`open ${id} *`], actions: ['GetItem', 'PutItem', 'DeleteItem'] }),
  },
  cooldown: {
    key: (name: string) => `cooldown ${name}`,
    byRule: () => ({ patterns: ['cooldown *'], actions: ['PutItem'] }),
  },
  /** All changes are stopped while this item exists. */
  stop: {
    key: 'stop',
    byRule: () => ({ patterns: ['stop'], actions: ['ConditionCheckItem', 'BatchGetItem'] }),
    byControl: { patterns: ['stop'], actions: ['GetItem', 'PutItem', 'DeleteItem'] },
  },
  breaker: {
    key: (rule: string) => `breaker ${rule}`,
    byRule: ({ id }) => ({ patterns: [`breaker ${id}`], actions: ['UpdateItem', 'ConditionCheckItem', 'BatchGetItem'] }),
    byControl: { patterns: ['breaker *'], actions: ['GetItem', 'UpdateItem'] },
  },
  hold: {
    key: (rule: string, resource: string) => `hold ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`hold ${id} *`], actions: ['PutItem', 'BatchGetItem'] }),
    byControl: { patterns: ['hold *'], actions: ['GetItem', 'PutItem', 'DeleteItem'] },
  },
  fixes: {
    key: (rule: string, resource: string) => `fixes ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`fixes ${id} *`], actions: ['UpdateItem', 'BatchGetItem'] }),
  },
  ask: {
    key: (rule: string, resource: string) => `ask ${rule} ${resource}`,
    byRule: ({ id }) => ({ patterns: [`ask ${id} *`], actions: ['PutItem', 'DeleteItem', 'BatchGetItem'] }),
    byControl: { patterns: ['ask *'], actions: ['GetItem', 'DeleteItem'] },
  },
  approval: {
    key: (remediation: string) => `approval ${remediation}`,
    byRule: () => ({ patterns: ['approval *'], actions: ['ConditionCheckItem', 'BatchGetItem'] }),
    byControl: { patterns: ['approval *'], actions: ['GetItem', 'PutItem', 'DeleteItem'] },
  },
  rollback: {
    key: (remediation: string) => `rollback ${remediation}`,
    byRule: () => ({ patterns: ['rollback *'], actions: ['GetItem', 'DeleteItem'] }),
    byControl: { patterns: ['rollback *'], actions: ['PutItem'] },
  },
  permit: {
    key: (rule: string, plan: string) => `permit ${rule} ${plan}`,
    byRule: ({ id }) => ({ patterns: [`permit ${id} *`], actions: ['PutItem'] }),
  },
  /** `of`: `all`, `rule <id>` or `account <id>`; `period`: `2026-11-24T13` or `2026-11-24`. */
  count: {
    key: (of: string, period: string) => `count ${of} ${period}`,
    byRule: () => ({ patterns: ['count *'], actions: ['UpdateItem', 'BatchGetItem'] }),
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

type Keys = { readonly [Name in keyof typeof families]: (typeof families)[Name]['key'] };

const each: readonly (readonly [name: string, family: Family])[] = Object.entries(families);

/** The keys of the coordination table, by type. */
export const keys = Object.fromEntries(each.map(([name, { key }]) => [name, key])) as unknown as Keys;

/** The permissions of a rule's function by item. It can read approvals, rollback requests and stops, but not create them. */
export const accessOfRule = (rule: Pick<Rule, 'id' | 'resource'>): Access => accessOf(each.map(([, { byRule }]) => byRule?.(rule)));

/** The permissions of the control function by item. */
export const accessOfControl: Access = accessOf(each.map(([, { byControl }]) => byControl));

/** The permissions of the notify function by item. */
export const accessOfNotify: Access = accessOf(each.map(([, { byNotify }]) => byNotify));

/** The key patterns of the leases on a rule's resource types: the ARN, with wildcards for its variable parts. */
const leasesOn = (resource: Rule['resource']): readonly string[] => [
  ...new Set(toArray(resource).map(({ arn }) => `lease ${arn}*`.replace(/(\{\w+\}|\*)+/g, '*'))),
];

/** The clock hour and the day of a time, in UTC. */
export const periodsOf = (time: Date): { readonly hour: string; readonly day: string } => ({
  hour: time.toISOString().slice(0, 13),
  day: time.toISOString().slice(0, 10),
});

/** When DynamoDB may delete an item, in seconds since 1970. */
export const forgetAt = (time: Date, count: number): number => Math.floor((time.getTime() + days(count)) / 1000);
