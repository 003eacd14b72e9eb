import { CloudWatchLogsClient, CreateLogGroupCommand, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFlowLogsCommand,
  type CreateFlowLogsCommandInput,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeFlowLogsCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, GetRoleCommand, GetRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type * as z from 'zod';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { undefinedOn } from '../../../rules/absence';
import rule from '../../../rules/ec2/vpc-flow-logs-enabled';
import { type Aws, type AwsCommand, notFound, type Resource } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  clients: [CloudWatchLogsClient, IAMClient, S3Client],
  violations: {
    'a VPC without flow logs': {
      seed: newVpc,
      async fixed(world, id) {
        expect(await flowLogsOf(world, id)).toEqual([
          {
            ResourceId: id,
            FlowLogStatus: 'ACTIVE',
            DeliverLogsStatus: 'SUCCESS',
            TrafficType: 'REJECT',
            LogDestinationType: 'cloud-watch-logs',
            LogGroupName: `/posture/vpc-flow-logs/${id}`,
            DeliverLogsPermissionArn: `arn:aws:iam::${world.account}:role/posture-vpc-flow-logs-eu-west-1-${id}`,
            Tags: [{ Key: 'posture:rule', Value: rule.id }],
          },
        ]);
        expect(await logGroupOf(world, id)).toMatchObject({ retentionInDays: 365 });
        expect(await roleOf(world, id)).toMatchObject({
          PermissionsBoundary: {
            PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
          },
        });
        expect(await policyOf(world, id)).toEqual({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
              Resource: [
                `arn:aws:logs:eu-west-1:${world.account}:log-group:/posture/vpc-flow-logs/${id}`,
                `arn:aws:logs:eu-west-1:${world.account}:log-group:/posture/vpc-flow-logs/${id}:*`,
              ],
            },
            { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
          ],
        });
      },
      async rolledBack(world, id) {
        expect(await flowLogsOf(world, id)).toEqual([]);
        expect(await logGroupOf(world, id)).toBeUndefined();
        expect(await roleOf(world, id)).toBeUndefined();
      },
    },
    'a VPC whose flow logs are of a subnet, of other traffic, or do not get through': {
      async seed(world) {
        const id = await newVpc(world);
        const { Subnet } = await world.send(new CreateSubnetCommand({ VpcId: id, CidrBlock: '10.0.1.0/24' }));
        await log(world, { ResourceType: 'Subnet', ResourceIds: [Subnet?.SubnetId ?? ''], TrafficType: 'ALL' });
        await log(world, { ResourceIds: [id], TrafficType: 'ACCEPT' });
        await log(world, { ResourceIds: [id], TrafficType: 'ALL', LogGroupName: 'no-such-group' });
        return id;
      },
      parameters: { retentionDays: 30, kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000' },
      async fixed(world, id) {
        expect(await flowLogsOf(world, id)).toHaveLength(3);
        expect(await logGroupOf(world, id)).toMatchObject({
          retentionInDays: 30,
          kmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000',
        });
      },
      async rolledBack(world, id) {
        expect((await flowLogsOf(world, id)).map(({ TrafficType }) => TrafficType)).toEqual(['ACCEPT', 'ALL']);
      },
    },
    'a VPC that is to be logged in a bucket': {
      async seed(world) {
        await world.send(new CreateBucketCommand({ Bucket: 'flow-logs-of-all' }));
        return newVpc(world);
      },
      parameters: { bucketArn: 'arn:aws:s3:::flow-logs-of-all', trafficType: 'ALL' },
      async fixed(world, id) {
        expect(await flowLogsOf(world, id)).toMatchObject([
          { TrafficType: 'ALL', LogDestinationType: 's3', LogDestination: 'arn:aws:s3:::flow-logs-of-all' },
        ]);
        expect(await logGroupOf(world, id)).toBeUndefined();
        expect(await roleOf(world, id)).toBeUndefined();
      },
    },
    'a VPC for which half of it was made before': {
      async seed(world) {
        const id = await newVpc(world);
        const changes = await planFor(world, id);
        // The log group without its retention, and the role without its policy.
        for (const { do: command } of changes)
          if (/^Create(LogGroup|Role)Command$/.test(command.constructor.name)) await world.send(command);
        return id;
      },
      async rolledBack(world, id) {
        expect(await logGroupOf(world, id)).toBeDefined();
        expect(await roleOf(world, id)).toBeDefined();
      },
    },
    'a VPC that somebody else logs too before the rollback': {
      seed: newVpc,
      meanwhile: (world, id) => log(world, { ResourceIds: [id], TrafficType: 'ALL' }),
      async rolledBack(world, id) {
        expect(await flowLogsOf(world, id)).toMatchObject([{ LogGroupName: 'flow-logs' }]);
        expect(await logGroupOf(world, id)).toBeUndefined();
        expect(await roleOf(world, id)).toBeUndefined();
      },
    },
  },
  compliant: {
    'a VPC of which rejected traffic is logged': { seed: (world) => loggedVpc(world, 'REJECT') },
    'a VPC of which all traffic is logged': { seed: (world) => loggedVpc(world, 'ALL') },
    'a VPC of which accepted traffic is logged, where that is asked for': {
      seed: (world) => loggedVpc(world, 'ACCEPT'),
      parameters: { trafficType: 'ACCEPT' },
    },
  },
  obstacles: {
    "a log group of somebody else's with the name of ours": {
      async seed(world) {
        const id = await newVpc(world);
        await world.send(new CreateLogGroupCommand({ logGroupName: `/posture/vpc-flow-logs/${id}`, tags: { 'posture:rule': 'another' } }));
        return id;
      },
      outcome: 'unfixable',
      reason: /log group named .* exists with a different configuration/,
    },
    'a role with the name and tag of ours that trusts somebody else': {
      async seed(world) {
        const id = await newVpc(world);
        await world.send(
          new CreateRoleCommand({
            RoleName: `posture-vpc-flow-logs-${world.region}-${id}`,
            AssumeRolePolicyDocument: JSON.stringify({
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }],
            }),
            Tags: [{ Key: 'posture:rule', Value: rule.id }],
          }),
        );
        return id;
      },
      outcome: 'unfixable',
      reason: /role named .* exists with a different configuration/,
    },
    'a flow log of ours that no longer gets through': {
      async seed(world) {
        const id = await newVpc(world);
        await log(world, {
          ResourceIds: [id],
          TrafficType: 'REJECT',
          LogGroupName: 'no-such-group',
          TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: [{ Key: 'posture:rule', Value: rule.id }] }],
        });
        return id;
      },
      outcome: 'unfixable',
      reason: /which this rule created earlier, does not deliver/,
    },
  },
  missing: 'vpc-0123456789abcdef0',
  unexercised: {
    'logs:CreateLogDelivery': 'AWS asks for it where a flow log is delivered to S3; there is no call of that name.',
    'logs:DeleteLogDelivery': 'AWS asks for it where a flow log to S3 is deleted; there is no call of that name.',
  },
});

