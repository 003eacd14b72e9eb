import type { Resource } from '../../rule';

/** The bucket and its owner, for a command: any other account can take the name of a deleted bucket. */
export const named = ({ id, account }: Pick<Resource, 'id' | 'account'>) => ({ Bucket: id, ExpectedBucketOwner: account });
