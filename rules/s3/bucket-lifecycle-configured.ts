import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  S3Client,
  type TransitionDefaultMinimumObjectSize,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { unless } from '../absence';
import { isObject, type JsonObject, sameJson } from '../json';
import { defineRule, gone, type Json, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucket } from './bucket/resource';

const parameters = z.strictObject({
  abortUploadsAfterDays: z
    .int()
    .min(1)
    .max(365)
    .default(7)
    .describe('How many days after its begin S3 gives up a multipart upload that was never completed.'),
});

/** Times are ISO 8601. `smallest`: from which size on objects change their storage class, as AWS names it. */
type State = { readonly rules: readonly JsonObject[]; readonly smallest?: string };

/** S3 takes so many rules. */
const most = 1000;

export default defineRule({
  id: 's3-bucket-lifecycle-configured',
  title: 'S3 buckets have a lifecycle rule at work',
  why: 'What is never cleared away is kept and billed for ever: the parts of broken uploads do not even show among the objects.',
  impact:
    'S3 deletes the parts of multipart uploads that were not completed in a week, or what the owner says; an upload that takes longer fails. No object is touched.',
  severity: 'low',
  risk: 'safe',
  resource: bucket,
  property: 'LifecycleConfiguration',
  detectedBy: { securityHub: ['S3.13'], config: ['s3-lifecycle-policy-check'] },
  permissions: {
    inspect: [{ actions: ['s3:GetLifecycleConfiguration'], on: 'arn:{partition}:s3:::*' }, listing],
    change: { actions: ['s3:PutLifecycleConfiguration'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client],
  commands: [PutBucketLifecycleConfigurationCommand, DeleteBucketLifecycleCommand],
  parameters,
  // AWS says a few minutes.
  settle: 300,

  async inspect(resource, aws): Promise<State | typeof gone> {
    const answer = unless(['NoSuchLifecycleConfiguration'], aws.send(new GetBucketLifecycleConfigurationCommand(named(resource))));
    const state = answer.then((found) => ({
      rules: plain(found?.Rules ?? []),
      ...(found?.TransitionDefaultMinimumObjectSize && { smallest: found.TransitionDefaultMinimumObjectSize }),
    }));
    return (await unless(['NoSuchBucket'], state)) ?? gone;
  },

  plan(resource, state, { parameters: { abortUploadsAfterDays } }) {
    const { rules } = state;
    if (rules.some(({ Status }) => Status === 'Enabled')) return [];
    if (rules.some(hasDate))
      return {
        unfixable: 'The lifecycle rules of the bucket are disabled, and one has a date. Enable those that are meant, or delete that one.',
      };
    if (rules.length >= most) return { unfixable: `The bucket has ${rules.length} lifecycle rules, all disabled, and S3 takes no more.` };
    const added: JsonObject = {
      ID: freeId(rules),
      Status: 'Enabled',
      // S3 takes no filter beside rules of the older sort, which have none.
      ...(rules.some((one) => one.Prefix !== undefined) ? { Prefix: '' } : { Filter: { Prefix: '' } }),
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortUploadsAfterDays },
    };
    return [{ do: put(resource, state, [...rules, added]), undo: put(resource, state, rules) }];
  },

  takeBack(resource, now, { before, after }) {
    const id = freeId(before.rules);
    const ours = now.rules.find(({ ID }) => ID === id);
    if (!ours) return [];
    const asMade = after.rules.find(({ ID }) => ID === id);
    const others = now.rules.filter((one) => one !== ours);
    return sameJson(ours, asMade) && !others.some(hasDate) ? [put(resource, now, others)] : undefined;
  },

  list: listBuckets,
});

/** An id that no rule of the bucket has. */
function freeId(rules: readonly JsonObject[]): string {
  const taken = rules.map(({ ID }) => ID);
  let id = 'posture-abort-incomplete-uploads';
  for (let number = 2; taken.includes(id); number += 1) id = `posture-abort-incomplete-uploads-${number}`;
  return id;
}

const plain = (rules: readonly LifecycleRule[]): readonly JsonObject[] => JSON.parse(JSON.stringify(rules)) as readonly JsonObject[];

// A date can't be logged as the command takes it.
const hasDate = ({ Expiration, Transitions = [] }: JsonObject): boolean =>
  [Expiration, ...(Transitions as readonly Json[])].some((action) => isObject(action) && action.Date !== undefined);

/** The bucket with these rules in all; without any it has no configuration. */
function put(resource: Resource, { smallest }: State, rules: readonly JsonObject[]) {
  if (rules.length === 0) return new DeleteBucketLifecycleCommand(named(resource));
  return new PutBucketLifecycleConfigurationCommand({
    ...named(resource),
    LifecycleConfiguration: { Rules: rules as unknown as LifecycleRule[] },
    // Left out, S3 takes its own.
    ...(smallest !== undefined && { TransitionDefaultMinimumObjectSize: smallest as TransitionDefaultMinimumObjectSize }),
  });
}
