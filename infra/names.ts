/** The hub's own things, by which the command line finds them. */
export const names = {
  log: 'posture-log',
  coordination: 'posture-coordination',
  scheduleGroup: 'posture',
  /** Events that EventBridge could not hand to a function. */
  undelivered: 'posture-undelivered',
  /** Events that a function could not handle. */
  failed: 'posture-failed',
  alarms: 'posture-alarms',
} as const;

/** Names of the things of one rule, by its id. A function and its route have the same name; a member role has it too, in its account. */
export const namesOf = (rule: string) => ({
  function: `posture-${rule}`,
  route: `posture-${rule}`,
  logGroup: `/aws/lambda/posture-${rule}`,
  functionRole: `posture-function-${rule}`,
  scheduleRole: `posture-schedule-${rule}`,
  memberRole: `posture-${rule}`,
});

/** The name of a rule's first, second … route: where one pattern does not hold all its names, there are several. */
export const routeNameOf = (rule: string, index: number): string => `${namesOf(rule).route}${index === 0 ? '' : `-${index + 1}`}`;
