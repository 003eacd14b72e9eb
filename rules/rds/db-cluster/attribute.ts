import { type DBCluster, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { defineRule, gone, type Obstacle, type Rule } from '../../rule';
import { hindrance, obstacleBy } from '../status/obstacle';
import { clusters, describeCluster, listClusters } from './describe';
import { dbCluster } from './resource';

/** Whether the setting is on. If not, what prevents a change: a `status` other than available, or `none`, why there is no such setting. */
type State = { readonly on: boolean; readonly status?: string; readonly none?: Obstacle };

type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'risk' | 'detectedBy'>;

/** A Boolean setting of a DB cluster that Amazon RDS changes immediately, without a restart. */
export interface Attribute extends Words {
  readonly attribute: 'AutoMinorVersionUpgrade' | 'CopyTagsToSnapshot' | 'DeletionProtection';
  /** Why this cluster has no such setting; undefined if it has. */
  readonly none: (cluster: DBCluster) => Obstacle | undefined;
}

/** A rule that turns a setting of DB clusters on. */
export const attributeRule = ({ attribute, none: reasonWhyNot, ...words }: Attribute): Rule<State, Record<string, never>> =>
  defineRule({
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

    async inspect({ id }, aws): Promise<State | typeof gone> {
      const cluster = await describeCluster(id, aws);
      if (!cluster) return gone;
      if (cluster[attribute]) return { on: true };
      const none = reasonWhyNot(cluster);
      return { on: false, ...hindrance(cluster.Status), ...(none !== undefined && { none }) };
    },

    plan({ id }, { on, status, none }) {
      if (on) return [];
      if (none !== undefined) return none;
      if (status !== undefined) return obstacleBy('cluster', status);
      const turned = (value: boolean) => new ModifyDBClusterCommand({ DBClusterIdentifier: id, [attribute]: value });
      return [{ do: turned(true), undo: turned(false) }];
    },

    list: (_, aws) => listClusters(aws, (cluster) => reasonWhyNot(cluster) === undefined),
  });
