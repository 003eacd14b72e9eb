import { GetDistributionConfigCommand, UpdateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { amend } from '../../amendment';

/** What a distribution answers with where somebody asks for `/`; empty for nothing. */
interface RootObject {
  readonly Id: string;
  readonly DefaultRootObject: string;
  /** What it was when it was looked at. */
  readonly before: string;
}

/** Changes the default root object alone of all that a distribution is. */
export const SetRootObjectCommand = amend<RootObject>(UpdateDistributionCommand, async ({ Id, DefaultRootObject, before }, aws) => {
  const { ETag, DistributionConfig } = await aws.send(new GetDistributionConfigCommand({ Id }));
  const now = DistributionConfig?.DefaultRootObject ?? '';
  if (!DistributionConfig || now !== before)
    throw new Error(
      `The default root object of ${Id} was \`${before}\` when it was looked at, and is \`${now}\` now. Nothing was changed.`,
    );
  return new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig: { ...DistributionConfig, DefaultRootObject } });
});
