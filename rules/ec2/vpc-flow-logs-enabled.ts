import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFlowLogsCommand,
  DeleteFlowLogsCommand,
  DescribeFlowLogsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type FlowLog,
} from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { plain } from '../detector-parameters';
import { type OwnRole, roleCommands } from '../iam/own-role/own-role';
import { keepingParameters, logGroupCommands, type OwnLogGroup } from '../logs/own-group/own-group';
import { collect } from '../pages';
import {
  type Aws,
  type AwsCommand,
  type Change,
  defineRule,
  type MappedParameter,
  notFound,
  type Obstacle,
  type Resource,
  type Tags,
} from '../rule';
import { flowLogGroups } from './vpc/flow-log-group';
import { flowLogRoles } from './vpc/flow-log-role';
import { vpc } from './vpc/resource';

const id = 'ec2-vpc-flow-logs-enabled';
const tags: Tags = { 'posture:rule': id };

const parameters = z
  .strictObject({
    trafficType: z
      .enum(['REJECT', 'ACCEPT', 'ALL'])
      .default('REJECT')
      .describe('The traffic to log: rejected, as Security Hub requires, accepted, or all.'),
    ...keepingParameters,
    bucketArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9!_.*'()/-]{1,512})?$/)
      .optional()
      .describe(
        'The ARN of an S3 bucket, with an optional prefix, to deliver to instead of a log group. Its policy must allow delivery.logs.amazonaws.com to write to it.',
      ),
  })
  .refine(({ kmsKeyArn, bucketArn }) => !kmsKeyArn || !bucketArn, {
    message: 'kmsKeyArn applies to the log group, which bucketArn replaces. Set only one of them.',
  });

type Parameters = z.infer<typeof parameters>;

type SeenFlowLog = {
  readonly id: string;
  readonly traffic: string;
  /** Whether it is active, without delivery errors. */
  readonly delivers: boolean;
  /** Whether this rule created it. */
  readonly own: boolean;
};

type State = {
  readonly owner: string;
  readonly flowLogs: readonly SeenFlowLog[];
  readonly logGroup: OwnLogGroup;
  readonly role: OwnRole;
};

/** Rejected and accepted traffic are both in all. */
const traffic: MappedParameter = {
  sets: 'trafficType',
  read: plain,
  strictest: (one, other) => (one === other ? one : 'ALL'),
};

export default defineRule({
  id,
  title: 'VPCs have flow logs enabled',
  why: 'Without flow logs, nobody can tell afterward which addresses an attack came from, or where data went.',
  impact:
    'A log group and a role are created for the VPC, and CloudWatch Logs charges for the flow logs by the gigabyte. A rollback deletes both, with all flow logs until then.',
  severity: 'medium',
  risk: 'safe',
  resource: vpc,
  marksOwnPart: true,
  detectedBy: { securityHub: ['EC2.6'], config: ['vpc-flow-logs-enabled'] },
  detectorParameters: {
    'EC2.6': { trafficType: traffic },
    'vpc-flow-logs-enabled': { trafficType: traffic },
  },
  permissions: {
    inspect: [
      // IAM offers no resource-level permission for these.
      { actions: ['ec2:DescribeVpcs', 'ec2:DescribeFlowLogs'], on: '*' },
      ...flowLogGroups.reading,
      flowLogRoles.reading,
    ],
    change: [
      {
        actions: ['ec2:CreateFlowLogs'],
        on: ['arn:{partition}:ec2:{region}:{account}:vpc/*', 'arn:{partition}:ec2:{region}:{account}:vpc-flow-log/*'],
      },
      {
        actions: ['ec2:DeleteFlowLogs'],
        on: 'arn:{partition}:ec2:{region}:{account}:vpc-flow-log/*',
        condition: { StringEquals: { 'aws:ResourceTag/posture:rule': id } },
      },
      {
        actions: ['ec2:CreateTags'],
        on: 'arn:{partition}:ec2:{region}:{account}:vpc-flow-log/*',
        condition: { StringEquals: { 'ec2:CreateAction': 'CreateFlowLogs' } },
      },
      // Delivery to S3 requires these. IAM offers no resource-level permission for them.
      { actions: ['logs:CreateLogDelivery', 'logs:DeleteLogDelivery'], on: '*' },
      flowLogGroups.changing,
      ...flowLogRoles.changing,
    ],
  },
  clients: [EC2Client, CloudWatchLogsClient, IAMClient],
  commands: [CreateFlowLogsCommand, DeleteFlowLogsCommand, ...logGroupCommands, ...roleCommands],
  parameters,

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(
      ['InvalidVpcID.NotFound', 'InvalidVpcID.Malformed', 'InvalidVpcId.Malformed'],
      aws.send(new DescribeVpcsCommand({ VpcIds: [resource.id] })),
    );
    const [found] = answer?.Vpcs ?? [];
    if (!found) return notFound;
    return {
      owner: found.OwnerId ?? '',
      flowLogs: await readFlowLogs(resource.id, aws),
      logGroup: await flowLogGroups.read(resource, tags, aws),
      role: await flowLogRoles.read(resource, tags, aws),
    };
  },

  plan(resource, state, { parameters: chosen }) {
    const { trafficType, bucketArn } = chosen;
    const logged = state.flowLogs.some(({ delivers, traffic }) => delivers && (traffic === 'ALL' || traffic === trafficType));
    if (logged) return [];
    const obstacle = obstacleTo(resource, state, bucketArn);
    if (obstacle) return obstacle;
    const destination = bucketArn
      ? { LogDestinationType: 's3' as const, LogDestination: bucketArn }
      : {
          LogDestinationType: 'cloud-watch-logs' as const,
          LogGroupName: flowLogGroups.nameOf(resource),
          DeliverLogsPermissionArn: flowLogRoles.arnOf(resource),
        };
    const flowLog: Change = {
      do: new CreateFlowLogsCommand({
        ResourceType: 'VPC',
        ResourceIds: [resource.id],
        TrafficType: trafficType,
        ...destination,
        TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }],
      }),
      undo: 'revert-own-part',
      // `Unable to assume given IAM role`.
      retryOn: ['InvalidParameter'],
    };
    return [...(bucketArn ? [] : destinationChanges(resource, state, chosen)), flowLog];
  },

  targets: (resource, { now: { flowLogs } }) => ({
    CreateFlowLogs: { ResourceType: 'VPC', 'ResourceIds[]': resource.id },
    DeleteFlowLogs: { 'FlowLogIds[]': flowLogs.filter(({ own }) => own).map((flowLog) => flowLog.id) },
    ...flowLogGroups.targets(resource),
    ...flowLogRoles.targets(resource),
  }),

  revertOwnPart(resource, now, { before, parameters }) {
    const known = new Set(before.flowLogs.map((flowLog) => flowLog.id));
    const made = now.flowLogs.filter((flowLog) => flowLog.own && !known.has(flowLog.id)).map((flowLog) => flowLog.id);
    const missing = new Set(destinationChanges(resource, now, parameters).map(inputOf));
    const undo = destinationChanges(resource, before, parameters)
      .filter((change) => !missing.has(inputOf(change)))
      .flatMap((change): AwsCommand[] => ('undo' in change && change.undo !== 'revert-own-part' ? [change.undo] : []));
    return [...(made.length > 0 ? [new DeleteFlowLogsCommand({ FlowLogIds: made })] : []), ...undo.toReversed()];
  },

  async list({ account }, aws) {
    const vpcs = await collect(
      (NextToken) => aws.send(new DescribeVpcsCommand({ MaxResults: 1000, NextToken })),
      ({ Vpcs }) => Vpcs,
      ({ NextToken }) => NextToken,
    );
    return vpcs.flatMap(({ VpcId, OwnerId }) => (VpcId && OwnerId === account ? VpcId : []));
  },
});

