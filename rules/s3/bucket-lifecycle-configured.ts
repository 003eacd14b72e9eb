import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
  type TransitionDefaultMinimumObjectSize,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { isObject, type JsonObject, sameJson } from '../json';
import { defineRule, type Json, notFound, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucket } from './bucket/resource';

const parameters = z.strictObject({
  abortUploadsAfterDays: z
    .int()
    .min(1)
    .max(365)
    .default(7)
    .describe('The number of days after which S3 aborts an incomplete multipart upload.'),
});

/** Times are ISO 8601. `smallest`: TransitionDefaultMinimumObjectSize. */
type State = { readonly rules: readonly JsonObject[]; readonly smallest?: string };

/** The number of rules that S3 allows. */
const maxRules = 1000;

const onlyOwner = { unmappable: 'Only the owner knows which objects may be deleted or moved, and when.' };

export default defineRule({
  id: 's3-bucket-lifecycle-configured',
  title: 'S3 buckets have an enabled lifecycle rule',
  why: 'Without lifecycle rules, obsolete data is stored and charged indefinitely, including the parts of incomplete uploads, which do not appear in object listings.',
  impact:
    'S3 aborts multipart uploads that are not completed within 7 days, or the days in the parameter; a longer upload fails. Objects are not changed.',
  severity: 'low',
  risk: 'safe',
  resource: bucket,
  marksOwnPart: true,
  property: 'LifecycleConfiguration',
  detectedBy: { securityHub: ['S3.13'], config: ['s3-lifecycle-policy-check'] },
  detectorParameters: {
    'S3.13': { targetTransitionDays: onlyOwner, targetExpirationDays: onlyOwner, targetTransitionStorageClass: onlyOwner },
    's3-lifecycle-policy-check': {
      targetTransitionDays: onlyOwner,
      targetExpirationDays: onlyOwner,
      targetTransitionStorageClass: onlyOwner,
      targetPrefix: onlyOwner,
      bucketNames: { irrelevant: 'It only limits which buckets are reported.' },
    },
  },
  permissions: {
    inspect: [{ actions: ['s3:GetLifecycleConfiguration'], on: 'arn:{partition}:s3:::*' }, listing],
    change: { actions: ['s3:PutLifecycleConfiguration'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client],
  commands: [PutBucketLifecycleConfigurationCommand, DeleteBucketLifecycleCommand],
  parameters,
  // AWS documents a few minutes.
  settle: 300,

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const answer = undefinedOn(['NoSuchLifecycleConfiguration'], aws.send(new GetBucketLifecycleConfigurationCommand(named(resource))));
    const state = answer.then((found) => ({
      rules: plain(found?.Rules ?? []),
      ...(found?.TransitionDefaultMinimumObjectSize && { smallest: found.TransitionDefaultMinimumObjectSize }),
    }));
    return (await undefinedOn(['NoSuchBucket'], state)) ?? notFound;
  },

  plan(resource, state, { parameters: { abortUploadsAfterDays } }) {
    const { rules } = state;
    if (rules.some(({ Status }) => Status === 'Enabled')) return [];
    if (rules.some(hasDate))
      return {
        unfixable:
          'All lifecycle rules of the bucket are disabled, and one has a date. Enable the rules that you need, or delete the one with a date.',
        code: 'rule-with-date',
      };
    if (rules.length >= maxRules)
      return {
        unfixable: `The bucket has ${rules.length} lifecycle rules, all disabled, and S3 accepts no more. Enable or delete one.`,
        code: 'rule-limit-reached',
      };
    const added: JsonObject = {
      ID: freeId(rules),
      Status: 'Enabled',
      // S3 rejects a filter next to rules of the older form with a prefix.
      ...(rules.some((one) => one.Prefix !== undefined) ? { Prefix: '' } : { Filter: { Prefix: '' } }),
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortUploadsAfterDays },
    };
    return [{ do: put(resource, state, [...rules, added]), undo: put(resource, state, rules) }];
  },

  revertOwnPart(resource, now, { before, after }) {
    const id = freeId(before.rules);
    const ours = now.rules.find(({ ID }) => ID === id);
    if (!ours) return [];
    const asMade = after.rules.find(({ ID }) => ID === id);
    const others = now.rules.filter((one) => one !== ours);
    return sameJson(ours, asMade) && onlyAborts(ours) && !others.some(hasDate) ? [put(resource, now, others)] : undefined;
  },

  list: listBuckets,
});

/** Whether a rule does no more than the one that the fix adds: others may have given its id to another one. */
const onlyAborts = (rule: JsonObject): boolean =>
  Object.keys(rule).every((key) => ['ID', 'Status', 'Filter', 'Prefix', 'AbortIncompleteMultipartUpload'].includes(key));

/** An unused rule id. */
function freeId(rules: readonly JsonObject[]): string {
  const taken = rules.map(({ ID }) => ID);
  let id = 'posture-abort-incomplete-uploads';
  for (let number = 2; taken.includes(id); number += 1) id = `posture-abort-incomplete-uploads-${number}`;
  return id;
}

const plain = (rules: readonly LifecycleRule[]): readonly JsonObject[] => JSON.parse(JSON.stringify(rules)) as readonly JsonObject[];

// A Date, as the command requires it, can't be logged.
const hasDate = ({ Expiration, Transitions = [] }: JsonObject): boolean =>
  [Expiration, ...(Transitions as readonly Json[])].some((action) => isObject(action) && action.Date !== undefined);

/** The command that sets exactly these rules; no rules mean no configuration. */
function put(resource: Resource, { smallest }: State, rules: readonly JsonObject[]) {
  if (rules.length === 0) return new DeleteBucketLifecycleCommand(named(resource));
  return new PutBucketLifecycleConfigurationCommand({
    ...named(resource),
    LifecycleConfiguration: { Rules: rules as unknown as LifecycleRule[] },
    // If omitted, S3 applies its default.
    ...(smallest !== undefined && { TransitionDefaultMinimumObjectSize: smallest as TransitionDefaultMinimumObjectSize }),
  });
}
