import { ListClustersCommand, ListServicesCommand } from '@aws-sdk/client-ecs';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** The permissions that `listServices` needs. IAM offers no resource-level permission for these. */
export const listing: Grant = { actions: ['ecs:ListClusters', 'ecs:ListServices'], on: '*' };

/** The ARNs of the services by cluster, without empty clusters. */
export async function listServices(aws: Aws): Promise<readonly { readonly cluster: string; readonly services: readonly string[] }[]> {
  const clusters = await collect(
    (nextToken) => aws.send(new ListClustersCommand({ maxResults: 100, nextToken })),
    ({ clusterArns }) => clusterArns,
    ({ nextToken }) => nextToken,
  );
  const found: { readonly cluster: string; readonly services: readonly string[] }[] = [];
  for (const cluster of clusters) {
    const services = await undefinedOn(['ClusterNotFoundException'], servicesOf(cluster, aws));
    if (services?.length) found.push({ cluster, services });
  }
  return found;
}

const servicesOf = (cluster: string, aws: Aws) =>
  collect(
    (nextToken) => aws.send(new ListServicesCommand({ cluster, maxResults: 100, nextToken })),
    ({ serviceArns }) => serviceArns,
    ({ nextToken }) => nextToken,
  );
