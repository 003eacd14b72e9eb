import { CreateBucketCommand, DeleteBucketOwnershipControlsCommand } from '@aws-sdk/client-s3';
import { undefinedOn } from '../../rules/absence';
import { type Bench, useBench } from '../contract/bench';
import type { World } from '../contract/scenario';
import rule from './planted-rule';

/** A bench for the planted rule. */
export const usePlantedBench = (): Bench => useBench(rule as unknown as Bench['rule'], {});

/** A new bucket that breaks the planted rule in all three ways. */
export async function badBucket(world: World, prefix = 'badly-kept'): Promise<string> {
  const Bucket = `${prefix}-${world.account}-${Math.random().toString(36).slice(2)}`;
  await world.send(new CreateBucketCommand({ Bucket }));
  await undefinedOn(['OwnershipControlsNotFoundError'], world.send(new DeleteBucketOwnershipControlsCommand({ Bucket })));
  return Bucket;
}

export const fix = { mode: 'fix', parameters: {} } as const;
