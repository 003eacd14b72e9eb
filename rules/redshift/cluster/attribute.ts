import { ModifyClusterCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import { defineRule, gone, type Rule } from '../../rule';
import { clusters, describeCluster, listClusters } from './describe';
import { cluster } from './resource';
import { hindrance, obstacleBy } from './status';

/** Whether the setting is on. If not, the `status` that prevents a change, if any. */
type State = { readonly on: boolean; readonly status?: string };

type Words = Pick<Rule, 'id' | 'title' | 'why' | 'impact' | 'severity' | 'risk' | 'detectedBy' | 'settle'>;

/** A Boolean setting of a Redshift cluster. */
export interface Attribute extends Words {
  readonly attribute: 'AllowVersionUpgrade' | 'Encrypted' | 'EnhancedVpcRouting';
}

/** A rule that turns a setting of Redshift clusters on. */
export const attributeRule = ({ attribute, ...words }: Attribute): Rule<State, Record<string, never>> =>
  defineRule({
    ...words,
    resource: cluster,
    property: attribute,
    permissions: {
      inspect: { actions: ['redshift:DescribeClusters'], on: clusters },
      change: { actions: ['redshift:ModifyCluster'], on: clusters },
    },
    clients: [RedshiftClient],
    commands: [ModifyClusterCommand],

    async inspect({ id }, aws): Promise<State | typeof gone> {
      const found = await describeCluster(id, aws);
      if (!found) return gone;
      return found[attribute] ? { on: true } : { on: false, ...hindrance(found.ClusterStatus) };
    },

    plan({ id }, { on, status }) {
      if (on) return [];
      if (status !== undefined) return obstacleBy(status);
      const turned = (value: boolean) => new ModifyClusterCommand({ ClusterIdentifier: id, [attribute]: value });
      return [{ do: turned(true), undo: turned(false) }];
    },

    list: (_, aws) => listClusters(aws),
  });
