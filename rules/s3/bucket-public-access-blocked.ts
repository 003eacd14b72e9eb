import {
  type AccessControlPolicy,
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutBucketAclCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { S3ControlClient } from '@aws-sdk/client-s3-control';
import { undefinedOn } from '../absence';
import { sameJson } from '../json';
import { type Change, defineRule, notFound, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucket } from './bucket/resource';
import { blockIn, isWhole, type PublicAccessBlock, wholeBlock } from './public-access/block';
import { hasWebsite, type PublicGrants, publicReading, readPublicGrants, withoutPublic } from './public-access/grants';

/** `website`: whether the bucket serves one, if it does not block public access yet. */
type State = { readonly block: PublicAccessBlock | null; readonly grants?: PublicGrants; readonly website?: true };

const onlyReported = { irrelevant: 'It only limits which buckets are reported.' };

export default defineRule({
  id: 's3-bucket-public-access-blocked',
  title: 'S3 buckets block public access',
  why: 'A single mistake in an access control list or bucket policy can let anyone on the internet read or write the objects of a bucket.',
  impact:
    'Public access through access control lists or the bucket policy is denied: an S3 website or a download served directly from the bucket stops; the plan says so if the bucket is configured as a website. Public grants that have no effect then are only removed from the access control list of the log bucket of a trail (CloudTrail.6). Other accounts that have access through a public policy are denied too.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  reversible: 'partly',
  resource: bucket,
  property: 'PublicAccessBlockConfiguration',
  detectedBy: {
    // CloudTrail.6 is about the buckets of trails. CloudTrail still delivers to them.
    securityHub: ['S3.2', 'S3.3', 'S3.8', 'CloudTrail.6'],
    config: ['s3-bucket-public-read-prohibited', 's3-bucket-public-write-prohibited', 's3-bucket-level-public-access-prohibited'],
    guardDuty: {
      types: ['Policy:S3/BucketAnonymousAccessGranted', 'Policy:S3/BucketBlockPublicAccessDisabled', 'Policy:S3/BucketPublicAccessGranted'],
    },
    macie: ['Policy:IAMUser/S3BlockPublicAccessDisabled', 'Policy:IAMUser/S3BucketPublic'],
    accessAnalyzer: ['PublicAccess/AWS::S3::Bucket'],
  },
  detectorParameters: {
    'S3.8': { excludedPublicBuckets: onlyReported },
    's3-bucket-level-public-access-prohibited': { excludedPublicBuckets: onlyReported },
  },
  permissions: {
    inspect: [{ actions: ['s3:GetBucketPublicAccessBlock'], on: 'arn:{partition}:s3:::*' }, ...publicReading, listing],
    change: { actions: ['s3:PutBucketPublicAccessBlock', 's3:PutBucketAcl'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client, S3ControlClient],
  commands: [PutPublicAccessBlockCommand, DeletePublicAccessBlockCommand, PutBucketAclCommand],

  // Whether the policy is public does not matter to the plan, so it is not read.
  async inspect(resource, aws): Promise<State | typeof notFound> {
    const answer = undefinedOn(['NoSuchPublicAccessBlockConfiguration'], aws.send(new GetPublicAccessBlockCommand(named(resource))));
    const found = answer.then((one) => ({ block: blockIn(one?.PublicAccessBlockConfiguration) }));
    const state = await undefinedOn(['NoSuchBucket'], found);
    if (!state) return notFound;
    const grants = await readPublicGrants(resource, aws);
    const website = !isWhole(state.block) && (await hasWebsite(resource, aws));
    return { ...state, ...(grants && { grants }), ...(website && { website }) };
  },

  plan(resource, { block, grants, website }, { detectedBy }) {
    const closing: Change[] = [];
    if (!isWhole(block))
      closing.push({
        do: put(resource, wholeBlock),
        undo: block ? put(resource, block) : new DeletePublicAccessBlockCommand(named(resource)),
        ...(website && {
          note: `The bucket ${resource.id} is configured as a website, which can no longer be reached by its S3 website endpoint.`,
        }),
      });
    // Security Hub counts the public grants of a trail's bucket, even if they have no effect.
    if (detectedBy !== 'CloudTrail.6' || !grants) return closing;
    const removal = { do: putList(resource, withoutPublic(grants)) };
    if (grants.final || block?.BlockPublicAcls)
      return [
        ...closing,
        { ...removal, irreversible: 'Block Public Access rejects an access control list with public grants. These have no effect.' },
      ];
    // The undo of the last change is the first.
    return [{ ...removal, undo: putList(resource, grants.list as AccessControlPolicy) }, ...closing];
  },

  revertOwnPart(resource, now, { before, after }) {
    const isBack = sameJson(now.block, before.block);
    if (!isBack && !sameJson(now.block, after.block)) return undefined;
    const unblocking = before.block ? put(resource, before.block) : new DeletePublicAccessBlockCommand(named(resource));
    const { grants } = before;
    const isRemoved = grants && !after.grants && !now.grants && !grants.final && !before.block?.BlockPublicAcls;
    return [...(isBack ? [] : [unblocking]), ...(isRemoved ? [putList(resource, grants.list as AccessControlPolicy)] : [])];
  },

  list: listBuckets,
});

const put = (resource: Resource, PublicAccessBlockConfiguration: PublicAccessBlock) =>
  new PutPublicAccessBlockCommand({ ...named(resource), PublicAccessBlockConfiguration });

const putList = (resource: Resource, AccessControlPolicy: AccessControlPolicy) =>
  new PutBucketAclCommand({ ...named(resource), AccessControlPolicy });
