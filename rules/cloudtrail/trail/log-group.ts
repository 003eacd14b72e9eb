import { ownRoles } from '../../iam/own-role/own-role';
import { ownLogGroups } from '../../logs/own-group/own-group';

/** The log groups that the rule creates for trails. */
export const trailLogGroups = ownLogGroups('/posture/cloudtrail');

/** The roles that trails use to write to them. */
export const trailRoles = ownRoles({
  prefix: 'posture-cloudtrail',
  describe: ({ id }) => `Delivers the events of the trail ${id}`,
  service: 'cloudtrail.amazonaws.com',
  policyName: 'deliver-events',
  policy: (trail) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: `${trailLogGroups.arnOf(trail)}:log-stream:*`,
      },
    ],
  }),
  boundary: 'arn:{partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
});
