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
import { required } from '../detector-parameters';
import { type Change, defineRule, type Json, type Resource, type Unfixable } from '../rule';
import { bucketReading, type DeliveryBucket, readDeliveryBucket } from './recorder/bucket';
import { type Group, groupOf, recordingGroup } from './recorder/group';
import { hasRole, roleArn, roleChange, roleChanging, roleCommands, roleReading, roleTargets } from './recorder/role';

const parameters = z.strictObject({
  bucketName: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .optional()
    .describe(
      'The S3 bucket for accounts and Regions without a delivery channel. Its policy must allow config.amazonaws.com to write to it. If a recorder with a custom role delivers to a bucket of another account, setting that bucket here confirms that its policy allows it.',
    ),
  keyPrefix: z
    .string()
    .regex(/^[A-Za-z0-9!_.*'()/-]{1,512}$/)
    .optional()
    .describe('The prefix of the delivered objects in the bucket.'),
  serviceLinkedRoleRequired: z.boolean().default(true).describe('Whether the recorder must use the service-linked role of AWS Config.'),
  recordAll: z
    .boolean()
    .default(false)
    .describe('Whether a recorder of selected resource types is changed to record all supported types. This increases the cost.'),
  globalRegion: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
    .optional()
    .describe(
      'The Region whose recorder also records global resource types, such as IAM users and roles. Default: each Region in which Security Hub misses them, and each in which the rule creates a recorder.',
    ),
});
type Parameters = z.infer<typeof parameters>;

type Recorder = {
  readonly name: string;
  readonly role: string;
  readonly group: Group;
  readonly mode?: Json;
  readonly recording: boolean;
};

/** The delivery channel. `more`: it also has an SNS topic or a KMS key. */
type Channel = { readonly bucket: string; readonly more: boolean };

/**
 * `role`: whether the service-linked role exists; read only if the recorder must use it and does not.
 * `bucket`: read only without a delivery channel, or if the service-linked role will deliver from now on.
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
  title: 'AWS Config is enabled and records all supported resource types',
  why: 'Without configuration history, nobody can tell what changed before an incident, and most Security Hub controls cannot run.',
  impact:
    'None for workloads. AWS Config charges for each recorded change, and Amazon S3 for storage. A rollback deletes a new recorder; delivered files stay in the bucket.',
  severity: 'critical',
  risk: 'safe',
  reversible: 'nearly',
  resource: accountInRegion,
  changedBy: {
    service: 'config',
    calls: { account: ['StopConfigurationRecorder', 'DeleteConfigurationRecorder', 'PutConfigurationRecorder', 'DeleteDeliveryChannel'] },
  },
  detectedBy: { securityHub: ['Config.1'], config: [] },
  detectorParameters: {
    'Config.1': { includeConfigServiceLinkedRoleCheck: required('serviceLinkedRoleRequired') },
  },
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

  plan(resource, { recorder, channel, role, bucket }, { parameters: chosen, reasons = [] }) {
    const expected = expectedFor(resource, recorder, chosen, reasons.includes('CONFIG_RECORDER_MISSING_REQUIRED_RESOURCE_TYPES'));
    if ('unfixable' in expected) return expected;
    const changes: readonly Change[] = [
      ...(role === false ? [roleChange] : []),
      ...(recorder && sameRecorder(recorder, expected) ? [] : [recorderChange(recorder, expected)]),
      ...(channel ? [] : [channelChange(chosen)]),
      ...(recorder?.recording ? [] : [startChange(expected.name)]),
    ];
    const problem = channel && recorder?.role === expected.role ? undefined : bucketProblem(channel, bucket, chosen);
    return problem ?? changes;
  },

  targets(_, { now: { recorder } }) {
    // A region has one recorder and one delivery channel.
    const name = recorder ? recorder.name : 'default';
    return {
      ...roleTargets,
      PutConfigurationRecorder: { 'ConfigurationRecorder.name': name },
      DeleteConfigurationRecorder: { ConfigurationRecorderName: name },
      StartConfigurationRecorder: { ConfigurationRecorderName: name },
      StopConfigurationRecorder: { ConfigurationRecorderName: name },
      PutDeliveryChannel: { 'DeliveryChannel.name': 'default' },
      DeleteDeliveryChannel: { DeliveryChannelName: 'default' },
    };
  },

  // AWS may keep the role.
  isUndone: ({ recorder, channel }, { before }) =>
    JSON.stringify([recorder, channel]) === JSON.stringify([before.recorder, before.channel]),

  list: async ({ account }) => [account],
});

type Expected = Omit<Recorder, 'recording'>;

const recorderOf = ({ name = 'default', roleARN = '', recordingGroup: group = {}, recordingMode }: ConfigurationRecorder): Expected => ({
  name,
  role: roleARN,
  group: groupOf(group),
  ...(recordingMode && { mode: recordingMode as unknown as Json }),
});

/** The expected recorder: the current one without its misconfigurations. `lacking`: Security Hub misses resource types. */
function expectedFor(resource: Resource, recorder: Recorder | null, chosen: Parameters, lacking: boolean): Expected | Unfixable {
  // One that records all types can lack only the global ones.
  const isGlobal = chosen.globalRegion === undefined ? lacking || !recorder : chosen.globalRegion === resource.region;
  const own = roleArn(resource);
  if (!recorder) return { name: 'default', role: own, group: { all: true, global: isGlobal } };
  const { recording: _, ...expected } = recorder;
  const { group } = expected;
  if (!('all' in group) && !chosen.recordAll)
    return {
      unfixable: `The recorder ${recorder.name} records only selected resource types, and Security Hub requires those of all its controls. Add them manually, or set recordAll.`,
      code: 'resource-types-selected',
    };
  if ('all' in group && !group.global && !isGlobal && lacking)
    return {
      unfixable: `Security Hub requires global resource types to be recorded in ${resource.region}, and by globalRegion they are recorded in ${chosen.globalRegion}. Set globalRegion to the home Region of Security Hub.`,
      code: 'global-types-elsewhere',
    };
  return {
    ...expected,
    role: chosen.serviceLinkedRoleRequired ? own : expected.role,
    group: { all: true, global: isGlobal || ('all' in group && group.global) },
  };
}

const sameRecorder = ({ role, group }: Recorder, expected: Expected): boolean =>
  role === expected.role && JSON.stringify(group) === JSON.stringify(expected.group);

const put = ({ name, role, group, mode }: Expected) =>
  new PutConfigurationRecorderCommand({
    ConfigurationRecorder: {
      name,
      roleARN: role,
      recordingGroup: recordingGroup(group),
      ...(mode !== undefined && { recordingMode: mode as unknown as RecordingMode }),
    },
  });

const recorderChange = (recorder: Recorder | null, expected: Expected): Change => ({
  do: put(expected),
  undo: recorder ? put(recorder) : new DeleteConfigurationRecorderCommand({ ConfigurationRecorderName: expected.name }),
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

/** Why the service-linked role could not deliver: unlike a custom role, it always writes as config.amazonaws.com. */
function bucketProblem(channel: Channel | null, bucket: DeliveryBucket | undefined, { bucketName }: Parameters): Unfixable | undefined {
  const name = channel?.bucket ?? bucketName;
  if (name === undefined)
    return {
      unfixable: 'AWS Config has no delivery channel. Set bucketName to a bucket whose policy allows config.amazonaws.com to write to it.',
      code: 'bucket-not-set',
    };
  if (bucket === 'absent')
    return { unfixable: `The bucket ${name} does not exist. Create it, or set bucketName to another.`, code: 'bucket-not-found' };
  if (bucket === 'closed')
    return {
      unfixable: `The policy of the bucket ${name} does not allow config.amazonaws.com to write to it. Allow s3:PutObject.`,
      code: 'bucket-not-writable',
    };
  if (channel?.more)
    return {
      unfixable:
        'The delivery channel also has an SNS topic or a KMS key. Its policy must allow config.amazonaws.com before the recorder can use the service-linked role of AWS Config. Check that, and set the role manually.',
      code: 'delivery-permissions-unknown',
    };
  if (channel && bucket === 'unreadable' && name !== bucketName)
    return {
      unfixable: `The recorder delivers to the bucket ${name}, whose policy cannot be read from this account. It must allow config.amazonaws.com to write to the bucket before the recorder can use the service-linked role of AWS Config. If it does, set bucketName to ${name}.`,
      code: 'bucket-policy-unreadable',
    };
  return undefined;
}
