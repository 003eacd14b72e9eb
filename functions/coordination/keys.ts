import { days } from '../duration';

/** Keys of the coordination table, by what they are about. `resource` is the name of the resource's lease. */
export const keys = {
  lease: (resource: string) => `lease ${resource}`,
  turn: (name: string) => `turn ${name}`,
  /** All changes are stopped while this one is there. */
  stop: 'stop',
  breaker: (rule: string) => `breaker ${rule}`,
  hold: (rule: string, resource: string) => `hold ${rule} ${resource}`,
  fixes: (rule: string, resource: string) => `fixes ${rule} ${resource}`,
  ask: (rule: string, resource: string) => `ask ${rule} ${resource}`,
  approval: (remediation: string) => `approval ${remediation}`,
  rollback: (remediation: string) => `rollback ${remediation}`,
  permit: (rule: string, plan: string) => `permit ${rule} ${plan}`,
  /** `of`: `all`, `rule <id>` or `account <id>`; `period`: `2026-11-24T13` or `2026-11-24`. */
  count: (of: string, period: string) => `count ${of} ${period}`,
} as const;

/** The clock hour and the day of a time, in UTC. */
export const periodsOf = (time: Date): { readonly hour: string; readonly day: string } => ({
  hour: time.toISOString().slice(0, 13),
  day: time.toISOString().slice(0, 10),
});

/** When DynamoDB may forget an item, in seconds since 1970. */
export const forgetAt = (time: Date, count: number): number => Math.floor((time.getTime() + days(count)) / 1000);
