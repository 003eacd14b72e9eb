import { CreateDistributionCommand, type DistributionConfig, GetDistributionConfigCommand, type Origin } from '@aws-sdk/client-cloudfront';
import type { World } from '../../../contract/scenario';
import { secret } from '../../../contract/secrets';

export const server: Origin = {
  Id: 'api',
  DomainName: 'api.example.com',
  CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
  CustomHeaders: { Quantity: 1, Items: [{ HeaderName: 'x-origin-key', HeaderValue: secret }] },
};

export const bucketOrigin = (DomainName: string): Origin => ({ Id: DomainName, DomainName, S3OriginConfig: { OriginAccessIdentity: '' } });

/** A distribution of these origins; its id. */
export async function newDistribution(world: World, origins: readonly Origin[], more: Partial<DistributionConfig> = {}): Promise<string> {
  const [first] = origins;
  const { Distribution } = await world.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: Math.random().toString(36),
        Comment: 'the shop',
        Enabled: true,
        Origins: { Quantity: origins.length, Items: [...origins] },
        DefaultCacheBehavior: { TargetOriginId: first?.Id, ViewerProtocolPolicy: 'redirect-to-https' },
        ...more,
      },
    }),
  );
  return Distribution?.Id ?? '';
}

export async function configurationOf(world: World, Id: string) {
  return (await world.send(new GetDistributionConfigCommand({ Id }))).DistributionConfig;
}
