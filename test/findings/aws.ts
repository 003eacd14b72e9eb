import type { Aws } from '../../rules/rule';
import { kindForms } from './kinds';

type Input = Readonly<Record<string, unknown>>;

const arnOf = (type: string): string => kindForms[type]?.arn ?? '';
const idOf = (type: string, sort: string): string => kindForms[type]?.ids[sort] ?? '';
const fault = (name: string): Error => Object.assign(new Error(name), { name });

const instance = {
  DBInstanceIdentifier: 'orders',
  DbiResourceId: idOf('AWS::RDS::DBInstance', 'the resource id'),
  DBInstanceArn: arnOf('AWS::RDS::DBInstance'),
};
const cluster = {
  DBClusterIdentifier: 'ledger',
  DbClusterResourceId: idOf('AWS::RDS::DBCluster', 'the resource id'),
  DBClusterArn: arnOf('AWS::RDS::DBCluster'),
};
const environment = {
  EnvironmentId: 'e-abcdefghij',
  EnvironmentName: 'MyEnvironment',
  EnvironmentArn: arnOf('AWS::ElasticBeanstalk::Environment'),
};
const other = { UserName: 'other', UserId: 'AIDAIOSFODNN7OTHER00', Arn: 'arn:aws:iam::111122223333:user/other' };
const jane = { UserName: 'jane', UserId: 'AIDACKCEVSQ6C2EXAMPLE', Arn: arnOf('AWS::IAM::User') };
/** Its name is the unique id of another user. */
const liar = {
  UserName: 'AIDAIOSFODNN7VICTIM0',
  UserId: 'AIDAIOSFODNN7LIAR000',
  Arn: 'arn:aws:iam::111122223333:user/AIDAIOSFODNN7VICTIM0',
};
const victim = { UserName: 'victim', UserId: 'AIDAIOSFODNN7VICTIM0', Arn: 'arn:aws:iam::111122223333:user/victim' };

const filterOf = (input: Input): unknown => (input as { Filters?: { Values?: unknown[] }[] }).Filters?.[0]?.Values?.[0];
const first = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined);
const found = <Item>(item: Item, isIt: boolean): Item[] => (isIt ? [item] : []);

/** What the services of AWS answer about the resources of `kindForms`, page by page where they have pages. */
const answers: Readonly<Record<string, (input: Input) => object>> = {
  DescribeDBInstancesCommand(input) {
    const by = filterOf(input);
    if (by !== undefined) return { DBInstances: found(instance, by === instance.DbiResourceId) };
    if (input['DBInstanceIdentifier'] !== instance.DBInstanceIdentifier) throw fault('DBInstanceNotFoundFault');
    return { DBInstances: [instance] };
  },
  DescribeDBClustersCommand(input) {
    const by = filterOf(input);
    if (by !== undefined) return { DBClusters: found(cluster, by === cluster.DbClusterResourceId) };
    if (input['DBClusterIdentifier'] !== cluster.DBClusterIdentifier) throw fault('DBClusterNotFoundFault');
    return { DBClusters: [cluster] };
  },
  ListUsersCommand: ({ Marker }) => (Marker === undefined ? { Users: [other, liar], Marker: '2' } : { Users: [victim, jane] }),
  ListPoliciesCommand: ({ Marker }) =>
    Marker === undefined
      ? { Policies: [], Marker: '2' }
      : { Policies: [{ PolicyId: 'ANPAIOSFODNN7EXAMPLE', PolicyName: 'everything', Arn: arnOf('AWS::IAM::Policy') }] },
  DescribeEnvironmentsCommand: ({ EnvironmentIds, EnvironmentNames }) => ({
    Environments: found(
      environment,
      first(EnvironmentIds) === environment.EnvironmentId || first(EnvironmentNames) === environment.EnvironmentName,
    ),
  }),
  DescribeNodegroupCommand({ clusterName, nodegroupName }) {
    if (clusterName !== 'shop' || nodegroupName !== 'workers') throw fault('ResourceNotFoundException');
    return { nodegroup: { nodegroupArn: arnOf('AWS::EKS::Nodegroup') } };
  },
  DescribeAutoScalingGroupsCommand: ({ AutoScalingGroupNames }) => ({
    AutoScalingGroups: found(
      { AutoScalingGroupName: 'web', AutoScalingGroupARN: arnOf('AWS::AutoScaling::AutoScalingGroup') },
      first(AutoScalingGroupNames) === 'web',
    ),
  }),
  DescribeLaunchConfigurationsCommand: ({ LaunchConfigurationNames }) => ({
    LaunchConfigurations: found(
      { LaunchConfigurationName: 'web-1', LaunchConfigurationARN: arnOf('AWS::AutoScaling::LaunchConfiguration') },
      first(LaunchConfigurationNames) === 'web-1',
    ),
  }),
  DescribeLoadBalancersCommand({ Names }) {
    if (first(Names) !== 'shop') throw fault('LoadBalancerNotFoundException');
    return { LoadBalancers: [{ LoadBalancerName: 'shop', LoadBalancerArn: arnOf('AWS::ElasticLoadBalancingV2::LoadBalancer') }] };
  },
  ListClustersV2Command: ({ ClusterNameFilter }) => ({
    ClusterInfoList: found({ ClusterName: 'shop', ClusterArn: arnOf('AWS::MSK::Cluster') }, ClusterNameFilter === 'shop'),
  }),
  DescribeSecretCommand({ SecretId }) {
    if (SecretId !== '/shop/password') throw fault('ResourceNotFoundException');
    return { ARN: arnOf('AWS::SecretsManager::Secret'), Name: '/shop/password' };
  },
  ListNamespacesCommand: () => ({
    namespaces: [
      {
        namespaceName: 'shop',
        namespaceId: idOf('AWS::RedshiftServerless::Namespace', 'the unique id'),
        namespaceArn: arnOf('AWS::RedshiftServerless::Namespace'),
      },
    ],
  }),
  ListWorkgroupsCommand: () => ({
    workgroups: [
      {
        workgroupName: 'shop',
        workgroupId: idOf('AWS::RedshiftServerless::Workgroup', 'the unique id'),
        workgroupArn: arnOf('AWS::RedshiftServerless::Workgroup'),
      },
    ],
  }),
};

export const aws: Aws = {
  async send(command) {
    const answer = answers[command.constructor.name];
    if (!answer) throw new Error(`Nobody expects ${command.constructor.name}.`);
    return answer(command.input as Input) as never;
  },
};
