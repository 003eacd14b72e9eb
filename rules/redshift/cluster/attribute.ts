import { ModifyClusterCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import { booleanAttributeRule, type Words } from '../../boolean-attribute';
import type { Rule } from '../../rule';
import { clusters, describeCluster, listClusters } from './describe';
import { cluster } from './resource';
import { hindrance, obstacleBy } from './status';

/** A Boolean setting of a Redshift cluster. */
export interface Attribute extends Words, Pick<Rule, 'settle'> {
  readonly attribute: 'AllowVersionUpgrade' | 'Encrypted' | 'EnhancedVpcRouting';
}

/** A rule that turns a setting of Redshift clusters on. */
export const attributeRule = ({ attribute, ...words }: Attribute) =>
  booleanAttributeRule({
    ...words,
    resource: cluster,
    property: attribute,
    permissions: {
      inspect: { actions: ['redshift:DescribeClusters'], on: clusters },
      change: { actions: ['redshift:ModifyCluster'], on: clusters },
    },
    clients: [RedshiftClient],
    commands: [ModifyClusterCommand],
    expected: true,
    describe: ({ id }, aws) => describeCluster(id, aws),
    settingOf: (found) => found[attribute],
    hindrance: ({ ClusterStatus }) => hindrance(ClusterStatus),
    obstacleBy,
    turned: (ClusterIdentifier, value) => new ModifyClusterCommand({ ClusterIdentifier, [attribute]: value }),
    list: (_, aws) => listClusters(aws),
  });