async function newVpc(world: World): Promise<string> {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  return Vpc?.VpcId ?? '';
}

async function loggedVpc(world: World, TrafficType: CreateFlowLogsCommandInput['TrafficType']): Promise<string> {
  const id = await newVpc(world);
  await log(world, { ResourceIds: [id], TrafficType });
  return id;
}

/** Makes a flow log as somebody else would. */
async function log(
  world: World,
  input: Pick<CreateFlowLogsCommandInput, 'ResourceIds'> & Partial<CreateFlowLogsCommandInput>,
): Promise<void> {
  const { LogGroupName = 'flow-logs' } = input;
  if (LogGroupName === 'flow-logs')
    await undefinedOn(['ResourceAlreadyExistsException'], world.send(new CreateLogGroupCommand({ logGroupName: LogGroupName })));
  const DeliverLogsPermissionArn = `arn:aws:iam::${world.account}:role/flow-logs`;
  await world.send(new CreateFlowLogsCommand({ ResourceType: 'VPC', LogGroupName, DeliverLogsPermissionArn, ...input }));
}

async function flowLogsOf(world: World, id: string) {
  const { FlowLogs = [] } = await world.send(new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id', Values: [id] }] }));
  return FlowLogs.map(({ CreationTime, FlowLogId, LogFormat, MaxAggregationInterval, ...flowLog }) => flowLog).sort((a, b) =>
    (a.TrafficType ?? '') < (b.TrafficType ?? '') ? -1 : 1,
  );
}

async function logGroupOf(world: World, id: string) {
  const { logGroups = [] } = await world.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: `/posture/vpc-flow-logs/${id}` }));
  return logGroups[0];
}

const roleName = (world: World, id: string): string => `posture-vpc-flow-logs-${world.region}-${id}`;

async function roleOf(world: World, id: string) {
  return (await undefinedOn(['NoSuchEntityException'], world.send(new GetRoleCommand({ RoleName: roleName(world, id) }))))?.Role;
}

async function policyOf(world: World, id: string): Promise<unknown> {
  const name = { RoleName: roleName(world, id), PolicyName: 'deliver-flow-logs' };
  const { PolicyDocument = '' } = await world.send(new GetRolePolicyCommand(name));
  return JSON.parse(decodeURIComponent(PolicyDocument));
}

