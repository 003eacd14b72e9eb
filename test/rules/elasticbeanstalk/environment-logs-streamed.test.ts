import rule from '../../../rules/elasticbeanstalk/environment-logs-streamed';
import { type Aws, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { environmentWith, optionsOf, useEnvironments } from './environments';

useEnvironments();

const logs = 'aws:elasticbeanstalk:cloudwatch:logs';

describeRule(rule, {
  violations: {
    'an environment that keeps its logs to itself': {
      seed: environmentWith({ [`${logs} StreamLogs`]: 'false', [`${logs} RetentionInDays`]: '30' }),
      fixed: async (world) =>
        expect(await optionsOf(world)).toMatchObject({ [`${logs} StreamLogs`]: 'true', [`${logs} RetentionInDays`]: '30' }),
    },
    'an environment that says nothing of logs, where its owner keeps them for a year': {
      seed: environmentWith({}),
      parameters: { retentionInDays: 365 },
      fixed: async (world) =>
        expect(await optionsOf(world)).toMatchObject({ [`${logs} StreamLogs`]: 'true', [`${logs} RetentionInDays`]: '365' }),
      rolledBack: async (world) => expect(Object.keys(await optionsOf(world)).some((name) => name.startsWith(logs))).toBe(false),
    },
    'an environment that keeps its logs to itself, and longer than its owner asks': {
      seed: environmentWith({ [`${logs} StreamLogs`]: 'false', [`${logs} RetentionInDays`]: '400' }),
      parameters: { retentionInDays: 365 },
      fixed: async (world) =>
        expect(await optionsOf(world)).toMatchObject({ [`${logs} StreamLogs`]: 'true', [`${logs} RetentionInDays`]: '400' }),
    },
    'an environment that streams its logs, and forgets them sooner than its owner asks': {
      seed: environmentWith({ [`${logs} StreamLogs`]: 'true' }),
      parameters: { retentionInDays: 14 },
      fixed: async (world) =>
        expect(await optionsOf(world)).toMatchObject({ [`${logs} StreamLogs`]: 'true', [`${logs} RetentionInDays`]: '14' }),
    },
  },
  compliant: {
    'an environment that streams its logs': { seed: environmentWith({ [`${logs} StreamLogs`]: 'true' }) },
    'an environment that streams its logs, and keeps them as long as its owner asks': {
      seed: environmentWith({ [`${logs} StreamLogs`]: 'true', [`${logs} RetentionInDays`]: '90' }),
      parameters: { retentionInDays: 90 },
    },
    'an environment that streams its logs, and keeps them for as long as Elastic Beanstalk does by itself': {
      seed: environmentWith({ [`${logs} StreamLogs`]: 'true' }),
      parameters: { retentionInDays: 7 },
    },
  },
  obstacles: {
    'an environment that Elastic Beanstalk updates with the permissions of the caller': {
      seed: environmentWith({}, 'Ready', ''),
      outcome: 'unfixable',
      reason: /has no operations role/,
    },
    'a number of days that CloudWatch does not know': {
      seed: environmentWith({}),
      parameters: { retentionInDays: 8 },
      outcome: 'not-configured',
    },
  },
  missing: 'no-such-environment',
});

const arn = 'arn:aws:elasticbeanstalk:eu-west-1:123456789012:environment/shop/shop-live';
const resource = {
  type: 'AWS::ElasticBeanstalk::Environment',
  id: 'shop-live',
  arn,
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};

it('reads its own options alone', async () => {
  const answer = {
    Environments: [{ EnvironmentArn: arn, EnvironmentName: 'shop-live', ApplicationName: 'shop', Status: 'Ready' }],
    ConfigurationSettings: [
      {
        DeploymentStatus: 'deployed',
        OptionSettings: [
          { Namespace: 'aws:elasticbeanstalk:application:environment', OptionName: 'PASSWORD', Value: 'only-for-tests' },
          { Namespace: logs, OptionName: 'StreamLogs', Value: 'true' },
        ],
      },
    ],
  };
  expect(await rule.inspect(resource, { send: async () => answer } as unknown as Aws)).toEqual({
    options: { [`${logs} StreamLogs`]: 'true' },
    byCaller: true,
  });
});

it('lists the environments of all pages', async () => {
  const send = async ({ input }: { input: { NextToken?: string } }) =>
    input.NextToken ? { Environments: [{ EnvironmentArn: 'b' }] } : { Environments: [{ EnvironmentArn: 'a' }], NextToken: 'more' };
  expect(await rule.list?.(resource, { send } as unknown as Aws)).toEqual(['a', 'b']);
});

it('is gone where the environment is deleted before its options are read', async () => {
  const send = async ({ input }: { input: { EnvironmentName?: string } }) => {
    if (input.EnvironmentName) throw Object.assign(new Error('No Environment found.'), { name: 'InvalidParameterValueException' });
    return { Environments: [{ EnvironmentArn: arn, ApplicationName: 'shop', Status: 'Ready' }] };
  };
  expect(await rule.inspect(resource, { send } as unknown as Aws)).toBe(notFound);
});
