import { GetBucketLoggingCommand, type LoggingEnabled, PutBucketLoggingCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { unless } from '../absence';
import { defineRule, gone, type Obstacle, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucket } from './bucket/resource';
import { type LogBucket, logBucketReading, readLogBucket } from './log-bucket/read';

const parameters = z.strictObject({
  logBucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .describe(
      'The bucket of the same account and region that gets the logs. Its policy has to let logging.s3.amazonaws.com write; default encryption with a KMS key, Object Lock and Requester Pays keep the logs out.',
    ),
  prefix: z
    .string()
    .max(512)
    .default('')
    .describe('What the names of the logs begin with; the name of the logged bucket and a slash come after it.'),
});

/** `logBucket` is there where the bucket is not logged. */
type State = { readonly into: string | null; readonly logBucket?: LogBucket };

export default defineRule({
  id: 's3-bucket-access-logged',
  title: 'S3 buckets log who accesses their objects',
  why: 'Without access logs nobody can tell afterwards who read or took objects; for the bucket of a trail, who touched the evidence.',
  impact: 'S3 writes logs into the log bucket, mostly within hours, and bills their storage; nobody else notices.',
  severity: 'medium',
  risk: 'safe',
  resource: bucket,
  property: 'LoggingConfiguration',
  detectedBy: { securityHub: ['S3.9', 'CloudTrail.7'], config: ['s3-bucket-logging-enabled'] },
  permissions: {
    inspect: [logBucketReading, listing],
    change: { actions: ['s3:PutBucketLogging'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client],
  commands: [PutBucketLoggingCommand],
  parameters,
  // AWS takes up to an hour until all requests are logged, but shows the setting at once.
  settle: 60,

  async inspect(resource, aws, chosen): Promise<State | typeof gone> {
    const answer = await unless(['NoSuchBucket'], aws.send(new GetBucketLoggingCommand(named(resource))));
    if (!answer) return gone;
    const { TargetBucket, TargetPrefix = '' } = answer.LoggingEnabled ?? {};
    if (TargetBucket !== undefined) return { into: `${TargetBucket}/${TargetPrefix}` };
    if (!chosen || chosen.logBucket === resource.id) return { into: null };
    return { into: null, logBucket: await readLogBucket(chosen.logBucket, prefixOf(resource, chosen.prefix), resource, aws) };
  },

  plan(resource, { into, logBucket = 'absent' }, { parameters: chosen }) {
    if (into !== null) return [];
    const obstacle = obstacleIn(resource, chosen.logBucket, logBucket);
    if (obstacle) return obstacle;
    const on: LoggingEnabled = { TargetBucket: chosen.logBucket, TargetPrefix: prefixOf(resource, chosen.prefix) };
    return [{ do: put(resource, on), undo: put(resource) }];
  },

  list: listBuckets,
});

const prefixOf = ({ id }: Resource, prefix: string): string => `${prefix}${id}/`;

/** Why the log bucket can't take the logs of a bucket; undefined if it can. */
function obstacleIn({ id, account, region }: Resource, name: string, logBucket: LogBucket): Obstacle | undefined {
  if (name === id)
    return { unfixable: 'The bucket is the log bucket, which does not log into itself: each log would make another. Exempt it by a tag.' };
  if (logBucket === 'absent')
    return { unfixable: `There is no log bucket ${name} in account ${account} that could be read. Make it, or name another.` };
  if ('elsewhere' in logBucket)
    return { unfixable: `The log bucket ${name} is in ${logBucket.elsewhere}; S3 logs only into one of ${region}. Name one there.` };
  if (logBucket.logsInto === id)
    return { unfixable: `The log bucket ${name} logs into this bucket: each log would make another. Let it log elsewhere.` };
  if (logBucket.hindrances.length > 0)
    return { unfixable: `The log bucket ${name} has ${logBucket.hindrances.join(' and ')}, with which it gets no logs. Name one without.` };
  if (!logBucket.admits)
    return {
      unfixable: `The policy of the log bucket ${name} does not let logging.s3.amazonaws.com put objects for this bucket. Add a statement that allows it s3:PutObject there.`,
    };
  return undefined;
}

const put = (resource: Resource, on?: LoggingEnabled) =>
  new PutBucketLoggingCommand({ ...named(resource), BucketLoggingStatus: on ? { LoggingEnabled: on } : {} });
