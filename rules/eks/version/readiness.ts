import { ListInsightsCommand } from '@aws-sdk/client-eks';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';
import { clusters } from '../cluster/describe';

/** What `readHindrances` needs. */
export const insightReading: Grant = { actions: ['eks:ListInsights'], on: clusters };

/** What AWS EKS has found in a cluster that stands in the way of a version, sorted: APIs in use that it lacks, nodes that are too old for it. */
export async function readHindrances(clusterName: string, version: string, aws: Aws): Promise<readonly string[]> {
  const filter = { categories: ['UPGRADE_READINESS' as const], kubernetesVersions: [version], statuses: ['ERROR' as const] };
  const insights = await collect(
    (nextToken) => aws.send(new ListInsightsCommand({ clusterName, filter, nextToken })),
    (answer) => answer.insights,
    ({ nextToken }) => nextToken,
  );
  return insights.map(({ name, id }) => name ?? id ?? 'an insight without a name').sort();
}
