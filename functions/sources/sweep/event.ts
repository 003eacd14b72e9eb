import * as z from 'zod';
import type { Place } from '../../../rules/rule';
import { accountId, freeText, record, reference, region, time } from '../shape';

/** `source` and `detail-type` of the event with which a sweep hands on what it found. No route matches it: it is sent to the function of the rule alone. */
export const sweepEvent = { source: 'posture.sweep', detailType: 'Posture Sweep Finding' } as const;

const prefix = 'posture-sweep/';

/** The id of a finding of a sweep. That of a setting of an account is the same in all its Regions. */
export const sweepId = (arn: string): string => `${prefix}${arn}`;

export const isSweepId = (id: string): boolean => id.startsWith(prefix);

/** The only version of the detail. A later version with other fields gets another number. */
const version = 1;

const partition = 'the name of a partition, such as aws';

/** `detail` of the event. */
export const sweepDetail = record({
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
  /** When the sweep saw the misconfiguration. */
  detectedAt: time,
});

/** What a sweep found in one resource. */
export interface SweepFinding extends Omit<z.infer<typeof sweepDetail>, 'version'> {}

/** The event that the sweep of the central account sends. */
export const eventOfSweep = (finding: SweepFinding, { account, region: home }: Pick<Place, 'account' | 'region'>) => ({
  source: sweepEvent.source,
  'detail-type': sweepEvent.detailType,
  account,
  region: home,
  time: finding.detectedAt,
  resources: [] as const,
  detail: { version, ...finding },
});