const resourceAt = ({ account, region }: Pick<Resource, 'account' | 'region'>, id: string): Resource => ({
  partition: 'aws',
  account,
  region,
  type: 'AWS::EC2::VPC',
  id,
  arn: `arn:aws:ec2:${region}:${account}:vpc/${id}`,
});
type Parameters = z.infer<NonNullable<typeof rule.parameters>>;
const context = (parameters: object = {}) => ({
  parameters: rule.parameters?.parse(parameters) as Parameters,
  detectedBy: 'EC2.6',
  now: new Date(0),
});

/** The changes for a VPC as it is now. */
async function planFor(world: World, id: string) {
  const resource = resourceAt(world, id);
  const state = await rule.inspect(resource, world);
  const plan = state === notFound ? [] : rule.plan(resource, state, context());
  if (!isChanges(plan)) throw new Error(JSON.stringify(plan));
  return plan;
}

describe('a plan', () => {
  const resource = resourceAt({ account: '123456789012', region: 'eu-west-1' }, 'vpc-0a');
  const bare = { owner: resource.account, flowLogs: [], logGroup: 'absent', role: 'absent' } as const;
  const theirs = { id: 'fl-0a', traffic: 'REJECT', delivers: true, own: false } as const;

  it('makes the flow log last, when what it needs is there, and waits until AWS knows the role', () => {
    const plan = rule.plan(resource, bare, context());
    expect(isChanges(plan) && plan.map((change) => loggedChange(change).do.operation)).toEqual([
      'CreateLogGroup',
      'PutRetentionPolicy',
      'CreateRole',
      'PutRolePolicy',
      'CreateFlowLogs',
    ]);
    expect(isChanges(plan) && plan.at(-1)).toMatchObject({ undo: 'revert-own-part', retryOn: ['InvalidParameter'] });
  });

  it('gives each VPC of each region a role of its own, with a name that IAM takes', () => {
    const names = [resource, { ...resource, id: 'vpc-0b' }, { ...resource, region: 'ap-southeast-2' }].map((one) => {
      const plan = rule.plan(one, bare, context());
      return isChanges(plan) && plan.map(loggedChange).find(({ do: { operation } }) => operation === 'CreateRole');
    });
    expect(names).toMatchObject(
      ['eu-west-1-vpc-0a', 'eu-west-1-vpc-0b', 'ap-southeast-2-vpc-0a'].map((name) => ({
        do: { input: { RoleName: `posture-vpc-flow-logs-${name}` } },
      })),
    );
    expect(`posture-vpc-flow-logs-ap-southeast-2-vpc-${'0'.repeat(17)}`.length).toBeLessThanOrEqual(64);
  });

  it('is refused for a VPC that belongs to another account', () => {
    expect(rule.plan(resource, { ...bare, owner: '999999999999' }, context())).toEqual({
      unfixable: 'The VPC vpc-0a belongs to account 999999999999, and only that account can log all its traffic.',
      code: 'owned-by-other-account',
    });
  });

  it('is refused where our flow log is there, but of other traffic than now asked for', () => {
    expect(rule.plan(resource, { ...bare, flowLogs: [{ ...theirs, own: true }] }, context({ trafficType: 'ALL' }))).toEqual({
      unfixable:
        'The flow log fl-0a, which this rule created earlier, logs only REJECT traffic. Delete it, so that a new one can be created.',
      code: 'traffic-not-covered',
    });
  });

  it("does not mind somebody else's log group and role where it delivers to a bucket", () => {
    const plan = rule.plan(resource, { ...bare, logGroup: 'foreign', role: 'foreign' }, context({ bucketArn: 'arn:aws:s3:::logs' }));
    expect(isChanges(plan) && plan).toHaveLength(1);
  });

  it('takes back nothing that was there before, nor what somebody else has made of it', () => {
    const before = { ...bare, flowLogs: [theirs], logGroup: { retention: 30 } } as const;
    const now = { ...before, flowLogs: [theirs, { ...theirs, id: 'fl-0b', own: true }], role: 'foreign' } as const;
    const commands = rule.revertOwnPart?.(resource, now, { before, after: now, parameters: context().parameters }) ?? [];
    expect(commands.map(({ input }) => input)).toEqual([{ FlowLogIds: ['fl-0b'] }]);
  });
});

