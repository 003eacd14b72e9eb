import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { callOf } from '../../../functions/aws/call';
import { contentOf } from '../../../rules/autoscaling/launch-configuration/read';
import rule from '../../../rules/autoscaling/launch-configuration-metadata-v2';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { noteUntokened } from '../ec2/instance/untokened';
import { configurationOf, configurationWith, launchedFrom, newConfiguration, whole } from './launch-configuration/seed';

const optional = { ...whole, MetadataOptions: { ...whole.MetadataOptions, HttpTokens: 'optional' as const } };

describeRule(rule, {
  violations: {
    'two groups that launch instances with optional tokens, and one from elsewhere': {
      seed: async (world) => {
        const arn = await configurationWith(optional, ['web', 'api'])(world);
        await newConfiguration(world, { LaunchConfigurationName: 'other' });
        return arn;
      },
      outcome: 'partly-fixed',
      async fixed(world) {
        expect(await launchedFrom(world)).toEqual({ web: 'web/v1-imdsv2', api: 'web/v1-imdsv2' });
        const [before, copy] = [await configurationOf(world, 'web/v1'), await configurationOf(world, 'web/v1-imdsv2')];
        expect(copy && contentOf(copy)).toEqual({ ...(before && contentOf(before)), MetadataOptions: whole.MetadataOptions });
      },
      async rolledBack(world) {
        expect(await launchedFrom(world)).toEqual({ web: 'web/v1', api: 'web/v1' });
        expect(await configurationOf(world, 'web/v1-imdsv2')).toBeUndefined();
      },
    },
    'a group whose launch configuration says nothing of metadata': {
      seed: configurationWith({}),
      outcome: 'partly-fixed',
      async fixed(world) {
        expect(await configurationOf(world, 'web/v1-imdsv2')).toMatchObject({ MetadataOptions: { HttpTokens: 'required' } });
      },
    },
    'a group for which the copy was made before': {
      seed: async (world) => {
        const arn = await configurationWith(optional)(world);
        await newConfiguration(world, { LaunchConfigurationName: 'web/v1-imdsv2', ...whole });
        return arn;
      },
      outcome: 'partly-fixed',
      rolledBack: async (world) => expect(await configurationOf(world, 'web/v1-imdsv2')).toBeDefined(),
    },
    'two groups, one of which somebody moves on before the rollback': {
      seed: configurationWith(optional, ['web', 'api']),
      outcome: 'partly-fixed',
      meanwhile: async (world) => {
        await newConfiguration(world, { LaunchConfigurationName: 'web/v2' });
        await world.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'api', LaunchConfigurationName: 'web/v2' }));
      },
      async rolledBack(world) {
        expect(await launchedFrom(world)).toEqual({ web: 'web/v1', api: 'web/v2' });
        expect(await configurationOf(world, 'web/v1-imdsv2')).toBeUndefined();
      },
    },
    'a group on whose instances something asks without a token, where that does not matter to the owner of the policy': {
      seed: untokened,
      parameters: { quietDays: 0 },
      outcome: 'partly-fixed',
      fixed: async (world) => expect(await launchedFrom(world)).toEqual({ web: 'web/v1-imdsv2', api: 'web/v1-imdsv2' }),
    },
    'a launch configuration that no group uses': { seed: configurationWith(optional, []), outcome: 'awaiting-approval' },
  },
  compliant: { 'a launch configuration that requires tokens': { seed: configurationWith(whole) } },
  obstacles: {
    'two groups, on the instances of one of which something asks without a token': {
      seed: untokened,
      outcome: 'unfixable',
      reason: /Instances of api used IMDSv1 in the last 7 days/,
    },
    'another launch configuration with the name of the copy': {
      seed: async (world) => {
        const arn = await configurationWith(optional)(world);
        await newConfiguration(world, { LaunchConfigurationName: 'web/v1-imdsv2', ...whole, IamInstanceProfile: 'admin' });
        return arn;
      },
      outcome: 'unfixable',
      reason: /web\/v1-imdsv2 exists with a different configuration/,
    },
  },
  missing: 'no-such-configuration',
  unexercised: { 'iam:PassRole': 'AWS asks for it where a launch configuration names a role; it is no call.' },
});

async function untokened(world: World): Promise<string> {
  const made = await configurationWith(optional, ['web', 'api'])(world);
  await noteUntokened(world, { of: { AutoScalingGroupName: 'api' }, count: 5, days: 2 });
  return made;
}

const arn = 'arn:aws:autoscaling:eu-west-1:123456789012:launchConfiguration:0a:launchConfigurationName/web';
const resource = {
  type: 'AWS::AutoScaling::LaunchConfiguration',
  id: 'web',
  arn,
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};

describe('what is read', () => {
  const found = { LaunchConfigurationName: 'web', LaunchConfigurationARN: arn, ImageId: 'ami-0a', KernelId: '', SecurityGroups: [] };
  const seen = (over: object, groups: readonly object[] = []) => {
    const send = async (command: AwsCommand) => {
      if (callOf(command).operation === 'DescribeLaunchConfigurations') return { LaunchConfigurations: [{ ...found, ...over }] };
      return 'NextToken' in command.input && command.input.NextToken
        ? { AutoScalingGroups: groups.slice(1) }
        : { AutoScalingGroups: groups.slice(0, 1), NextToken: 'more' };
    };
    return rule.inspect(resource, { send } as unknown as Aws, { quietDays: 0 });
  };

  it('is another of that name where the ARN is another', async () => {
    expect(await seen({ LaunchConfigurationARN: arn.replace('0a', '0b') })).toBe(notFound);
  });

  it('leaves out the groups that are being deleted, on all pages', async () => {
    const group = (name: string, more = {}) => ({ AutoScalingGroupName: name, LaunchConfigurationName: 'web', ...more });
    expect(await seen({}, [group('b'), group('a'), group('c', { Status: 'Delete in progress' })])).toEqual({
      noncompliant: true,
      groups: ['a', 'b'],
      moved: [],
      copy: 'absent',
    });
  });
});

it('gives the copy of a long name one that AWS takes', () => {
  const id = 'x'.repeat(255);
  const state = { noncompliant: true, groups: ['web'], moved: [], copy: 'absent' as const };
  const plan = rule.plan({ ...resource, id }, state, { parameters: { quietDays: 7 }, detectedBy: 'AutoScaling.3', now: new Date(0) });
  expect(plan).toMatchObject([
    { do: { input: { LaunchConfigurationName: `${'x'.repeat(248)}-imdsv2` } } },
    { do: { input: { AutoScalingGroupName: 'web', LaunchConfigurationName: `${'x'.repeat(248)}-imdsv2` } } },
    { irreversible: expect.any(String) },
  ]);
});

it('takes no group back that somebody else has moved to the copy, which stays then', () => {
  const before = { noncompliant: true, groups: ['web'], moved: [], copy: 'absent' as const };
  const now = { ...before, groups: [], moved: ['api', 'web'], copy: 'ready' as const };
  const commands = rule.revertOwnPart?.(resource, now, { before, after: now, parameters: { quietDays: 7 } });
  expect(commands?.map(({ input }) => input)).toEqual([{ AutoScalingGroupName: 'web', LaunchConfigurationName: 'web' }]);
});
