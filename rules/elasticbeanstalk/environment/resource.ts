import { DescribeEnvironmentsCommand, type EnvironmentDescription, ListTagsForResourceCommand } from '@aws-sdk/client-elastic-beanstalk';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant, ResourceKind } from '../../rule';

/** The ARNs of environments, for grants. */
export const environments = 'arn:{partition}:elasticbeanstalk:{region}:{account}:environment/*/*';

// Environments of all applications.
export const environmentReading: Grant = { actions: ['elasticbeanstalk:DescribeEnvironments'], on: environments };

/** An environment of an application, by its name, which is unique in an account and region. AWS Config identifies it by its environment ID (`e-…`). */
export const environment: ResourceKind = {
  type: 'AWS::ElasticBeanstalk::Environment',
  arn: 'arn:{partition}:elasticbeanstalk:{region}:{account}:environment/{freeName}/{id}',
  scope: 'regional',
  target: ({ id }) => ({ EnvironmentName: id }),
  permissions: [environmentReading, { actions: ['elasticbeanstalk:ListTagsForResource'], on: environments }],

  async tags({ arn }, aws) {
    const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new ListTagsForResourceCommand({ ResourceArn: arn })));
    return Object.fromEntries((answer?.ResourceTags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  },

  async resolve(id, _, aws) {
    const { Environments = [] } = await aws.send(new DescribeEnvironmentsCommand({ EnvironmentIds: [id] }));
    return Environments.find((found) => found.EnvironmentId === id)?.EnvironmentArn;
  },
};

/** The environment with this ARN; undefined if it does not exist or is being terminated. */
export async function describeEnvironment(arn: string, name: string, aws: Aws): Promise<EnvironmentDescription | undefined> {
  const { Environments = [] } = await aws.send(new DescribeEnvironmentsCommand({ EnvironmentNames: [name], IncludeDeleted: false }));
  return Environments.find(({ EnvironmentArn, Status }) => EnvironmentArn === arn && !/^Terminat/.test(Status ?? ''));
}

/** The ARNs of the environments of an account and region. */
export const listEnvironments = (aws: Aws): Promise<string[]> =>
  collect(
    (NextToken) => aws.send(new DescribeEnvironmentsCommand({ IncludeDeleted: false, MaxRecords: 1000, NextToken })),
    ({ Environments = [] }) => Environments.flatMap(({ EnvironmentArn }) => EnvironmentArn ?? []),
    ({ NextToken }) => NextToken,
  );
