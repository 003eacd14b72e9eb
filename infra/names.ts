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
  /** The event bus on which outcomes are told. */
  bus: 'posture',
  /** AppConfig's application, and in it the environment and the configuration profile; the deployment strategy too. */
  policy: 'posture',
  policyValidator: 'posture-policy-validator',
  /** The topic that gets what a person has to know. */
  notifications: 'posture-notifications',
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

/** Names of a function of the hub that belongs to no rule, by its own: `notify`. */
export const ownNames = (name: string) => ({
  function: `posture-${name}`,
  route: `posture-${name}`,
  logGroup: `/aws/lambda/posture-${name}`,
  functionRole: `posture-function-${name}`,
  scheduleRole: `posture-schedule-${name}`,
});

/** The name of a rule's first, second … route: where one pattern does not hold all its names, there are several. */
export const routeNameOf = (rule: string, index: number): string => `${namesOf(rule).route}${index === 0 ? '' : `-${index + 1}`}`;
