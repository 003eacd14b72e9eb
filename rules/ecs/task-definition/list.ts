import { ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The ARNs of the latest active revision of each family. */
export async function listLatest(aws: Aws): Promise<readonly string[]> {
  const arns = await collect(
    (nextToken) => aws.send(new ListTaskDefinitionsCommand({ status: 'ACTIVE', maxResults: 100, nextToken })),
    ({ taskDefinitionArns }) => taskDefinitionArns,
    ({ nextToken }) => nextToken,
  );
  const latest = new Map<string, number>();
  for (const arn of arns) {
    const end = arn.lastIndexOf(':');
    const family = arn.slice(0, end);
    latest.set(family, Math.max(latest.get(family) ?? 0, Number(arn.slice(end + 1))));
  }
  return [...latest].map(([family, revision]) => `${family}:${revision}`);
}
