import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { World } from '../../contract/scenario';

/** A bucket of its own in the region of the world; its name. */
export async function newBucket(world: World): Promise<string> {
  const Bucket = `records-of-${world.account}-${Math.random().toString(36).slice(2)}`;
  await world.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: world.region as 'eu-west-1' } }));
  return Bucket;
}
