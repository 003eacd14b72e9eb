import { ListTagsForResourceCommand } from '@aws-sdk/client-cloudwatch-logs';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';

/** The ARNs of log groups, for grants. */
export const logGroups = 'arn:{partition}:logs:{region}:{account}:log-group:*';

/** A log group, by its name. Its ARN ends with `:*` in some AWS responses, and without in others. */
export const logGroup: ResourceKind = {
  type: 'AWS::Logs::LogGroup',
  arn: 'arn:{partition}:logs:{region}:{account}:log-group:{slashedId}{wildcard}',
  name: /[A-Za-z0-9_/.#-]{1,512}/,
  scope: 'regional',
  target: ({ id }) => ({ logGroupName: id }),
  permissions: [{ actions: ['logs:ListTagsForResource'], on: logGroups }],

  async tags({ arn }, aws) {
    const resourceArn = arn.replace(/:\*$/, '');
    const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new ListTagsForResourceCommand({ resourceArn })));
    return answer?.tags ?? {};
  },
};
