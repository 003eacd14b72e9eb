import { GetDistributionConfigCommand, UpdateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { amend } from '../../amendment';

/** The object that a distribution returns for `/`; empty for none. */
interface RootObject {
  readonly Id: string;
  readonly DefaultRootObject: string;
  /** The value that the inspection saw. */
  readonly before: string;
}

/** Changes the default root object of a distribution, and nothing else. */
export const SetRootObjectCommand = amend<RootObject>(UpdateDistributionCommand, async ({ Id, DefaultRootObject, before }, aws) => {
  const { ETag, DistributionConfig } = await aws.send(new GetDistributionConfigCommand({ Id }));
  const now = DistributionConfig?.DefaultRootObject ?? '';
  if (!DistributionConfig || now !== before)
    throw new Error(
      `The default root object of ${Id} has changed from \`${before}\` to \`${now}\` since the inspection. Nothing was changed.`,
    );
  return new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig: { ...DistributionConfig, DefaultRootObject } });
});
