import { KafkaClient, UpdateConnectivityCommand } from '@aws-sdk/client-kafka';
import { defineRule, gone } from '../rule';
import { clusters, describeCluster, listClusters } from './cluster/describe';
import { cluster } from './cluster/resource';

/** Whose way in is this one, and which the version is that a change has to name; `state` where it is not active. */
type State = { readonly publicAccess: string; readonly version: string; readonly state?: string };

const off = 'DISABLED';

export default defineRule({
  id: 'msk-cluster-not-public',
  title: 'MSK clusters have no public addresses',
  why: 'With public addresses, one stolen key or password is all it takes to read and write the topics from anywhere.',
  impact:
    'The brokers give up their public addresses, one after another. Clients outside the VPC, and the networks joined to it, can no longer connect. It takes up to an hour, in which the cluster takes no other change. After a rollback the brokers have other addresses, and the same names.',
  severity: 'critical',
  risk: 'disruptive',
  reversible: 'nearly',
  resource: cluster,
  property: 'BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess',
  detectedBy: { securityHub: ['MSK.4'], config: ['msk-cluster-public-access-disabled'] },
  permissions: {
    // IAM offers no resource-level permission for the list.
    inspect: [
      { actions: ['kafka:DescribeClusterV2'], on: clusters },
      { actions: ['kafka:ListClustersV2'], on: '*' },
    ],
    change: [
      { actions: ['kafka:UpdateConnectivity'], on: clusters },
      // MSK looks with the caller's permissions whether the subnets have a way to the internet.
      { actions: ['ec2:DescribeRouteTables', 'ec2:DescribeSubnets'], on: '*' },
    ],
  },
  clients: [KafkaClient],
  commands: [UpdateConnectivityCommand],
  settle: 7200,

  async inspect({ arn }, aws): Promise<State | typeof gone> {
    const found = await describeCluster(arn, aws);
    if (!found) return gone;
    const publicAccess = found.Provisioned?.BrokerNodeGroupInfo?.ConnectivityInfo?.PublicAccess?.Type ?? off;
    return { publicAccess, version: found.CurrentVersion ?? '', ...(found.State !== 'ACTIVE' && { state: found.State ?? 'unknown' }) };
  },

  plan({ arn }, { publicAccess, version, state }) {
    if (publicAccess === off) return [];
    if (state === 'FAILED') return { unfixable: 'The cluster has failed, and Amazon MSK changes nothing about it any more: replace it.' };
    if (state !== undefined) return { blocked: `The cluster is ${state}; Amazon MSK takes changes when it is ACTIVE again.` };
    return [{ do: access(arn, version, off), undo: 'take-back', nearest: 'Its version is a new one, as after each change.' }];
  },

  takeBack({ arn }, now, { before, after }) {
    if (now.publicAccess === before.publicAccess) return [];
    return now.publicAccess === after.publicAccess ? [access(arn, now.version, before.publicAccess)] : undefined;
  },

  list: (_, aws) => listClusters(aws),
});

// What is not named, such as private connections to other VPCs, stays as it is.
const access = (ClusterArn: string, CurrentVersion: string, Type: string) =>
  new UpdateConnectivityCommand({ ClusterArn, CurrentVersion, ConnectivityInfo: { PublicAccess: { Type } } });
