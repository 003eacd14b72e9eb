import * as z from 'zod';
import type { Place } from '../../../rules/rule';
import { accountId, freeText, record, reference, region, time } from '../shape';

/**
 * How the app finds drift itself: by a sweep, or by a look after a call that CloudTrail recorded. `source` and `detail-type` of the event with which it is
 * handed on: no route matches it, it is sent to the function of the rule alone. `prefix`: how the id of the finding begins.
 */
const origins = {
  sweep: { source: 'posture.sweep', detailType: 'Posture Sweep Finding', prefix: 'posture-sweep/' },
  cloudtrail: { source: 'posture.watch', detailType: 'Posture Watch Finding', prefix: 'posture-watch/' },
} as const;

export type DriftOrigin = keyof typeof origins;

export const driftOrigins = Object.keys(origins) as readonly DriftOrigin[];

/** The key of its adapter. */
export const eventTypeOf = (origin: DriftOrigin): string => `${origins[origin].source}: ${origins[origin].detailType}`;

/** The id of a finding of drift. That of a setting of an account is the same in all its Regions. */
export const driftId = (origin: DriftOrigin, arn: string): string => `${origins[origin].prefix}${arn}`;

/** The beginning of the ids of its findings. */
export const driftPrefix = (origin: DriftOrigin): string => origins[origin].prefix;

/** The only version of the detail. Optional fields may be added to it; a later one gets another number. */
const version = 1;

const partition = 'the name of a partition, such as aws';

/** `detail` of the event. */
export const driftDetail = record({
  version: z.literal(version, { error: `${version}, the version of the detail that is supported` }),
  /** One of the rule's `detectedBy`: the control or the Config rule for which its plan has the most changes. */
  detectedBy: reference,
  partition: z.string({ error: partition }).regex(/^aws(?:-[a-z]{1,10}){0,3}$/, { error: partition }),
  account: accountId,
  region,
  /** CloudFormation type. */
  resourceType: reference,
  /** The ARN of the resource. */
  resource: freeText(2048),
  /** When the misconfiguration was seen. */
  detectedAt: time,
  /** The recorded call that led to the look. */
  change: record({ call: reference, at: time }).optional(),
});

/** A misconfiguration of one resource, seen by the app itself. */
export interface Drift extends Omit<z.infer<typeof driftDetail>, 'version'> {}

/** The event that a function of the central account sends. */
export const eventOfDrift = (origin: DriftOrigin, drift: Drift, { account, region: home }: Pick<Place, 'account' | 'region'>) => ({
  source: origins[origin].source,
  'detail-type': origins[origin].detailType,
  account,
  region: home,
  time: drift.detectedAt,
  resources: [] as const,
  detail: { version, ...drift },
});
