import { CreateLogGroupCommand, DescribeLogGroupsCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import rule from '../../../rules/cloudwatch/log-group-kept-long-enough';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'a log group that keeps its events for a week': {
      seed: kept(7),
      fixed: async (world, id) => expect(await daysOf(world, id)).toEqual({ [id]: 365, [`${id}/beside`]: 1 }),
      rolledBack: async (world, id) => expect(await daysOf(world, id)).toEqual({ [id]: 7, [`${id}/beside`]: 1 }),
    },
    'a log group that keeps its events for a year, where two are asked for': { seed: kept(365), parameters: { minRetentionDays: 731 } },
    'a log group by its ARN as CloudFormation writes it': {
      seed: async (world) => `arn:aws:logs:${world.region}:${world.account}:log-group:${await kept(1)(world)}:*`,
    },
  },
  compliant: {
    'a log group that keeps its events for a year': { seed: kept(365) },
    'a log group that keeps its events for longer': { seed: kept(400) },
    'a log group that keeps its events for ever': { seed: kept(undefined) },
  },
  obstacles: {
    'a number of days that CloudWatch Logs does not know': {
      seed: kept(7),
      parameters: { minRetentionDays: 366 },
      outcome: 'not-configured',
    },
  },
  missing: '/aws/lambda/gone',
});

function kept(retentionInDays: number | undefined) {
  return async (world: World): Promise<string> => {
    const logGroupName = '/aws/lambda/shop';
    for (const [name, days] of [
      [logGroupName, retentionInDays],
      [`${logGroupName}/beside`, 1],
    ] as const) {
      await world.send(new CreateLogGroupCommand({ logGroupName: name }));
      if (days) await world.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: days }));
    }
    return logGroupName;
  };
}

async function daysOf(world: World, logGroupNamePrefix: string) {
  const { logGroups = [] } = await world.send(new DescribeLogGroupsCommand({ logGroupNamePrefix }));
  return Object.fromEntries(logGroups.map(({ logGroupName, retentionInDays }) => [logGroupName, retentionInDays]));
}

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const resource = { ...place, type: 'AWS::Logs::LogGroup', id: 'shop', arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:shop' };

it('finds a log group on a later page', async () => {
  const aws: Aws = {
    async send<Output>({ input }: AwsCommand<Output>) {
      const { nextToken } = input as { nextToken?: string };
      const page = nextToken
        ? { logGroups: [{ logGroupName: 'shop', retentionInDays: 3 }] }
        : { logGroups: [{ logGroupName: 'shop-2' }], nextToken: '2' };
      return page as Output;
    },
  };
  expect(await rule.inspect(resource, aws)).toEqual({ days: 3 });
  expect(await rule.list?.(place, aws)).toEqual(['shop-2', 'shop']);
});

describe('a log group that does not set its own days', () => {
  const planned = async (group: object) => {
    const answer = { logGroups: [{ logGroupName: 'shop', ...group }] };
    const aws: Aws = { send: async <Output>(_: AwsCommand<Output>) => answer as Output };
    return planOf(rule, resource, await rule.inspect(resource, aws), {
      parameters: { minRetentionDays: 365 },
      detectedBy: 'CloudWatch.16',
      now: new Date(0),
    });
  };

  it('is left alone where a policy of the account does, which none of its own overrides', async () => {
    const policy = { retentionPolicyName: 'a-month', retentionInDays: 30 };
    expect(await planned(policy)).toMatchObject({
      unfixable: expect.stringContaining('for 30 days. This is set by the retention policy a-month of'),
    });
    expect(await planned({ ...policy, retentionInDays: 365 })).toEqual([]);
    expect(await planned({ retentionPolicyName: 'for-ever' })).toEqual([]);
  });

  it('is left alone where its class does, but for the classes that leave it the choice', async () => {
    const kept = { retentionInDays: 1 };
    expect(await planned({ ...kept, logGroupClass: 'DELIVERY' })).toMatchObject({ unfixable: expect.stringContaining('Delivery') });
    for (const logGroupClass of ['STANDARD', 'INFREQUENT_ACCESS', 'ESSENTIALS'])
      expect(await planned({ ...kept, logGroupClass })).toHaveLength(1);
  });
});
