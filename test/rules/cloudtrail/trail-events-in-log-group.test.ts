import { GetTrailCommand, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, GetRoleCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { undefinedOn } from '../../../rules/absence';
import { trail } from '../../../rules/cloudtrail/trail/resource';
import rule from '../../../rules/cloudtrail/trail-events-in-log-group';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { ofOrganization, trailWith } from './new-trail';

const context = { parameters: { retentionDays: 365 } as const, detectedBy: 'CloudTrail.5', now: new Date(0) };
const delivering = {
  CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-west-1:111122223333:log-group:theirs:*',
  CloudWatchLogsRoleArn: 'arn:aws:iam::111122223333:role/theirs',
};

describeRule(rule, {
  clients: [S3Client],
  violations: {
    'a trail that delivers to its bucket alone': {
      seed: trailWith({}),
      async fixed(world, id) {
        const logGroup = `arn:aws:logs:eu-west-1:${world.account}:log-group:/posture/cloudtrail/${id}`;
        expect(await deliveryOf(world, id)).toEqual([
          `${logGroup}:*`,
          `arn:aws:iam::${world.account}:role/posture-cloudtrail-eu-west-1-${id}`,
        ]);
        expect(await logGroupOf(world, id)).toMatchObject({ retentionInDays: 365 });
        expect(await roleOf(world, id)).toMatchObject({
          PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs' },
        });
        expect(await policyOf(world, id)).toEqual({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `${logGroup}:log-stream:*` }],
        });
      },
      async rolledBack(world, id) {
        expect(await deliveryOf(world, id)).toEqual(['', '']);
        expect(await logGroupOf(world, id)).toBeUndefined();
        expect(await roleOf(world, id)).toBeUndefined();
      },
    },
    'a trail of all regions, and events to be kept for a month': {
      seed: trailWith({ IsMultiRegionTrail: true, EnableLogFileValidation: true }),
      parameters: { retentionDays: 30 },
      async fixed(world, id) {
        expect(await logGroupOf(world, id)).toMatchObject({ retentionInDays: 30 });
        const { Trail } = await world.send(new GetTrailCommand({ Name: id }));
        expect(Trail).toMatchObject({ IsMultiRegionTrail: true, LogFileValidationEnabled: true });
      },
    },
    'a trail for which half of it was made before': {
      async seed(world) {
        const id = await trailWith({})(world);
        const arn = `arn:aws:cloudtrail:${world.region}:${world.account}:trail/${id}`;
        const { partition, account, region } = world;
        const plan = rule.plan({ type: trail.type, id, arn, partition, account, region }, { arn, logGroup: null }, context);
        for (const { do: command } of isChanges(plan) ? plan : [])
          if (/^Create(LogGroup|Role)Command$/.test(command.constructor.name)) await world.send(command);
        return id;
      },
      async rolledBack(world, id) {
        expect(await logGroupOf(world, id)).toBeDefined();
        expect(await roleOf(world, id)).toBeDefined();
      },
    },
    'a trail that somebody lets deliver elsewhere before the rollback': {
      seed: trailWith({}),
      meanwhile: async (world, Name) => void (await world.send(new UpdateTrailCommand({ Name, ...delivering }))),
      rollback: 'rollback-refused',
    },
  },
  compliant: { 'a trail that delivers to a log group of its owner': { seed: trailWith(delivering) } },
  obstacles: {
    "a log group of somebody else's with the name of ours": {
      async seed(world) {
        const id = await trailWith({})(world);
        await world.send(new CreateLogGroupCommand({ logGroupName: `/posture/cloudtrail/${id}` }));
        return id;
      },
      outcome: 'unfixable',
      reason: /log group named .* exists with a different configuration/,
    },
    'a role with the name of ours that trusts somebody else': {
      async seed(world) {
        const id = await trailWith({})(world);
        await world.send(new CreateRoleCommand({ RoleName: roleName(world, id), AssumeRolePolicyDocument: '{}' }));
        return id;
      },
      outcome: 'unfixable',
      reason: /role named .* exists with a different configuration/,
    },
    'the copy of a trail of another region': {
      seed: (world) => trailWith({ IsMultiRegionTrail: true })(world.in('us-east-1')),
      outcome: 'unfixable',
      reason: /shadow trail of arn:aws:cloudtrail:us-east-1:/,
    },
  },
  missing: 'no-such-trail',
  unexercised: ofOrganization,
});

it('delivers last, waits until CloudTrail knows the role, and gives it a name that IAM takes', () => {
  const id = 't'.repeat(128);
  const arn = `arn:aws:cloudtrail:ap-southeast-2:111122223333:trail/${id}`;
  const resource = { type: trail.type, id, arn, partition: 'aws', account: '111122223333', region: 'ap-southeast-2' };
  const plan = rule.plan(resource, { arn, logGroup: null }, context);
  if (!isChanges(plan)) throw new Error(JSON.stringify(plan));
  expect(plan.map((change) => loggedChange(change).do.operation)).toEqual([
    'CreateLogGroup',
    'PutRetentionPolicy',
    'CreateRole',
    'PutRolePolicy',
    'UpdateTrail',
  ]);
  expect(plan.at(-1)).toMatchObject({ retryOn: expect.arrayContaining(['InvalidCloudWatchLogsRoleArnException']) });
  expect(plan[2]?.do.input).toMatchObject({ RoleName: expect.stringMatching(/^posture-cloudtrail-ap-southeast-2-t{30}$/) });
});

const roleName = (world: World, id: string): string => `posture-cloudtrail-${world.region}-${id}`;

async function deliveryOf(world: World, Name: string) {
  const { Trail } = await world.send(new GetTrailCommand({ Name }));
  return [Trail?.CloudWatchLogsLogGroupArn, Trail?.CloudWatchLogsRoleArn];
}

async function logGroupOf(world: World, id: string) {
  const { logGroups = [] } = await world.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: `/posture/cloudtrail/${id}` }));
  return logGroups[0];
}

const roleOf = async (world: World, id: string) =>
  (await undefinedOn(['NoSuchEntityException'], world.send(new GetRoleCommand({ RoleName: roleName(world, id) }))))?.Role;

async function policyOf(world: World, id: string): Promise<unknown> {
  const { PolicyDocument = '' } = await world.send(
    new GetRolePolicyCommand({ RoleName: roleName(world, id), PolicyName: 'deliver-events' }),
  );
  return JSON.parse(decodeURIComponent(PolicyDocument));
}
