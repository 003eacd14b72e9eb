import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { pieces } from '../demo/account/account';
import { isViolation } from '../demo/account/piece';
import { type Case, openCase } from '../demo/case';
import type { Stage } from '../demo/stage';
import { ownersWorld } from '../demo/world';

/** Opens a finding of the control for a new bucket, without a policy, each time. */
export function bucketCases({ account, gateway, deployment }: Stage, control: string, prefix: string): () => Promise<Case> {
  const [piece] = pieces.filter((one) => one.control === control && isViolation(one) && !one.region);
  if (!piece) throw new Error(`The account of the demo has no violation of ${control}.`);
  const world = ownersWorld(account, [...deployment.rules]);
  const s3 = account.client(S3Client);
  let made = 0;
  return async () => {
    made += 1;
    const Bucket = `${prefix}-${account.account}-${made}`;
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: account.region as 'eu-west-1' } }));
    const resource = () => Promise.resolve({ type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${Bucket}` });
    return openCase({ ...piece, resource }, world, gateway.past, deployment.routes);
  };
}