/** The flow logs of the VPC, sorted. Those of its subnets and interfaces cover only a part. */
async function readFlowLogs(vpcId: string, aws: Aws): Promise<readonly SeenFlowLog[]> {
  const flowLogs = await collect(
    (NextToken) =>
      aws.send(new DescribeFlowLogsCommand({ Filter: [{ Name: 'resource-id', Values: [vpcId] }], MaxResults: 1000, NextToken })),
    ({ FlowLogs }) => FlowLogs,
    ({ NextToken }) => NextToken,
  );
  return flowLogs.map(seen).sort((a, b) => (a.id < b.id ? -1 : 1));
}

const seen = ({ FlowLogId = '', TrafficType, FlowLogStatus, DeliverLogsStatus, Tags = [] }: FlowLog): SeenFlowLog => ({
  id: FlowLogId,
  traffic: TrafficType ?? '',
  delivers: FlowLogStatus === 'ACTIVE' && DeliverLogsStatus !== 'FAILED',
  own: Tags.some(({ Key = '', Value }) => tags[Key] === Value),
});

/** The missing changes for the log group and the role that may write to it. */
const destinationChanges = (resource: Resource, { logGroup, role }: State, { retentionDays, kmsKeyArn }: Parameters): readonly Change[] => [
  ...flowLogGroups.changes(resource, logGroup, { retentionDays, kmsKeyArn }, tags),
  ...flowLogRoles.changes(resource, role, tags),
];

const inputOf = ({ do: command }: Change): string => JSON.stringify(command.input);

function obstacleTo(resource: Resource, { owner, flowLogs, logGroup, role }: State, bucketArn: string | undefined): Obstacle | undefined {
  if (owner !== resource.account)
    return {
      unfixable: `The VPC ${resource.id} belongs to account ${owner}, and only that account can log all its traffic.`,
      code: 'owned-by-other-account',
    };
  const own = flowLogs.find((flowLog) => flowLog.own);
  if (own) {
    const problem = own.delivers ? `logs only ${own.traffic} traffic` : 'does not deliver';
    return {
      unfixable: `The flow log ${own.id}, which this rule created earlier, ${problem}. Delete it, so that a new one can be created.`,
      code: own.delivers ? 'traffic-not-covered' : 'delivery-failed',
    };
  }
  if (bucketArn) return undefined;
  const foreign = (what: string, name: string) => ({
    unfixable: `A ${what} named ${name} exists with a different configuration. Delete it, or create the flow log manually.`,
    code: 'name-taken',
  });
  if (logGroup === 'foreign') return foreign('log group', flowLogGroups.nameOf(resource));
  if (role === 'foreign') return foreign('role', flowLogRoles.arnOf(resource));
  return undefined;
}