describe('what is there already', () => {
  const resource = resourceAt({ account: '123456789012', region: 'eu-west-1' }, 'vpc-0a');
  const name = '/posture/vpc-flow-logs/vpc-0a';
  const made = madeFor(resource);
  const role = {
    AssumeRolePolicyDocument: encodeURIComponent(made.trust),
    PermissionsBoundary: { PermissionsBoundaryArn: made.boundary },
    Tags: [{ Key: 'posture:rule', Value: rule.id }],
  };
  const answers = {
    DescribeVpcs: { Vpcs: [{ VpcId: 'vpc-0a', OwnerId: resource.account }] },
    DescribeLogGroups: { logGroups: [{ logGroupName: `${name}b` }, { logGroupName: name, retentionInDays: 7 }] },
    ListTagsForResource: { tags: { 'posture:rule': rule.id } },
    GetRole: { Role: role },
    GetRolePolicy: { PolicyDocument: encodeURIComponent(made.policy) },
  };
  const seen = async (over: Readonly<Record<string, object>> = {}) => {
    const all: Readonly<Record<string, object>> = { ...answers, ...over };
    const send = async (command: AwsCommand) => all[command.constructor.name.replace('Command', '')] ?? {};
    return rule.inspect(resource, { send } as unknown as Aws);
  };

  it('is used where it is as this rule makes it', async () => {
    expect(await seen()).toMatchObject({ logGroup: { retention: 7 }, role: 'ready' });
  });

  it.each([
    ['of no tag', { Tags: [] }],
    ['of another tag', { Tags: [{ Key: 'posture:rule', Value: 'another' }] }],
    ['of no boundary', { PermissionsBoundary: undefined }],
    ['of a wider boundary', { PermissionsBoundary: { PermissionsBoundaryArn: 'arn:aws:iam::aws:policy/AdministratorAccess' } }],
    ['that trusts others', { AssumeRolePolicyDocument: encodeURIComponent(made.trust.replace('vpc-flow-logs', 'ec2')) }],
    ['whose trust cannot be read', { AssumeRolePolicyDocument: '%' }],
  ])('is not, where it is a role %s', async (_what, over) => {
    expect(await seen({ GetRole: { Role: { ...role, ...over } } })).toMatchObject({ role: 'foreign' });
  });

  it('is not, where the role may do something else', async () => {
    const PolicyDocument = encodeURIComponent(made.policy.replace('logs:PutLogEvents', 'logs:*'));
    expect(await seen({ GetRolePolicy: { PolicyDocument } })).toMatchObject({ role: 'foreign' });
  });

  it('is not the log group of a VPC whose id only begins alike', async () => {
    expect(await seen({ DescribeLogGroups: { logGroups: [{ logGroupName: `${name}b` }] } })).toMatchObject({ logGroup: 'absent' });
  });
});

/** The documents that the rule gives to the role of a VPC. */
function madeFor(resource: Resource) {
  const bare = { owner: resource.account, flowLogs: [], logGroup: 'absent', role: 'absent' } as const;
  const plan = rule.plan(resource, bare, context());
  const inputs = Object.assign({}, ...(isChanges(plan) ? plan.map(({ do: { input } }) => input) : []));
  return {
    trust: String(inputs.AssumeRolePolicyDocument),
    boundary: String(inputs.PermissionsBoundary),
    policy: String(inputs.PolicyDocument),
  };
}

it.each([
  [{ bucketArn: 'arn:aws:s3:::logs', kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/0a' }],
  [{ bucketArn: 'arn:aws:s3:::Logs' }],
  [{ bucketArn: 's3://logs' }],
  [{ bucketArn: 'arn:aws:s3:::logs/*\n' }],
  [{ kmsKeyArn: 'alias/logs' }],
  [{ retentionDays: 2 }],
  [{ trafficType: 'reject' }],
  [{ logGroup: 'mine' }],
])('does not take %j for parameters', (parameters) => {
  expect(rule.parameters?.safeParse(parameters).success).toBe(false);
});

it('reads all pages of the flow logs and of the VPCs', async () => {
  const page = (...names: readonly string[]) => ({
    Vpcs: names.map((name) => ({ VpcId: `vpc-${name}`, OwnerId: '123456789012' })),
    FlowLogs: names.map((name) => ({ FlowLogId: `fl-${name}`, TrafficType: 'ALL', FlowLogStatus: 'ACTIVE' })),
  });
  const aws = {
    async send({ input }: { input: { NextToken?: string } }) {
      return input.NextToken ? page('0a') : { ...page('0b'), NextToken: 'more' };
    },
  } as unknown as Aws;
  const resource = resourceAt({ account: '123456789012', region: 'eu-west-1' }, 'vpc-0b');
  expect(await rule.inspect(resource, aws)).toMatchObject({
    flowLogs: [{ id: 'fl-0a' }, { id: 'fl-0b' }],
    logGroup: 'absent',
    role: 'absent',
  });
  expect(await rule.list?.(resource, aws)).toEqual(['vpc-0b', 'vpc-0a']);
});
