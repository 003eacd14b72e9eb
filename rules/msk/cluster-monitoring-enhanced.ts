import { type EnhancedMonitoring, KafkaClient, UpdateMonitoringCommand } from '@aws-sdk/client-kafka';
import * as z from 'zod';
import { defineRule, gone } from '../rule';
import { clusters, describeCluster, listClusters } from './cluster/describe';
import { cluster } from './cluster/resource';

/** From the least to the most. */
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
    .describe('What is measured at least. A cluster that measures more is left as it is.'),
});

/** `version` is what a change has to name; `none` says why there is nothing to set. */
type State = { readonly level: string; readonly version: string; readonly state?: string; readonly none?: string };

export default defineRule({
  id: 'msk-cluster-monitoring-enhanced',
  title: 'MSK clusters measure what goes on in each topic',
  why: 'Without measurements of each topic, nobody sees which one a leak, an attack or a broken client is about.',
  impact: 'None for clients. CloudWatch bills the measurements by their number: topics times brokers.',
  severity: 'low',
  risk: 'safe',
  reversible: 'nearly',
  resource: cluster,
  property: 'EnhancedMonitoring',
  detectedBy: { securityHub: ['MSK.2'], config: ['msk-enhanced-monitoring-enabled'] },
  permissions: {
    inspect: [
      { actions: ['kafka:DescribeClusterV2'], on: clusters },
      // IAM offers no resource-level permission for the list.
      { actions: ['kafka:ListClustersV2'], on: '*' },
    ],
    change: { actions: ['kafka:UpdateMonitoring'], on: clusters },
  },
  clients: [KafkaClient],
  commands: [UpdateMonitoringCommand],
  parameters,
  settle: 3600,

  async inspect({ arn }, aws): Promise<State | typeof gone> {
    const found = await describeCluster(arn, aws);
    if (!found) return gone;
    return {
      level: found.Provisioned?.EnhancedMonitoring ?? 'DEFAULT',
      version: found.CurrentVersion ?? '',
      ...(found.State !== 'ACTIVE' && { state: found.State ?? 'unknown' }),
      ...(!found.Provisioned && { none: 'A serverless cluster measures what it does by itself.' }),
    };
  },

  plan({ arn }, { level, version, state, none }, { parameters: { level: wished } }) {
    if (isAtLeast(level, wished)) return [];
    if (none !== undefined) return { unfixable: none };
    if (state === 'FAILED') return { unfixable: 'The cluster has failed, and Amazon MSK changes nothing about it any more: replace it.' };
    if (state !== undefined) return { blocked: `The cluster is ${state}; Amazon MSK takes changes when it is ACTIVE again.` };
    return [{ do: monitoring(arn, version, wished), undo: 'take-back', nearest: 'Its version is a new one, as after each change.' }];
  },

  takeBack({ arn }, now, { before, after }) {
    if (now.level === before.level) return [];
    return now.level === after.level ? [monitoring(arn, now.version, before.level)] : undefined;
  },

  list: (_, aws) => listClusters(aws),
});

// A level of tomorrow is left as it is.
const isAtLeast = (level: string, wished: string): boolean => {
  const [has, wants] = [levels.indexOf(level), levels.indexOf(wished)];
  return has === -1 || has >= wants;
};

// What is not named, such as the open monitoring with Prometheus, stays as it is.
const monitoring = (ClusterArn: string, CurrentVersion: string, level: string) =>
  new UpdateMonitoringCommand({ ClusterArn, CurrentVersion, EnhancedMonitoring: level as EnhancedMonitoring });
