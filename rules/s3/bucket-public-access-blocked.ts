import { DeletePublicAccessBlockCommand, GetPublicAccessBlockCommand, PutPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import { undefinedOn } from '../absence';
import { defineRule, notFound, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucket } from './bucket/resource';
import { blockIn, isWhole, type PublicAccessBlock, wholeBlock } from './public-access/block';

const onlyReported = { irrelevant: 'It only limits which buckets are reported.' };

export default defineRule({
  id: 's3-bucket-public-access-blocked',
  title: 'S3 buckets block public access',
  why: 'A single mistake in an access control list or bucket policy can let anyone on the internet read or write the objects of a bucket.',
  impact:
    'Public access through access control lists or the bucket policy is denied: a website or download served directly from the bucket stops. Other accounts that have access through a public policy are denied too.',
  severity: 'critical',
  risk: 'disruptive',
  resource: bucket,
  property: 'PublicAccessBlockConfiguration',
  detectedBy: {
    // CloudTrail.6 is about the buckets of trails. CloudTrail still delivers to them.
    securityHub: ['S3.2', 'S3.3', 'S3.8', 'CloudTrail.6'],
    config: ['s3-bucket-public-read-prohibited', 's3-bucket-public-write-prohibited', 's3-bucket-level-public-access-prohibited'],
  },
  detectorParameters: {
    'S3.8': { excludedPublicBuckets: onlyReported },
    's3-bucket-level-public-access-prohibited': { excludedPublicBuckets: onlyReported },
  },
  permissions: {
    inspect: [{ actions: ['s3:GetBucketPublicAccessBlock'], on: 'arn:{partition}:s3:::*' }, listing],
    change: { actions: ['s3:PutBucketPublicAccessBlock'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client],
  commands: [PutPublicAccessBlockCommand, DeletePublicAccessBlockCommand],

  // The plan does not depend on whether anything is public now, so neither the policy nor the access control list is read.
  async inspect(resource, aws) {
    const answer = undefinedOn(['NoSuchPublicAccessBlockConfiguration'], aws.send(new GetPublicAccessBlockCommand(named(resource))));
    const block = answer.then((found) => ({ block: blockIn(found?.PublicAccessBlockConfiguration) }));
    return (await undefinedOn(['NoSuchBucket'], block)) ?? notFound;
  },

  plan(resource, { block }) {
    if (isWhole(block)) return [];
    const undo = block ? put(resource, block) : new DeletePublicAccessBlockCommand(named(resource));
    return [{ do: put(resource, wholeBlock), undo }];
  },

  list: listBuckets,
});

const put = (resource: Resource, PublicAccessBlockConfiguration: PublicAccessBlock) =>
  new PutPublicAccessBlockCommand({ ...named(resource), PublicAccessBlockConfiguration });
