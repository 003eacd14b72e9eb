import { functionNameOf } from '../functions/aws/function-name';

/** The names of the central resources, by which the command line finds them. */
export const names = {
  log: 'posture-log',
  orders: 'posture-orders',
  coordination: 'posture-coordination',
  scheduleGroup: 'posture',
  /** Events that EventBridge could not deliver to a function. */
  undelivered: 'posture-undelivered',
  /** Events that a function could not process. */
  failed: 'posture-failed',
  alarms: 'posture-alarms',
  dashboard: 'posture',
  /** The event bus to which outcomes are published. */
  bus: 'posture',
  /** The event bus on which other tools request remediations. */
  requestBus: 'posture-requests',
  /** AppConfig's application, and in it the environment and the configuration profile; the deployment strategy too. */
  policy: 'posture',
  policyValidator: 'posture-policy-validator',
  /** The event bus and the queue of what CloudTrail recorded in the accounts, and what could not be looked at after all attempts. */
  changes: { bus: 'posture-changes', queue: 'posture-changes', failed: 'posture-changes-failed' },
  tickets: {
    table: 'posture-tickets',
    /** Outcomes that wait for their tickets, and those that got none after all attempts. */
    queue: 'posture-tickets',
    failed: 'posture-tickets-failed',
  },
  answers: {
    /** The functions, without their prefix. */
    function: 'answers',
    endpoint: 'answers-endpoint',
    /** Answers that wait, and those that were never handled. */
    queue: 'posture-answers',
    failed: 'posture-answers-failed',
  },
  /** The database of Glue and the workgroup of Athena for the archive of the log. */
  archive: 'posture',
  /** The role of auditors. */
  auditor: 'posture-auditor',
  /** The role with which S3 replicates the archive. */
  archiveReplication: 'posture-archive-replication',
  /** The central topic, for all outcomes that require attention. */
  notifications: 'posture-notifications',
  /** The topic for the hash of the newest seal. */
  seals: 'posture-seals',
} as const;

/** The names of the resources of one rule. */
export const namesOf = (rule: string) => ({
  function: functionNameOf(rule),
  route: functionNameOf(rule),
  logGroup: `/aws/lambda/${functionNameOf(rule)}`,
  functionRole: `posture-function-${rule}`,
  memberRole: `posture-${rule}`,
});

/** The names of the resources of a function that belongs to no rule: `notify`, `dispatch`. */
export const ownNames = (name: string) => ({
  function: `posture-${name}`,
  route: `posture-${name}`,
  logGroup: `/aws/lambda/posture-${name}`,
  functionRole: `posture-function-${name}`,
});

/** The functions that read in the accounts, besides those of rules. */
export type Reader = 'dispatch' | 'reconcile' | 'sweep' | 'watch';

/** The member role of a function that belongs to no rule; the watch reads with that of the sweep. No rule has such an id: they begin with a service. */
export const readerRole = (name: Reader): string => `posture-${name === 'watch' ? 'sweep' : name}`;

/** The names of the first, second … route of the dispatcher. */
export const dispatchRoute = (index: number): string => `${ownNames('dispatch').route}${index === 0 ? '' : `-${index + 1}`}`;

/** The name of the schedule of the hourly check. */
export const hourlyRoute = `${ownNames('control').route}-hourly`;

/** The names of the routes that have the policy copied. */
export const policyRoutes = {
  minutely: `${ownNames('control').route}-policy-minutely`,
  deployed: `${ownNames('control').route}-policy-deployed`,
} as const;

/** The name of a rule's first, second … route: there are several if its names exceed the length of one pattern. */
export const routeNameOf = (rule: string, index: number): string => `${namesOf(rule).route}${index === 0 ? '' : `-${index + 1}`}`;
