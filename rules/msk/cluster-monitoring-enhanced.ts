import { type EnhancedMonitoring, KafkaClient, UpdateMonitoringCommand } from '@aws-sdk/client-kafka';
import * as z from 'zod';
import { defineRule, notFound, type Obstacle } from '../rule';
import { clusters, describeCluster, listClusters } from './cluster/describe';
import { cluster } from './cluster/resource';

/** From the lowest to the highest. */
const levels: readonly string[] = [
  'DEFAULT',
  'PER_BROKER',
  'PER_TOPIC_PER_BROKER',
  'PER_TOPIC_PER_PARTITION',
] satisfies EnhancedMonitoring[];

const parameters = z.strictObject({
  level: z
    .enum(['PER_TOPIC_PER_BROKER', 'PER_TOPIC_PER_PARTITION'])
    .default('PER_TOPIC_PER_BROKER')
    .describe('The minimum monitoring level. A cluster with a higher level is not changed.'),
});

/** `version`: required by an update. `none`: why the cluster has no such setting. */
type State = { readonly level: string; readonly version: string; readonly state?: string; readonly none?: Obstacle };

export default defineRule({
  id: 'msk-cluster-monitoring-enhanced',
  title: 'MSK clusters have enhanced monitoring at topic level',
  why: 'Without metrics for each topic, nobody sees which topic a leak, an attack or a faulty client affects.',
  impact: 'None for clients. CloudWatch charges for the metrics by their number: topics times brokers.',
  severity: 'low',
  risk: 'safe',
  reversible: 'nearly',
  resource: cluster,
  property: 'EnhancedMonitoring',
  detectedBy: { securityHub: ['MSK.2'], config: ['msk-enhanced-monitoring-enabled'] },
  permissions: {
    inspect: [
      { actions: ['kafka:DescribeClusterV2'], on: clusters },
      // IAM supports no resource-level permissions for the list.
      { actions: ['kafka:ListClustersV2'], on: '*' },
    ],
    change: { actions: ['kafka:UpdateMonitoring'], on: clusters },
  },
  clients: [KafkaClient],
  commands: [UpdateMonitoringCommand],
  parameters,
  settle: 3600,

  async inspect({ arn }, aws): Promise<State | typeof notFound> {
    const found = await describeCluster(arn, aws);
    if (!found) return notFound;
    return {
      level: found.Provisioned?.EnhancedMonitoring ?? 'DEFAULT',
      version: found.CurrentVersion ?? '',
      ...(found.State !== 'ACTIVE' && { state: found.State ?? 'unknown' }),
      ...(!found.Provisioned && {
        none: { unfixable: 'A serverless cluster has no monitoring level to set.', code: 'not-supported' },
      }),
    };
  },

  plan({ arn }, { level, version, state, none }, { parameters: { level: expected } }) {
    if (isAtLeast(level, expected)) return [];
    if (none !== undefined) return none;
    if (state === 'FAILED')
      return { unfixable: 'The cluster has failed, and Amazon MSK rejects changes to it. Replace it.', code: 'resource-failed' };
    if (state !== undefined)
      return { blocked: `The cluster is ${state}. Amazon MSK accepts changes when it is ACTIVE again.`, code: 'being-modified' };
    return [
      {
        do: monitoring(arn, version, expected),
        undo: 'revert-own-part',
        nearest: 'The cluster has a new version number, as after each update.',
      },
    ];
  },

  revertOwnPart({ arn }, now, { before, after }) {
    if (now.level === before.level) return [];
    return now.level === after.level ? [monitoring(arn, now.version, before.level)] : undefined;
  },

  list: (_, aws) => listClusters(aws),
});

// A level that this list does not know is not changed.
const isAtLeast = (level: string, expected: string): boolean => {
  const [has, wants] = [levels.indexOf(level), levels.indexOf(expected)];
  return has === -1 || has >= wants;
};

// Omitted settings, such as open monitoring with Prometheus, stay unchanged.
const monitoring = (ClusterArn: string, CurrentVersion: string, level: string) =>
  new UpdateMonitoringCommand({ ClusterArn, CurrentVersion, EnhancedMonitoring: level as EnhancedMonitoring });
