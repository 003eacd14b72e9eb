import { ListInsightsCommand } from '@aws-sdk/client-eks';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';
import { clusters } from '../cluster/describe';

/** The permissions that `readHindrances` needs. */
export const insightReading: Grant = { actions: ['eks:ListInsights'], on: clusters };

/** The upgrade insights of EKS that prevent an upgrade to a version, sorted: removed APIs in use, nodes that are too old. */
export async function readHindrances(clusterName: string, version: string, aws: Aws): Promise<readonly string[]> {
  const filter = { categories: ['UPGRADE_READINESS' as const], kubernetesVersions: [version], statuses: ['ERROR' as const] };
  const insights = await collect(
    (nextToken) => aws.send(new ListInsightsCommand({ clusterName, filter, nextToken })),
    (answer) => answer.insights,
    ({ nextToken }) => nextToken,
  );
  return insights.map(({ name, id }) => name ?? id ?? 'an insight without a name').sort();
}
