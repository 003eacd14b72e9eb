import { ModifyClusterCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import { defineRule, notFound } from '../rule';
import { clusters, describeCluster, listClusters } from './cluster/describe';
import { cluster } from './cluster/resource';
import { hindrance, obstacleBy } from './cluster/status';

/** For a public cluster: its `elasticIp`, if any, and the `status` that prevents a change, if any. */
type State = { readonly publiclyAccessible: boolean; readonly elasticIp?: string; readonly status?: string };

export default defineRule({
  id: 'redshift-cluster-not-public',
  title: 'Redshift clusters are not publicly accessible',
  why: 'With a public address, only passwords and security groups protect a data warehouse from the internet.',
  impact:
    'Clients outside the VPC of the cluster and its connected networks can no longer connect; its name resolves to a private address. COPY and UNLOAD with enhanced VPC routing then need a VPC endpoint or a NAT gateway. An Elastic IP address stays allocated to the account, and is charged.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
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

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await describeCluster(id, aws);
    if (!found) return notFound;
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
