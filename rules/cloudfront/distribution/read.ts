import { type DistributionConfig, GetDistributionConfigCommand, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';
import { distributions } from './resource';

/** The permissions that `readConfiguration` and `listDistributions` need. */
export const distributionReading: readonly Grant[] = [
  { actions: ['cloudfront:GetDistributionConfig'], on: distributions },
  // IAM offers no resource-level permission for it.
  { actions: ['cloudfront:ListDistributions'], on: '*' },
];

/** The configuration of a distribution; undefined if it does not exist. */
export async function readConfiguration(Id: string, aws: Aws): Promise<DistributionConfig | undefined> {
  const answer = await undefinedOn(['NoSuchDistribution'], aws.send(new GetDistributionConfigCommand({ Id })));
  return answer?.DistributionConfig;
}

/** The ids of all distributions of the account. */
export async function listDistributions(aws: Aws): Promise<readonly string[]> {
  const found = await collect(
    (Marker) => aws.send(new ListDistributionsCommand({ MaxItems: 100, Marker })),
    ({ DistributionList }) => DistributionList?.Items,
    ({ DistributionList }) => DistributionList?.NextMarker,
  );
  return found.flatMap(({ Id }) => Id ?? []);
}
