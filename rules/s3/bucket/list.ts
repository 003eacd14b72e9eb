import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

/** The permissions that `listBuckets` needs. */
export const listing: Grant = { actions: ['s3:ListAllMyBuckets'], on: '*' };

/** The names of the general purpose buckets of an account in a region. */
export const listBuckets = ({ region }: Place, aws: Aws): Promise<string[]> =>
  collect(
    (ContinuationToken) => aws.send(new ListBucketsCommand({ BucketRegion: region, MaxBuckets: 1000, ContinuationToken })),
    ({ Buckets = [] }) => Buckets.flatMap(({ Name }) => Name ?? []),
    ({ ContinuationToken }) => ContinuationToken,
  );
