import { GetBucketLoggingCommand, type LoggingEnabled, PutBucketLoggingCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { exactly } from '../detector-parameters';
import { defineRule, notFound, type Obstacle, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucket } from './bucket/resource';
import { type LogBucket, logBucketReading, readLogBucket } from './log-bucket/read';

const parameters = z.strictObject({
  logBucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .describe(
      'The destination bucket for the logs, in the same account and Region. Its policy must allow logging.s3.amazonaws.com to write. S3 does not deliver logs to a bucket with default encryption by a KMS key, Object Lock or Requester Pays.',
    ),
  prefix: z.string().max(512).default('').describe('The prefix of the log objects. The name of the logged bucket and a slash follow it.'),
});

/** `logBucket`: set if the bucket is not logged. */
type State = { readonly into: string | null; readonly logBucket?: LogBucket };

export default defineRule({
  id: 's3-bucket-access-logged',
  title: 'S3 buckets have server access logging enabled',
  why: 'Without access logs, nobody can tell afterward who read or copied objects or, in the bucket of a trail, who accessed the audit logs.',
  impact: 'None for clients. S3 delivers logs to the log bucket, usually within hours, and charges for their storage.',
  severity: 'medium',
  risk: 'safe',
  resource: bucket,
  property: 'LoggingConfiguration',
  detectedBy: {
    securityHub: ['S3.9', 'CloudTrail.7'],
    config: ['s3-bucket-logging-enabled'],
    guardDuty: { types: ['Stealth:S3/ServerAccessLoggingDisabled'] },
  },
  detectorParameters: {
    's3-bucket-logging-enabled': {
      targetBucket: exactly('logBucket'),
      targetPrefix: { unmappable: 'The rule gives each bucket a prefix of its own.' },
    },
  },
  permissions: {
    inspect: [logBucketReading, listing],
    change: { actions: ['s3:PutBucketLogging'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client],
  commands: [PutBucketLoggingCommand],
  parameters,
  // It takes up to an hour until all requests are logged, but the setting is visible immediately.
  settle: 60,

  async inspect(resource, aws, chosen): Promise<State | typeof notFound> {
    const answer = await undefinedOn(['NoSuchBucket'], aws.send(new GetBucketLoggingCommand(named(resource))));
    if (!answer) return notFound;
    const { TargetBucket, TargetPrefix = '' } = answer.LoggingEnabled ?? {};
    if (TargetBucket !== undefined) return { into: `${TargetBucket}/${TargetPrefix}` };
    if (!chosen || chosen.logBucket === resource.id) return { into: null };
    return { into: null, logBucket: await readLogBucket(chosen.logBucket, prefixOf(resource, chosen.prefix), resource, aws) };
  },

  plan(resource, { into, logBucket = 'absent' }, { parameters: chosen, demanded }) {
    if (into !== null && demanded?.logBucket !== undefined && !into.startsWith(`${demanded.logBucket}/`))
      return {
        unfixable: `The bucket is logged into ${into}, and the detector requires the log bucket ${demanded.logBucket}. Only its owner knows who reads the logs there: change it manually.`,
        code: 'logged-elsewhere',
      };
    if (into !== null) return [];
    const obstacle = obstacleIn(resource, chosen.logBucket, logBucket);
    if (obstacle) return obstacle;
    const on: LoggingEnabled = { TargetBucket: chosen.logBucket, TargetPrefix: prefixOf(resource, chosen.prefix) };
    return [{ do: put(resource, on), undo: put(resource) }];
  },

  list: listBuckets,
});

const prefixOf = ({ id }: Resource, prefix: string): string => `${prefix}${id}/`;

/** Why the log bucket can't receive the logs of a bucket; undefined if it can. */
function obstacleIn({ id, account, region }: Resource, name: string, logBucket: LogBucket): Obstacle | undefined {
  if (name === id)
    return {
      unfixable: 'The bucket is the log bucket. Logging to itself would create a loop. Exempt it by a tag.',
      code: 'is-log-bucket',
    };
  if (logBucket === 'absent')
    return {
      unfixable: `The log bucket ${name} does not exist in account ${account}, or cannot be read. Create it, or specify another.`,
      code: 'log-bucket-not-found',
    };
  if ('elsewhere' in logBucket)
    return {
      unfixable: `The log bucket ${name} is in ${logBucket.elsewhere}. Specify a log bucket in ${region}, the Region of the bucket.`,
      code: 'log-bucket-in-other-region',
    };
  if (logBucket.logsInto === id)
    return {
      unfixable: `The log bucket ${name} logs to this bucket, which would create a loop. Set another destination for its logs.`,
      code: 'log-bucket-loop',
    };
  if (logBucket.hindrances.length > 0)
    return {
      unfixable: `The log bucket ${name} has ${logBucket.hindrances.join(' and ')}, which prevents log delivery. Specify a log bucket without it.`,
      code: 'log-bucket-not-supported',
    };
  if (!logBucket.admits)
    return {
      unfixable: `The policy of the log bucket ${name} does not allow logging.s3.amazonaws.com to put objects for this bucket. Add a statement that allows s3:PutObject.`,
      code: 'log-bucket-policy-missing',
    };
  return undefined;
}

const put = (resource: Resource, on?: LoggingEnabled) =>
  new PutBucketLoggingCommand({ ...named(resource), BucketLoggingStatus: on ? { LoggingEnabled: on } : {} });
