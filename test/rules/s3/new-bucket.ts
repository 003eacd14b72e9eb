import { CreateBucketCommand } from '@aws-sdk/client-s3';
import type { World } from '../../contract/scenario';

/** A bucket in the region of the world, with a name of its own if none is given; its name. */
export async function newBucket(
  world: World,
  Bucket = `records-of-${world.account}-${Math.random().toString(36).slice(2)}`,
): Promise<string> {
  await world.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: world.region as 'eu-west-1' } }));
  return Bucket;
}
