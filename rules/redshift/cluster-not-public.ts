import { ModifyClusterCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import { defineRule, gone } from '../rule';
import { clusters, describeCluster, listClusters } from './cluster/describe';
import { cluster } from './cluster/resource';
import { hindrance, obstacleBy } from './cluster/status';

/** Of a public cluster, the `elasticIp` that it was given, and a `status` that stands in the way of a change. */
type State = { readonly publiclyAccessible: boolean; readonly elasticIp?: string; readonly status?: string };

export default defineRule({
  id: 'redshift-cluster-not-public',
  title: 'Redshift clusters have no public address',
  why: 'With a public address, a weak password or one lax security group is all that is between a data warehouse and the internet.',
  impact:
    "Clients outside the cluster's VPC, and the networks joined to it, can no longer connect; its name resolves to a private address. COPY and UNLOAD with enhanced VPC routing then need an endpoint or a NAT gateway in the VPC. An Elastic IP address stays allocated to the account, and is billed.",
  severity: 'critical',
  risk: 'disruptive',
  resource: cluster,
  property: 'PubliclyAccessible',
  detectedBy: { securityHub: ['Redshift.1'], config: ['redshift-cluster-public-access-check'] },
  permissions: {
    inspect: { actions: ['redshift:DescribeClusters'], on: clusters },
    change: { actions: ['redshift:ModifyCluster'], on: clusters },
  },
  clients: [RedshiftClient],
  commands: [ModifyClusterCommand],
  settle: 1800,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const found = await describeCluster(id, aws);
    if (!found) return gone;
    if (!found.PubliclyAccessible) return { publiclyAccessible: false };
    const elasticIp = found.ElasticIpStatus?.ElasticIp;
    return { publiclyAccessible: true, ...(elasticIp && { elasticIp }), ...hindrance(found.ClusterStatus) };
  },

  plan({ id: ClusterIdentifier }, { publiclyAccessible, elasticIp, status }) {
    if (!publiclyAccessible) return [];
    if (status !== undefined) return obstacleBy(status);
    return [
      {
        do: new ModifyClusterCommand({ ClusterIdentifier, PubliclyAccessible: false }),
        undo: new ModifyClusterCommand({ ClusterIdentifier, PubliclyAccessible: true, ...(elasticIp && { ElasticIp: elasticIp }) }),
      },
    ];
  },

  list: (_, aws) => listClusters(aws),
});
