import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { type BucketLocationConstraint, CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type Change, defineRule, notFound } from '../rule';
import { bucketLooking, canBeMade, isThere, originBuckets } from './distribution/origin-bucket';
import { distributionReading, listDistributions, readConfiguration } from './distribution/read';
import { distribution } from './distribution/resource';

const id = 'cloudfront-distribution-origin-bucket-owned';
const buckets = 'arn:{partition}:s3:::*';

export default defineRule({
  id,
  title: 'No CloudFront distribution has an origin bucket that anybody could make',
  why: 'Whoever makes a bucket of the name of one that is gone decides what the visitors of the distribution are given.',
  impact:
    'An empty, private bucket of that name is made in the account, so that nobody else can; it costs nothing, and the distribution stays as it is. Visitors get an error as before (403 in place of 404). Remove the origin, then the bucket. A rollback deletes the bucket, if it is still empty.',
  severity: 'high',
  risk: 'safe',
  resource: distribution,
  property: 'DistributionConfig.Origins',
  detectedBy: { securityHub: ['CloudFront.12'], config: ['cloudfront-s3-origin-non-existent-bucket'] },
  permissions: {
    inspect: [...distributionReading, bucketLooking],
    change: { actions: ['s3:CreateBucket', 's3:TagResource', 's3:DeleteBucket'], on: buckets },
  },
  clients: [CloudFrontClient, S3Client],
  commands: [CreateBucketCommand, DeleteBucketCommand],

  async inspect(resource, aws) {
    const configuration = await readConfiguration(resource.id, aws);
    if (!configuration) return notFound;
    const missing: string[] = [];
    for (const bucket of originBuckets(configuration)) if (!(await isThere(bucket, aws))) missing.push(bucket);
    return { missing };
  },

  plan({ region }, { missing }) {
    const impossible = missing.filter((bucket) => !canBeMade(bucket));
    if (impossible.length > 0)
      return {
        unfixable: `There is no ${impossible.join(', ')}, and no bucket of such a name can be made to take its place. Remove the origin from the distribution.`,
      };
    return missing.map((Bucket): Change => {
      const place = region === 'us-east-1' ? {} : { LocationConstraint: region as BucketLocationConstraint };
      const CreateBucketConfiguration = { ...place, Tags: [{ Key: 'posture:rule', Value: id }] };
      return {
        do: new CreateBucketCommand({ Bucket, CreateBucketConfiguration }),
        undo: new DeleteBucketCommand({ Bucket }),
        // S3 is still deleting the bucket of that name.
        retryOn: ['OperationAborted'],
      };
    });
  },

  list: (_, aws) => listDistributions(aws),
});
