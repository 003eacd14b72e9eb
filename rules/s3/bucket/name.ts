import type { Resource } from '../../rule';

/** A bucket in a command, and its owner: the name of a deleted bucket is free for any other account. */
export const named = ({ id, account }: Pick<Resource, 'id' | 'account'>) => ({ Bucket: id, ExpectedBucketOwner: account });
