import { ownRoles } from '../../iam/own-role/own-role';
import { flowLogGroups } from './flow-log-group';

/** The roles that VPCs use to deliver their flow logs. */
export const flowLogRoles = ownRoles({
  prefix: 'posture-vpc-flow-logs',
  describe: ({ id }) => `Delivers the flow logs of ${id}`,
  service: 'vpc-flow-logs.amazonaws.com',
  condition: ({ partition, region, account }) => ({
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*` },
  }),
  policyName: 'deliver-flow-logs',
  policy: (vpc) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
        Resource: [flowLogGroups.arnOf(vpc), `${flowLogGroups.arnOf(vpc)}:*`],
      },
      { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
    ],
  }),
  boundary: 'arn:{partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
});
