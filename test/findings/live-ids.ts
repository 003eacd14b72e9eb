import { DescribeEnvironmentsCommand } from '@aws-sdk/client-elastic-beanstalk';
import { GetPolicyCommand, GetUserCommand } from '@aws-sdk/client-iam';
import { DescribeDBClustersCommand, DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { ListNamespacesCommand, ListWorkgroupsCommand } from '@aws-sdk/client-redshift-serverless';
import type { Resource } from '../../rules/rule';
import type { World } from '../contract/scenario';

type IdOf = (resource: Resource, world: World) => string | Promise<string>;

const end = (text: string, after: string): string => text.slice(text.lastIndexOf(after) + after.length);
const segment = (text: string, index: number): string => text.split('/').at(index) ?? '';

/** How an id of each sort is made of a seeded resource, for the types that do not differ. The sorts are those of `kindForms`. */
const usual: Readonly<Record<string, IdOf>> = {
  'the account id': ({ account }) => account,
  'its id': ({ id }) => id,
  'a name': ({ id }) => id,
  'the API id': ({ id }) => id,
  'account and name': ({ account, id }) => `${account}/${id}`,
  'family and revision': ({ arn }) => end(arn, ':task-definition/'),
  'cluster and service': ({ id }) => id,
  'an ARN with a wildcard': ({ arn }) => `${arn}:*`,
};

const stage: Readonly<Record<string, IdOf>> = {
  'API and stage': ({ arn }) => `${segment(arn, -3)}|${segment(arn, -1)}`,
  'API and stage with a slash': ({ arn }) => `${segment(arn, -3)}/${segment(arn, -1)}`,
};

async function namespace({ arn }: Resource, world: World) {
  const { namespaces } = await world.send(new ListNamespacesCommand({}));
  return namespaces?.find(({ namespaceArn }) => namespaceArn === arn);
}

async function workgroup({ arn }: Resource, world: World) {
  const { workgroups } = await world.send(new ListWorkgroupsCommand({}));
  return workgroups?.find(({ workgroupArn }) => workgroupArn === arn);
}

/** For the others, which AWS has to be asked about, or whose ARNs have more than the id. */
const own: Readonly<Record<string, Readonly<Record<string, IdOf>>>> = {
  'AWS::ApiGateway::Stage': stage,
  'AWS::ApiGatewayV2::Stage': stage,
  'AWS::AutoScaling::AutoScalingGroup': { 'a name': ({ arn }) => end(arn, 'autoScalingGroupName/') },
  'AWS::AutoScaling::LaunchConfiguration': { 'a name': ({ arn }) => end(arn, 'launchConfigurationName/') },
  'AWS::ECS::Service': {
    'ARN and cluster': ({ arn }) => `${arn}|${segment(arn, 1)}`,
    'ARN and ARN of the cluster': ({ arn }) => `${arn}|${arn.replace(':service/', ':cluster/').split('/').slice(0, 2).join('/')}`,
  },
  'AWS::EKS::Nodegroup': {
    'cluster and node group': ({ arn }) => arn.split('/').slice(1, 3).join('/'),
    'cluster, node group and unique id': ({ arn }) => arn.split('/').slice(1, 4).join('/'),
  },
  'AWS::ElasticBeanstalk::Environment': {
    'the environment id': async ({ arn }, world) => {
      const { Environments } = await world.send(new DescribeEnvironmentsCommand({}));
      return Environments?.find(({ EnvironmentArn }) => EnvironmentArn === arn)?.EnvironmentId ?? '';
    },
    'a name': ({ arn }) => segment(arn, -1),
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    'the end of the ARN': ({ arn }) => end(arn, ':loadbalancer/'),
    'a name': ({ arn }) => segment(arn, 2),
  },
  'AWS::IAM::Policy': {
    'the unique id': async ({ arn }, world) => (await world.send(new GetPolicyCommand({ PolicyArn: arn }))).Policy?.PolicyId ?? '',
    'a name': ({ arn }) => segment(arn, -1),
  },
  'AWS::IAM::User': {
    'the unique id': async ({ arn }, world) => (await world.send(new GetUserCommand({ UserName: segment(arn, -1) }))).User?.UserId ?? '',
    'a name': ({ arn }) => segment(arn, -1),
  },
  'AWS::MSK::Cluster': { 'the end of the ARN': ({ arn }) => end(arn, ':cluster/'), 'a name': ({ arn }) => segment(arn, 1) },
  'AWS::RDS::DBCluster': {
    'the resource id': async ({ id }, world) =>
      (await world.send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }))).DBClusters?.[0]?.DbClusterResourceId ?? '',
  },
  'AWS::RDS::DBInstance': {
    'the resource id': async ({ id }, world) =>
      (await world.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }))).DBInstances?.[0]?.DbiResourceId ?? '',
  },
  'AWS::RedshiftServerless::Namespace': {
    'a name': async (resource, world) => (await namespace(resource, world))?.namespaceName ?? '',
    'the unique id': async (resource, world) => (await namespace(resource, world))?.namespaceId ?? '',
  },
  'AWS::RedshiftServerless::Workgroup': {
    'a name': async (resource, world) => (await workgroup(resource, world))?.workgroupName ?? '',
    'the unique id': async (resource, world) => (await workgroup(resource, world))?.workgroupId ?? '',
  },
  'AWS::SQS::Queue': { 'the URL': ({ account, region, id }) => `https://sqs.${region}.amazonaws.com/${account}/${id}` },
  'AWS::SecretsManager::Secret': { 'a name': ({ arn }) => end(arn, ':secret:').replace(/-[A-Za-z0-9]{6}$/, '') },
};

/** The id of this sort by which AWS Config knows a seeded resource. */
export async function liveId(sort: string, resource: Resource, world: World): Promise<string> {
  const idOf = own[resource.type]?.[sort] ?? usual[sort];
  if (!idOf) throw new Error(`Nobody makes the id "${sort}" of an ${resource.type}.`);
  const id = await idOf(resource, world);
  if (id === '') throw new Error(`The emulator has no ${sort} of ${resource.arn}.`);
  return id;
}
