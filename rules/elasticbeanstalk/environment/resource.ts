import {
  DescribeEnvironmentsCommand,
  type DescribeEnvironmentsCommandInput,
  type EnvironmentDescription,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-elastic-beanstalk';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant, ResourceKind } from '../../rule';

/** The ARNs of environments, for grants. */
export const environments = 'arn:{partition}:elasticbeanstalk:{region}:{account}:environment/*/*';

// Environments of all applications.
export const environmentReading: Grant = { actions: ['elasticbeanstalk:DescribeEnvironments'], on: environments };

// A name of this form is legal, but not of ten letters and digits after the hyphen by chance.
const environmentId = /^e-[a-z0-9]{10}$/;

/** An environment of an application, by its name, which is unique in an account and region. AWS Config identifies it by its environment ID (`e-…`). */
export const environment: ResourceKind = {
  type: 'AWS::ElasticBeanstalk::Environment',
  arn: 'arn:{partition}:elasticbeanstalk:{region}:{account}:environment/{freeName}/{id}',
  assignedId: environmentId,
  scope: 'regional',
  target: ({ id }) => ({ EnvironmentName: id }),
  permissions: [environmentReading, { actions: ['elasticbeanstalk:ListTagsForResource'], on: environments }],

  async tags({ arn }, aws) {
    const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new ListTagsForResourceCommand({ ResourceArn: arn })));
    return Object.fromEntries((answer?.ResourceTags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  },

  async resolve(id, _, aws) {
    if (!/^[A-Za-z0-9-]{4,40}$/.test(id)) return undefined;
    const find = async (wanted: DescribeEnvironmentsCommandInput) =>
      (await aws.send(new DescribeEnvironmentsCommand({ ...wanted, IncludeDeleted: false }))).Environments ?? [];
    const byId = environmentId.test(id) ? await find({ EnvironmentIds: [id] }) : [];
    const found = byId.length > 0 ? byId : await find({ EnvironmentNames: [id] });
    return found.flatMap((one) => ([one.EnvironmentId, one.EnvironmentName].includes(id) ? (one.EnvironmentArn ?? []) : []));
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
