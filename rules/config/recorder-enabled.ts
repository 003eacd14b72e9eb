import {
  ConfigServiceClient,
  type ConfigurationRecorder,
  DeleteConfigurationRecorderCommand,
  DeleteDeliveryChannelCommand,
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
  DescribeDeliveryChannelsCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  type RecordingMode,
  StartConfigurationRecorderCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { accountInRegion } from '../account';
import { type Change, defineRule, type Json, type Resource } from '../rule';
import { bucketReading, type DeliveryBucket, readDeliveryBucket } from './recorder/bucket';
import { type Group, groupOf, recordingGroup } from './recorder/group';
import { hasRole, roleArn, roleChange, roleChanging, roleCommands, roleReading } from './recorder/role';

const parameters = z.strictObject({
  bucketName: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .optional()
    .describe(
      'The S3 bucket to which AWS Config delivers, where it delivers nowhere yet. Its policy has to let config.amazonaws.com write into it. Naming the one of another account to which a recorder with a role of its own delivers says that its policy does.',
    ),
  keyPrefix: z
    .string()
    .regex(/^[A-Za-z0-9!_.*'()/-]{1,512}$/)
    .optional()
    .describe('The folder in the bucket.'),
  serviceLinkedRoleRequired: z.boolean().default(true).describe('Whether the recorder has to use the role that AWS keeps for AWS Config.'),
  recordAll: z
    .boolean()
    .default(false)
    .describe('Whether a recorder that records only some types of resources is made to record them all. It costs more.'),
  globalRegion: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .optional()
    .describe('The one region whose recorder also records users, roles and whatever else belongs to no region.'),
});
type Parameters = z.infer<typeof parameters>;

type Recorder = {
  readonly name: string;
  readonly role: string;
  readonly group: Group;
  readonly mode?: Json;
  readonly recording: boolean;
};

/** Where AWS Config delivers; `more`: also to a topic, or with a KMS key. */
type Channel = { readonly bucket: string; readonly more: boolean };

/**
 * `role`: whether AWS Config's own role is there; read only where the recorder does not use it, and should.
 * `bucket`: read only without a delivery channel, or where that role has to deliver from now on.
 */
type State = {
  readonly recorder: Recorder | null;
  readonly channel: Channel | null;
  readonly role?: boolean;
  readonly bucket?: DeliveryBucket;
};

const recorders = 'arn:{partition}:config:{region}:{account}:configuration-recorder/*/*';

export default defineRule({
  id: 'config-recorder-enabled',
  title: 'AWS Config records what is in an account, and how it changes',
  why: 'Without its records, nobody can tell what was changed before an incident, and most controls of Security Hub see nothing.',
  impact:
    'None for workloads. AWS Config bills by recorded change, and S3 the storage. A rollback deletes a new recorder; what it delivered stays in the bucket.',
  severity: 'critical',
  risk: 'safe',
  reversible: 'nearly',
  resource: accountInRegion,
  detectedBy: { securityHub: ['Config.1'], config: [] },
  permissions: {
    inspect: [
      { actions: ['config:DescribeConfigurationRecorders', 'config:DescribeConfigurationRecorderStatus'], on: recorders },
      // IAM offers no resource-level permission for it.
      { actions: ['config:DescribeDeliveryChannels'], on: '*' },
      roleReading,
      bucketReading,
    ],
    change: [
      {
        actions: [
          'config:PutConfigurationRecorder',
          'config:DeleteConfigurationRecorder',
          'config:StartConfigurationRecorder',
          'config:StopConfigurationRecorder',
        ],
        on: recorders,
      },
      { actions: ['config:PutDeliveryChannel', 'config:DeleteDeliveryChannel'], on: '*' },
      ...roleChanging,
    ],
  },
  clients: [ConfigServiceClient, IAMClient, S3Client],
  commands: [
    PutConfigurationRecorderCommand,
    DeleteConfigurationRecorderCommand,
    PutDeliveryChannelCommand,
    DeleteDeliveryChannelCommand,
    StartConfigurationRecorderCommand,
    StopConfigurationRecorderCommand,
    ...roleCommands,
  ],
  parameters,

  async inspect(resource, aws, { bucketName, serviceLinkedRoleRequired }: Parameters): Promise<State> {
    const { ConfigurationRecorders: [found] = [] } = await aws.send(new DescribeConfigurationRecordersCommand({}));
    const recorder = found ? { ...recorderOf(found), recording: false } : null;
    if (recorder) {
      const { ConfigurationRecordersStatus: [status] = [] } = await aws.send(
        new DescribeConfigurationRecorderStatusCommand({ ConfigurationRecorderNames: [recorder.name] }),
      );
      recorder.recording = status?.recording ?? false;
    }
    const { DeliveryChannels: [target] = [] } = await aws.send(new DescribeDeliveryChannelsCommand({}));
    const channel = target ? { bucket: target.s3BucketName ?? '', more: (target.snsTopicARN ?? target.s3KmsKeyArn) !== undefined } : null;
    const needsRole = !recorder || (serviceLinkedRoleRequired && recorder.role !== roleArn(resource));
    const bucket = channel?.bucket ?? bucketName;
    return {
      recorder,
      channel,
      ...(needsRole && { role: await hasRole(aws) }),
      ...((!channel || needsRole) && bucket !== undefined && { bucket: await readDeliveryBucket(bucket, aws) }),
    };
  },

  plan(resource, { recorder, channel, role, bucket }, { parameters: chosen }) {
    const wished = wish(resource, recorder, chosen);
    if ('unfixable' in wished) return wished;
    const changes: readonly Change[] = [
      ...(role === false ? [roleChange] : []),
      ...(recorder && sameRecorder(recorder, wished) ? [] : [recorderChange(recorder, wished)]),
      ...(channel ? [] : [channelChange(chosen)]),
      ...(recorder?.recording ? [] : [startChange(wished.name)]),
    ];
    const fault = channel && recorder?.role === wished.role ? undefined : bucketFault(channel, bucket, chosen);
    return fault === undefined ? changes : { unfixable: fault };
  },

  list: async ({ account }) => [account],
});

type Wished = Omit<Recorder, 'recording'>;

const recorderOf = ({ name = 'default', roleARN = '', recordingGroup: group = {}, recordingMode }: ConfigurationRecorder): Wished => ({
  name,
  role: roleARN,
  group: groupOf(group),
  ...(recordingMode && { mode: recordingMode as unknown as Json }),
});

/** How the recorder should be: as it is, but for its faults. */
function wish(resource: Resource, recorder: Recorder | null, chosen: Parameters): Wished | { readonly unfixable: string } {
  const isGlobal = chosen.globalRegion === resource.region;
  const own = roleArn(resource);
  if (!recorder) return { name: 'default', role: own, group: { all: true, global: isGlobal } };
  const { recording: _, ...wished } = recorder;
  const { group } = wished;
  if (!('all' in group) && !chosen.recordAll)
    return {
      unfixable: `The recorder ${recorder.name} records only some types of resources, and Security Hub asks for those of all its controls. Add them by hand, or set recordAll.`,
    };
  return {
    ...wished,
    role: chosen.serviceLinkedRoleRequired ? own : wished.role,
    group: { all: true, global: isGlobal || ('all' in group && group.global) },
  };
}

const sameRecorder = ({ role, group }: Recorder, wished: Wished): boolean =>
  role === wished.role && JSON.stringify(group) === JSON.stringify(wished.group);

const put = ({ name, role, group, mode }: Wished) =>
  new PutConfigurationRecorderCommand({
    ConfigurationRecorder: {
      name,
      roleARN: role,
      recordingGroup: recordingGroup(group),
      ...(mode !== undefined && { recordingMode: mode as unknown as RecordingMode }),
    },
  });

const recorderChange = (recorder: Recorder | null, wished: Wished): Change => ({
  do: put(wished),
  undo: recorder ? put(recorder) : new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName: wished.name }),
  retryOn: ['InvalidRoleException'],
});

const channelChange = ({ bucketName, keyPrefix }: Parameters): Change => ({
  do: new PutDeliveryChannelCommand({
    DeliveryChannel: { name: 'default', s3BucketName: bucketName, ...(keyPrefix !== undefined && { s3KeyPrefix: keyPrefix }) },
  }),
  undo: new DeleteDeliveryChannelCommand({ DeliveryChannelName: 'default' }),
});

const startChange = (ConfigurationRecorderName: string): Change => ({
  do: new StartConfigurationRecorderCommand({ ConfigurationRecorderName }),
  undo: new StopConfigurationRecorderCommand({ ConfigurationRecorderName }),
});

/** Why AWS Config's own role could not deliver: unlike another, it writes as config.amazonaws.com alone. */
function bucketFault(channel: Channel | null, bucket: DeliveryBucket | undefined, { bucketName }: Parameters): string | undefined {
  const name = channel?.bucket ?? bucketName;
  if (name === undefined)
    return 'AWS Config delivers to no bucket yet: set bucketName to one whose policy lets config.amazonaws.com write.';
  if (bucket === 'absent') return `There is no bucket ${name}: make it, or set bucketName to another.`;
  if (bucket === 'closed') return `The policy of the bucket ${name} does not let config.amazonaws.com write: allow it s3:PutObject there.`;
  if (channel?.more)
    return `AWS Config also delivers to a topic, or with a KMS key. Their policies have to let config.amazonaws.com in before the recorder gets AWS Config's own role: see to that, and give it the role by hand.`;
  if (channel && bucket === 'unreadable' && name !== bucketName)
    return `The recorder delivers to the bucket ${name}, whose policy can not be read from here. It has to let config.amazonaws.com write before the recorder gets AWS Config's own role: where it does, set bucketName to ${name}.`;
  return undefined;
}
