import { KafkaClient, UpdateConnectivityCommand } from '@aws-sdk/client-kafka';
import { defineRule, notFound } from '../rule';
import { clusters, describeCluster, listClusters } from './cluster/describe';
import { cluster } from './cluster/resource';

/** `version`: required by an update. `state`: set unless the cluster is active. */
type State = { readonly publicAccess: string; readonly version: string; readonly state?: string };

const off = 'DISABLED';

export default defineRule({
  id: 'msk-cluster-not-public',
  title: 'MSK clusters have public access disabled',
  why: 'With public access, one stolen key or password is enough to read and write the topics from anywhere.',
  impact:
    'The brokers release their public addresses one after another. Clients outside the VPC and its connected networks can no longer connect. The update takes up to an hour, during which the cluster accepts no other change. After a rollback the brokers have the same names and new addresses.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  reversible: 'nearly',
  resource: cluster,
  property: 'BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess',
  detectedBy: { securityHub: ['MSK.4'], config: ['msk-cluster-public-access-disabled'] },
  permissions: {
    // IAM supports no resource-level permissions for the list.
    inspect: [
      { actions: ['kafka:DescribeClusterV2'], on: clusters },
      { actions: ['kafka:ListClustersV2'], on: '*' },
    ],
    change: [
      { actions: ['kafka:UpdateConnectivity'], on: clusters },
      // MSK checks with the caller's permissions whether the subnets have a route to the internet.
      { actions: ['ec2:DescribeRouteTables', 'ec2:DescribeSubnets'], on: '*' },
    ],
  },
  clients: [KafkaClient],
  commands: [UpdateConnectivityCommand],
  settle: 7200,

  async inspect({ arn }, aws): Promise<State | typeof notFound> {
    const found = await describeCluster(arn, aws);
    if (!found) return notFound;
    const publicAccess = found.Provisioned?.BrokerNodeGroupInfo?.ConnectivityInfo?.PublicAccess?.Type ?? off;
    return { publicAccess, version: found.CurrentVersion ?? '', ...(found.State !== 'ACTIVE' && { state: found.State ?? 'unknown' }) };
  },

  plan({ arn }, { publicAccess, version, state }) {
    if (publicAccess === off) return [];
    if (state === 'FAILED')
      return { unfixable: 'The cluster has failed, and Amazon MSK rejects changes to it. Replace it.', code: 'resource-failed' };
    if (state !== undefined)
      return { blocked: `The cluster is ${state}. Amazon MSK accepts changes when it is ACTIVE again.`, code: 'being-modified' };
    return [
      { do: access(arn, version, off), undo: 'revert-own-part', nearest: 'The cluster has a new version number, as after each update.' },
    ];
  },

  revertOwnPart({ arn }, now, { before, after }) {
    if (now.publicAccess === before.publicAccess) return [];
    return now.publicAccess === after.publicAccess ? [access(arn, now.version, before.publicAccess)] : undefined;
  },

  list: (_, aws) => listClusters(aws),
});

// Omitted settings, such as private connectivity to other VPCs, stay unchanged.
const access = (ClusterArn: string, CurrentVersion: string, Type: string) =>
  new UpdateConnectivityCommand({ ClusterArn, CurrentVersion, ConnectivityInfo: { PublicAccess: { Type } } });
