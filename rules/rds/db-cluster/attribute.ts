import { type DBCluster, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { booleanAttributeRule, type Words } from '../../boolean-attribute';
import type { Obstacle } from '../../rule';
import { hindrance, obstacleBy } from '../status/obstacle';
import { clusters, describeCluster, listClusters } from './describe';
import { dbCluster } from './resource';

/** A Boolean setting of a DB cluster that Amazon RDS changes immediately, without a restart. */
export interface Attribute extends Words {
  readonly attribute: 'AutoMinorVersionUpgrade' | 'CopyTagsToSnapshot' | 'DeletionProtection';
  /** Why this cluster has no such setting; undefined if it has. */
  readonly none: (cluster: DBCluster) => Obstacle | undefined;
}

/** A rule that turns a setting of DB clusters on. */
export const attributeRule = ({ attribute, none, ...words }: Attribute) =>
  booleanAttributeRule({
    ...words,
    resource: dbCluster,
    property: attribute,
    permissions: {
      inspect: { actions: ['rds:DescribeDBClusters'], on: clusters },
      change: { actions: ['rds:ModifyDBCluster'], on: clusters },
    },
    clients: [RDSClient],
    commands: [ModifyDBClusterCommand],
    settle: 600,
    expected: true,
    describe: ({ id }, aws) => describeCluster(id, aws),
    settingOf: (cluster) => cluster[attribute],
    hindrance: ({ Status }) => hindrance(Status),
    obstacleBy: (status) => obstacleBy('cluster', status),
    none,
    turned: (DBClusterIdentifier, value) => new ModifyDBClusterCommand({ DBClusterIdentifier, [attribute]: value }),
    list: (_, aws) => listClusters(aws, (cluster) => none(cluster) === undefined),
  });
