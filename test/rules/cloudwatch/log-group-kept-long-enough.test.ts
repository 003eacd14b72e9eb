import { CreateLogGroupCommand, DescribeLogGroupsCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import rule from '../../../rules/cloudwatch/log-group-kept-long-enough';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
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
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::Logs::LogGroup', id: 'shop', arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:shop' };
  expect(await rule.inspect(resource, aws)).toEqual({ days: 3 });
  expect(await rule.list?.(place, aws)).toEqual(['shop-2', 'shop']);
});
