import {
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
  DescribeDeliveryChannelsCommand,
  PutConfigurationRecorderCommand,
  PutDeliveryChannelCommand,
  type RecordingGroup,
  StartConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { CreateServiceLinkedRoleCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import type * as z from 'zod';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/config/recorder-enabled';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { present } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

const bucketOf = ({ account }: Pick<World, 'account'>) => `config-${account}`;
const ownRole = ({ account }: Pick<World, 'account'>) =>
  `arn:aws:iam::${account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`;
const theirRole = ({ account }: Pick<World, 'account'>) => `arn:aws:iam::${account}:role/config`;
const all: RecordingGroup = { allSupported: true, includeGlobalResourceTypes: false };

const serviceRole = 'arn:{partition}:iam::{account}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig';

describeRule(rule, {
  parameters: (world) => ({ bucketName: bucketOf(world) }),
  violations: {
    'an account without AWS Config': {
      seed: bucket(),
      async fixed(world) {
        // One without the global types would fail in the home Region, and nobody but Security Hub knows that.
        expect(await recorderOf(world)).toMatchObject({
          name: 'default',
          roleARN: ownRole(world),
          recordingGroup: { ...all, includeGlobalResourceTypes: true },
        });
        expect(await channelOf(world)).toMatchObject({ s3BucketName: bucketOf(world) });
      },
      rolledBack: async (world) => expect([await recorderOf(world), await channelOf(world)]).toEqual([undefined, undefined]),
    },
    'an account without AWS Config, where it records what is global': {
      seed: bucket(),
      parameters: { globalRegion: 'eu-west-1', keyPrefix: 'config' },
      async fixed(world) {
        expect(await recorderOf(world)).toMatchObject({ recordingGroup: { allSupported: true, includeGlobalResourceTypes: true } });
        expect(await channelOf(world)).toMatchObject({ s3KeyPrefix: 'config' });
      },
    },
    'an account without AWS Config, where another Region records what is global': {
      seed: bucket(),
      parameters: { globalRegion: 'us-east-1' },
      fixed: async (world) => expect(await recorderOf(world)).toMatchObject({ recordingGroup: all }),
    },
    'a recorder that was stopped, in an account with the role': { seed: recording({ started: false }) },
    'a recorder with a role of the account': {
      seed: recording({ role: theirRole, group: { allSupported: true, includeGlobalResourceTypes: true } }),
      fixed: async (world) =>
        expect(await recorderOf(world)).toMatchObject({
          name: 'theirs',
          roleARN: ownRole(world),
          recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
        }),
      rolledBack: async (world) => expect(await recorderOf(world)).toMatchObject({ roleARN: theirRole(world) }),
    },
    'a recorder of some types, where all are asked for': {
      seed: recording({ group: { allSupported: false, resourceTypes: ['AWS::S3::Bucket', 'AWS::EC2::Instance'] } }),
      parameters: { recordAll: true },
      fixed: async (world) => expect((await recorderOf(world))?.recordingGroup).toMatchObject(all),
      rolledBack: async (world) =>
        expect((await recorderOf(world))?.recordingGroup).toMatchObject({
          allSupported: false,
          resourceTypes: ['AWS::EC2::Instance', 'AWS::S3::Bucket'],
        }),
    },
  },
  compliant: {
    'a recorder at work': { seed: recording({}), parameters: { bucketName: 'no-such-bucket' } },
    'a recorder with a role of the account, where that may be': {
      seed: recording({ role: theirRole }),
      parameters: { serviceLinkedRoleRequired: false },
    },
  },
  obstacles: {
    'a recorder of some types': {
      seed: recording({ group: { allSupported: false, resourceTypes: ['AWS::S3::Bucket'] } }),
      outcome: 'unfixable',
      reason: /theirs records only selected resource types/,
    },
    'a bucket that is not there': {
      seed: async ({ account }) => account,
      outcome: 'unfixable',
      reason: /bucket config-\S+ does not exist/,
    },
    'a bucket without a policy': { seed: bucket(null), outcome: 'unfixable', reason: /does not allow config.amazonaws.com to write/ },
    'a bucket with a policy for reading': { seed: bucket('s3:GetBucketAcl'), outcome: 'unfixable', reason: /does not allow/ },
    'a recorder with a role of the account, whose bucket lets that role write alone': {
      seed: async (world) => {
        await recording({ role: theirRole })(world);
        const Bucket = bucketOf(world);
        const Resource = `arn:aws:s3:::${Bucket}/*`;
        const Statement = [{ Effect: 'Allow', Principal: { AWS: theirRole(world) }, Action: 's3:PutObject', Resource }];
        await world.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
        return world.account;
      },
      outcome: 'unfixable',
      reason: /does not allow config.amazonaws.com to write/,
    },
    'a name that no bucket has': { seed: bucket(), parameters: { bucketName: 'Config' }, outcome: 'not-configured' },
  },
  missing: 'always there',
  touches: {
    'iam:GetRole': [serviceRole, 'arn:{partition}:iam::{account}:role/AWSServiceRoleForConfig'],
    'iam:CreateServiceLinkedRole': serviceRole,
    'iam:DeleteServiceLinkedRole': serviceRole,
  },
});

function bucket(Action: string | null = 's3:PutObject') {
  return async (world: World): Promise<string> => {
    const Bucket = bucketOf(world);
    await world.in('us-east-1').send(new CreateBucketCommand({ Bucket }));
    const grant = { Effect: 'Allow', Principal: { Service: 'config.amazonaws.com' } };
    const Statement = [
      { ...grant, Action: 's3:GetBucketAcl', Resource: `arn:aws:s3:::${Bucket}` },
      { ...grant, Action, Resource: `arn:aws:s3:::${Bucket}/*` },
    ];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    if (Action) await world.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    return world.account;
  };
}

function recording({ role = ownRole, group = all, started = true }: { role?: typeof ownRole; group?: RecordingGroup; started?: boolean }) {
  return async (world: World): Promise<string> => {
    await bucket()(world);
    await world.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'config.amazonaws.com' }));
    const ConfigurationRecorder = { name: 'theirs', roleARN: role(world), recordingGroup: group };
    await world.send(new PutConfigurationRecorderCommand({ ConfigurationRecorder }));
    await world.send(new PutDeliveryChannelCommand({ DeliveryChannel: { name: 'theirs', s3BucketName: bucketOf(world) } }));
    if (started) await world.send(new StartConfigurationRecorderCommand({ ConfigurationRecorderName: 'theirs' }));
    return world.account;
  };
}

