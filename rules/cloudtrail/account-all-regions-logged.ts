import {
  CloudTrailClient,
  CreateTrailCommand,
  DeleteTrailCommand,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  type Trail,
} from '@aws-sdk/client-cloudtrail';
import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { account } from '../account';
import { keptTags, withoutExempt } from '../exempt-parts';
import { readPolicy } from '../policy';
import { type Aws, type Change, defineRule, type notFound, type Obstacle, type Resource, type Tags } from '../rule';
import { admits } from '../service-use';
import { trailReading } from './trail/read';
import { trail as trailKind, trails } from './trail/resource';

const id = 'cloudtrail-account-all-regions-logged';
const Name = 'posture-all-regions';

const parameters = z.strictObject({
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .describe(
      'The S3 bucket for the log files, in this or another account. Its policy must allow cloudtrail.amazonaws.com to write to it.',
    ),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9!_.*'()-]+(\/[A-Za-z0-9!_.*'()-]+)*$/)
    .max(200)
    .optional()
    .describe('The prefix of the log files in the bucket, without a trailing slash.'),
  homeRegion: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .optional()
    .describe(
      'The Region in which the trail is created. Default: the Region of the finding; if findings arrive from several Regions at the same time, two trails may be created.',
    ),
});

/** `complete`: it logs all read and write management events; null if only the owner account can read that. `tags`: if it may be started. */
type SeenTrail = {
  readonly arn: string;
  readonly everywhere: boolean;
  readonly logging: boolean;
  readonly complete: boolean | null;
  readonly tags?: Tags;
};

/** `bucket` is set if a trail may have to be created; `another`: it belongs to another account, where its policy cannot be read. */
type State = { readonly trails: readonly SeenTrail[]; readonly bucket?: 'absent' | 'closed' | 'open' | 'another' };

const managementEvents = { unmappable: 'The rule requires management events.', except: ['true'] };
const allEvents = { unmappable: 'The rule requires read and write events.', except: ['ALL'] };
const elsewhere = { unmappable: 'The rule does not compare the destinations of trails.' };
const destinations = { s3BucketName: elsewhere, snsTopicArn: elsewhere, cloudWatchLogsLogGroupArn: elsewhere };

