import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

interface Cluster {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly state: string;
  readonly tags: object;
  readonly provisioned: { enhancedMonitoring?: unknown; readonly brokerNodeGroupInfo: { connectivityInfo: object } };
  currentVersion: string;
}

/** Clusters of MSK, whose connectivity and monitoring moto can't update. */
export const emulateMsk = (): { readonly operations: LocalOperations } => {
  const clusters = new Map<string, Cluster>();
  const known = (operation: Operation) => clusters.get(String(operation.input.ClusterArn ?? operation.input.clusterArn));
  const unknown = (operation: Operation) =>
    errorAnswer(operation, { status: 404, code: 'NotFoundException', message: 'The requested resource does not exist.' });
  const versions = ['K3AEGXETSR30VB', 'K1X5R6FKA87', 'K2EUQ1WTGCTBG2', 'KTVPDKIKX0DER'];

  const update = (operation: Operation, change: (cluster: Cluster) => void): Answer => {
    const cluster = known(operation);
    if (!cluster) return unknown(operation);
    if (operation.input.currentVersion !== cluster.currentVersion) {
      const message = 'This operation cannot be performed because the specified cluster version is not the current one.';
      return errorAnswer(operation, { status: 400, code: 'BadRequestException', message });
    }
    change(cluster);
    cluster.currentVersion = versions[versions.indexOf(cluster.currentVersion) + 1] ?? '';
    return jsonAnswer({ clusterArn: cluster.clusterArn });
  };

  const operations: LocalOperations = {
    'kafka:CreateClusterV2'(operation, { region, account }) {
      const { clusterName, provisioned, tags = {} } = operation.input as Partial<Cluster> & Pick<Cluster, 'clusterName'>;
      const clusterArn = `arn:aws:kafka:${region}:${account}:cluster/${clusterName}/0b7a1f52-5b2c-4c1e-9d3e-8a4f6c7d8e9f-2`;
      const [currentVersion = ''] = versions;
      clusters.set(clusterArn, {
        clusterName,
        clusterArn,
        state: 'ACTIVE',
        tags,
        provisioned: provisioned as Cluster['provisioned'],
        currentVersion,
      });
      return jsonAnswer({ clusterArn, clusterName, state: 'CREATING' });
    },

    'kafka:DescribeClusterV2'(operation) {
      const cluster = known(operation);
      return cluster ? jsonAnswer({ clusterInfo: cluster }) : unknown(operation);
    },

    'kafka:ListClustersV2': (_, { region, account }) =>
      jsonAnswer({ clusterInfoList: [...clusters.values()].filter(({ clusterArn }) => clusterArn.includes(`:${region}:${account}:`)) }),

    'kafka:UpdateConnectivity': (operation) =>
      update(operation, ({ provisioned: { brokerNodeGroupInfo: group } }) => {
        group.connectivityInfo = { ...group.connectivityInfo, ...(operation.input.connectivityInfo as object) };
      }),

    'kafka:UpdateMonitoring': (operation) =>
      update(operation, ({ provisioned }) => {
        provisioned.enhancedMonitoring = operation.input.enhancedMonitoring;
      }),
  };

  return { operations };
};
