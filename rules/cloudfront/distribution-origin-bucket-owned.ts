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
  title: 'CloudFront distributions do not point to nonexistent S3 origins',
  why: 'Anyone can create a bucket with the name of a deleted origin bucket, and then controls what the distribution serves.',
  impact:
    'An empty, private bucket with that name is created in the account, so that nobody else can create it. It has no cost, and the distribution does not change. Visitors still get an error (403 instead of 404). Remove the origin, then the bucket. A rollback deletes the bucket if it is still empty.',
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
    const origins = originBuckets(configuration);
    for (const bucket of origins) if (!(await isThere(bucket, aws))) missing.push(bucket);
    return { origins, missing };
  },

  plan({ region }, { missing }) {
    const impossible = missing.filter((bucket) => !canBeMade(bucket));
    if (impossible.length > 0)
      return {
        unfixable: `The origin bucket ${impossible.join(', ')} does not exist, and no bucket with such a name can be created. Remove the origin from the distribution.`,
        code: 'bucket-name-not-allowed',
      };
    return missing.map((Bucket): Change => {
      const place = region === 'us-east-1' ? {} : { LocationConstraint: region as BucketLocationConstraint };
      const CreateBucketConfiguration = { ...place, Tags: [{ Key: 'posture:rule', Value: id }] };
      return {
        do: new CreateBucketCommand({ Bucket, CreateBucketConfiguration }),
        undo: new DeleteBucketCommand({ Bucket }),
        // While S3 deletes the previous bucket with that name.
        retryOn: ['OperationAborted'],
      };
    });
  },

  targets: (_, { now, before }) => ({
    CreateBucket: { Bucket: now.missing },
    DeleteBucket: { Bucket: now.origins.filter((bucket) => before.missing.includes(bucket)) },
  }),

  list: (_, aws) => listDistributions(aws),
});