export default defineRule({
  id,
  title: 'A multi-Region CloudTrail trail logs all management events',
  why: 'Without a trail, CloudTrail keeps events for only 90 days, and activity in unused Regions goes unnoticed.',
  impact:
    'A multi-Region trail for management events is created, with signed log files in your bucket. The first such trail is free, a further one is charged by events; Amazon S3 charges for storage. A stopped trail is started instead.',
  severity: 'high',
  risk: 'safe',
  resource: account,
  changedBy: { service: 'cloudtrail', calls: { account: ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'] } },
  detectedBy: {
    securityHub: ['CloudTrail.1', 'CloudTrail.3'],
    config: ['multi-region-cloudtrail-enabled', 'cloudtrail-enabled'],
    guardDuty: { types: ['Stealth:IAMUser/CloudTrailLoggingDisabled'] },
  },
  detectorParameters: {
    'CloudTrail.1': { includeManagementEvents: managementEvents, readWriteType: allEvents },
    'multi-region-cloudtrail-enabled': { ...destinations, includeManagementEvents: managementEvents, readWriteType: allEvents },
    'cloudtrail-enabled': destinations,
  },
  permissions: {
    inspect: [
      trailReading,
      // Shadow trails in other regions, and in the member accounts of an organization, have the ARN of the original.
      { actions: ['cloudtrail:GetTrailStatus'], on: 'arn:{partition}:cloudtrail:*:*:trail/*' },
      { actions: ['cloudtrail:GetEventSelectors'], on: 'arn:{partition}:cloudtrail:*:{account}:trail/*' },
      { actions: ['s3:GetBucketPolicy'], on: 'arn:{partition}:s3:::*' },
      { actions: ['cloudtrail:ListTags'], on: trails },
    ],
    change: [
      { actions: ['cloudtrail:CreateTrail', 'cloudtrail:AddTags', 'cloudtrail:DeleteTrail'], on: trails.replace('*', Name) },
      { actions: ['cloudtrail:StartLogging', 'cloudtrail:StopLogging'], on: trails },
    ],
  },
  clients: [CloudTrailClient, S3Client],
  commands: [CreateTrailCommand, DeleteTrailCommand, StartLoggingCommand, StopLoggingCommand],
  parameters,
  settle: 60,

  async inspect(resource, aws, chosen): Promise<State | typeof notFound> {
    const { trailList = [] } = await aws.send(new DescribeTrailsCommand({}));
    const seen: SeenTrail[] = [];
    for (const trail of trailList) {
      const one = await readTrail(trail, resource, aws);
      const { arn, everywhere, logging, complete } = one;
      const mayStart = everywhere && !logging && complete !== false && arn.startsWith(arnOf(resource).slice(0, -Name.length));
      seen.push({ ...one, ...(mayStart && keptTags((await trailKind.tags?.({ ...resource, arn }, aws)) ?? {})) });
    }
    seen.sort((a, b) => (a.arn < b.arn ? -1 : 1));
    if (!chosen || seen.some(({ everywhere, complete }) => everywhere && complete !== false)) return { trails: seen };
    return { trails: seen, bucket: await readBucket(chosen, resource, aws) };
  },

  plan(resource, { trails: seen, bucket = 'absent' }, { parameters: chosen, detectedBy, ...context }) {
    const anyWillDo = detectedBy === 'CloudTrail.3' || detectedBy === 'cloudtrail-enabled';
    if (seen.some(({ everywhere, logging, complete }) => logging && (anyWillDo || (everywhere && complete)))) return [];
    const unclear = seen.find(({ everywhere, logging, complete }) => everywhere && logging && complete === null);
    if (unclear)
      return {
        unfixable: `The organization trail ${unclear.arn} logs all regions, but only account ${ownerOf(unclear.arn)} can read its event selectors. Check there that they include all management events; a second trail would be charged by events.`,
        code: 'event-selectors-unreadable',
      };
    const own = arnOf(resource);
    const stopped = seen.filter(({ everywhere, complete }) => everywhere && complete !== false);
    const ofPlace = stopped.filter(({ arn }) => arn.startsWith(own.slice(0, -Name.length)));
    const here = ofPlace.find(({ arn }) => arn === own) ?? ofPlace[0];
    if (ofPlace.length > 1 && here?.arn !== own)
      return {
        unfixable: `Several multi-Region trails are stopped (${ofPlace.map(({ arn }) => arn).join(', ')}), and only their owner knows which one to use. Start it.`,
        code: 'several-trails-stopped',
      };
    if (here) return withoutExempt([here], ({ arn }) => `the trail ${arn}`, context).map(({ arn }) => start(arn));
    const [elsewhere] = stopped;
    if (elsewhere)
      return {
        unfixable: `The multi-Region trail ${elsewhere.arn} is stopped, and can be started only in its home account and Region. Start it there.`,
        code: 'trail-stopped-elsewhere',
      };
    if (seen.some(({ arn }) => arn === own))
      return {
        unfixable: `The trail ${own} exists, but does not log all management events of all regions. Change its settings, or delete it.`,
        code: 'name-taken',
      };
    if (chosen.homeRegion !== undefined && chosen.homeRegion !== resource.region)
      return {
        unfixable: `The trail is created in ${chosen.homeRegion}, when the finding of that Region is handled.`,
        code: 'not-home-region',
      };
    // The new trail may not be visible everywhere yet.
    return obstacleIn(bucket, chosen.bucket) ?? [create(chosen), { ...start(own), retryOn: ['TrailNotFoundException'] }];
  },

  revertOwnPart(resource, now, { before, after }) {
    const own = arnOf(resource);
    const has = ({ trails: some }: State, arn: string) => some.some((one) => one.arn === arn);
    const isLogging = ({ trails: some }: State, arn: string) => some.some((one) => one.arn === arn && one.logging);
    if (!has(before, own) && has(after, own)) return has(now, own) ? [new DeleteTrailCommand({ Name })] : [];
    return now.trails
      .filter(({ arn }) => has(before, arn) && !isLogging(before, arn) && isLogging(after, arn) && isLogging(now, arn))
      .map(({ arn }) => new StopLoggingCommand({ Name: nameIn(arn) }));
  },

  targets(resource, { now }) {
    const own = arnOf(resource);
    const here = now.trails.flatMap(({ arn }) => (arn.startsWith(own.slice(0, -Name.length)) ? nameIn(arn) : []));
    const made = { Name };
    const started = { Name: [Name, ...here] };
    return { CreateTrail: made, DeleteTrail: made, StartLogging: started, StopLogging: started };
  },

  list: async ({ account: only }) => [only],
});

const arnOf = ({ partition, region, account: owner }: Resource): string => `arn:${partition}:cloudtrail:${region}:${owner}:trail/${Name}`;

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

const ownerOf = (arn: string): string => arn.split(':')[4] ?? '';

async function readTrail(
  { TrailARN: arn = '', IsMultiRegionTrail = false, HasCustomEventSelectors }: Trail,
  { account: owner }: Resource,
  aws: Aws,
): Promise<SeenTrail> {
  const { IsLogging = false } = await aws.send(new GetTrailStatusCommand({ Name: arn }));
  const seen = { arn, everywhere: IsMultiRegionTrail, logging: IsLogging };
  // Without custom selectors, a trail logs all management events.
  if (!HasCustomEventSelectors) return { ...seen, complete: true };
  return { ...seen, complete: ownerOf(arn) === owner ? await logsAll(arn, aws) : null };
}

async function logsAll(TrailName: string, aws: Aws): Promise<boolean> {
  const { EventSelectors = [], AdvancedEventSelectors = [] } = await aws.send(new GetEventSelectorsCommand({ TrailName }));
  const isWhole = ({ IncludeManagementEvents, ReadWriteType, ExcludeManagementEventSources = [] }: EventSelector): boolean =>
    IncludeManagementEvents === true && ReadWriteType === 'All' && ExcludeManagementEventSources.length === 0;
  return (
    EventSelectors.some(isWhole) ||
    // Any other field selector excludes events.
    AdvancedEventSelectors.some(
      ({ FieldSelectors = [] }) =>
        FieldSelectors.length === 1 && FieldSelectors[0]?.Field === 'eventCategory' && FieldSelectors[0].Equals?.[0] === 'Management',
    )
  );
}

async function readBucket(
  { bucket, prefix }: z.infer<typeof parameters>,
  resource: Resource,
  aws: Aws,
): Promise<NonNullable<State['bucket']>> {
  const read = async () => {
    const found = await undefinedOn(['NoSuchBucketPolicy'], aws.send(new GetBucketPolicyCommand({ Bucket: bucket })));
    return readPolicy(found?.Policy ?? '')?.statements ?? [];
  };
  // CloudTrail checks the policy of a bucket in another account when the trail is created.
  const statements = await undefinedOn(
    ['NoSuchBucket'],
    undefinedOn(['AccessDenied', 'MethodNotAllowed'], read()).then((all) => all ?? 'another'),
  );
  if (statements === undefined) return 'absent';
  if (statements === 'another') return 'another';
  const arn = `arn:${resource.partition}:s3:::${bucket}`;
  const use = {
    service: 'cloudtrail.amazonaws.com',
    context: {
      'aws:sourcearn': arnOf(resource),
      'aws:sourceaccount': resource.account,
      's3:x-amz-acl': 'bucket-owner-full-control',
    },
  };
  const folder = `${arn}/${prefix === undefined ? '' : `${prefix}/`}AWSLogs/${resource.account}/*`;
  const isOpen =
    admits(statements, { ...use, action: 's3:GetBucketAcl', resource: arn }) &&
    admits(statements, { ...use, action: 's3:PutObject', resource: folder });
  return isOpen ? 'open' : 'closed';
}

function obstacleIn(bucket: NonNullable<State['bucket']>, name: string): Obstacle | undefined {
  if (bucket === 'absent')
    return {
      unfixable: `The bucket ${name} for the log files does not exist. Create it, or set bucket to another.`,
      code: 'bucket-not-found',
    };
  if (bucket === 'closed')
    return {
      unfixable: `The policy of the bucket ${name} does not allow cloudtrail.amazonaws.com to read the bucket ACL (s3:GetBucketAcl) and to write log files (s3:PutObject) for the trail ${Name}. Allow both.`,
      code: 'bucket-not-writable',
    };
  return undefined;
}

const create = ({ bucket, prefix }: z.infer<typeof parameters>): Change => ({
  do: new CreateTrailCommand({
    Name,
    S3BucketName: bucket,
    ...(prefix !== undefined && { S3KeyPrefix: prefix }),
    IsMultiRegionTrail: true,
    IncludeGlobalServiceEvents: true,
    EnableLogFileValidation: true,
    TagsList: [{ Key: 'posture:rule', Value: id }],
  }),
  undo: new DeleteTrailCommand({ Name }),
});

/** Starts a trail of this region. */
function start(arn: string): Change {
  const trail = { Name: nameIn(arn) };
  return { do: new StartLoggingCommand(trail), undo: new StopLoggingCommand(trail) };
}