const recorderOf = async (world: World) => (await world.send(new DescribeConfigurationRecordersCommand({}))).ConfigurationRecorders?.[0];
const channelOf = async (world: World) => (await world.send(new DescribeDeliveryChannelsCommand({}))).DeliveryChannels?.[0];

describe('a plan', () => {
  type Parameters = z.infer<NonNullable<typeof rule.parameters>>;
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::::Account', id: place.account, arn: `AWS::::Account:${place.account}` };
  const mode = {
    recordingFrequency: 'DAILY',
    recordingModeOverrides: [{ resourceTypes: ['AWS::S3::Bucket'], recordingFrequency: 'CONTINUOUS' }],
  };
  const except = {
    exclusionByResourceTypes: { resourceTypes: ['AWS::EC2::Subnet'] },
    recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
  };

  const planFor = async (
    recorder: object | undefined,
    given: object,
    policy = new Error(),
    channel: object = { name: 'theirs' },
    reasons: readonly string[] = [],
  ) => {
    const parameters = rule.parameters?.parse(given) as Parameters;
    const aws: Aws = {
      async send<Output>(command: AwsCommand<Output>) {
        if (command instanceof DescribeConfigurationRecordersCommand)
          return { ConfigurationRecorders: recorder ? [recorder] : [] } as Output;
        if (command instanceof DescribeConfigurationRecorderStatusCommand)
          return { ConfigurationRecordersStatus: [{ recording: true }] } as Output;
        if (command instanceof DescribeDeliveryChannelsCommand) return { DeliveryChannels: recorder ? [channel] : [] } as Output;
        if (command instanceof GetBucketPolicyCommand) throw policy;
        return {} as Output;
      },
    };
    const state = await rule.inspect(resource, aws, parameters);
    return rule.plan(resource, present(state), { parameters, detectedBy: 'Config.1', now: new Date(0), reasons });
  };

  it('keeps how often is recorded, and gives back what was left out', async () => {
    const recorder = { name: 'theirs', roleARN: ownRole(place), recordingGroup: { allSupported: false, ...except }, recordingMode: mode };
    const plan = await planFor(recorder, { recordAll: true });
    expect(isChanges(plan) && plan).toMatchObject([
      {
        do: { input: { ConfigurationRecorder: { recordingGroup: all, recordingMode: mode } } },
        undo: { input: { ConfigurationRecorder: { recordingGroup: except, recordingMode: mode } } },
      },
    ]);
  });

  it('records what is global where that is asked for, and nowhere else', async () => {
    const recorder = { name: 'theirs', roleARN: ownRole(place), recordingGroup: all };
    expect(await planFor(recorder, { globalRegion: 'us-east-1' })).toEqual([]);
    expect(await planFor(recorder, { globalRegion: 'eu-west-1' })).toHaveLength(1);
  });

  it('records what is global where Security Hub misses that, unless the policy has it recorded elsewhere', async () => {
    const recorder = { name: 'theirs', roleARN: ownRole(place), recordingGroup: all };
    const missing = ['CONFIG_RECORDER_MISSING_REQUIRED_RESOURCE_TYPES'];
    const plan = (given: object, reasons: readonly string[]) => planFor(recorder, given, undefined, undefined, reasons);
    expect(await plan({}, ['CONFIG_RECORDER_CUSTOM_ROLE'])).toEqual([]);
    expect(await plan({}, missing)).toMatchObject([
      { do: { input: { ConfigurationRecorder: { recordingGroup: { includeGlobalResourceTypes: true } } } } },
    ]);
    expect(await plan({ globalRegion: 'us-east-1' }, missing)).toMatchObject({ code: 'global-types-elsewhere' });
    expect(await plan({ globalRegion: 'us-east-1' }, [])).toEqual([]);
  });

  it('needs a bucket, which it leaves AWS to look at where it can not', async () => {
    const refusal = (name: string) => Object.assign(new Error(name), { name });
    expect(await planFor(undefined, {})).toMatchObject({ unfixable: expect.stringContaining('Set bucketName') });
    for (const name of ['AccessDenied', 'PermanentRedirect']) {
      expect(await planFor(undefined, { bucketName: 'theirs' }, refusal(name))).toHaveLength(3);
    }
    await expect(planFor(undefined, { bucketName: 'theirs' }, refusal('SlowDown'))).rejects.toThrow('SlowDown');
  });

  it("gives no recorder AWS Config's own role, which writes as the service, before its bucket is known to take that", async () => {
    const recorder = { name: 'theirs', roleARN: theirRole(place), recordingGroup: all };
    const denied = Object.assign(new Error(), { name: 'AccessDenied' });
    const channel = { name: 'theirs', s3BucketName: 'central' };
    expect(await planFor(recorder, {}, denied, channel)).toMatchObject({ unfixable: expect.stringContaining('set bucketName to central') });
    expect(await planFor(recorder, { bucketName: 'other' }, denied, channel)).toMatchObject({
      unfixable: expect.stringContaining('central'),
    });
    expect(await planFor(recorder, { bucketName: 'central' }, denied, channel)).toHaveLength(1);
    for (const more of [
      { snsTopicARN: 'arn:aws:sns:eu-west-1:111122223333:config' },
      { s3KmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' },
    ]) {
      expect(await planFor(recorder, { bucketName: 'central' }, denied, { ...channel, ...more })).toMatchObject({
        unfixable: expect.stringContaining('an SNS topic or a KMS key'),
      });
      const own = { ...recorder, roleARN: ownRole(place) };
      expect(await planFor(own, { globalRegion: 'eu-west-1' }, denied, { ...channel, ...more })).toHaveLength(1);
    }
  });
});
