import { deepStrictEqual } from 'node:assert';
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  GetBucketPolicyCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { DeletePublicAccessBlockCommand as DeleteAccountBlockCommand } from '@aws-sdk/client-s3-control';
import type { World } from '../../contract/scenario';
import type { ReportedResource } from '../../events/resources';
import { ownAccount, type Piece } from './piece';

// Names of buckets are one for all accounts, as with AWS.
const company = 'badly-kept';

type Step = (world: World, bucket: string) => Promise<unknown>;

/** A bucket as these steps leave it. */
const bucket =
  (name: string, ...steps: readonly Step[]) =>
  async (world: World): Promise<ReportedResource> => {
    const Bucket = `${company}-${name}`;
    await world.send(new CreateBucketCommand({ Bucket }));
    for (const step of steps) await step(world, Bucket);
    return { type: 'AWS::S3::Bucket', arn: `arn:${world.partition}:s3:::${Bucket}`, configId: Bucket };
  };

const blocks =
  (acls: boolean, policies: boolean): Step =>
  (world, Bucket) =>
    world.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: acls,
          IgnorePublicAcls: acls,
          BlockPublicPolicy: policies,
          RestrictPublicBuckets: policies,
        },
      }),
    );

const withoutBlock: Step = (world, Bucket) => world.send(new DeletePublicAccessBlockCommand({ Bucket }));

const versioned =
  (Status: 'Enabled' | 'Suspended'): Step =>
  (world, Bucket) =>
    world.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));

const exempt =
  (rules: string): Step =>
  (world, Bucket) =>
    world.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'posture:exempt', Value: rules }] } }));

const policy =
  (Statement: (bucketArn: string, account: string) => object): Step =>
  (world, Bucket) =>
    world.send(
      new PutBucketPolicyCommand({
        Bucket,
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: Statement(`arn:${world.partition}:s3:::${Bucket}`, world.account) }),
      }),
    );

const readByAuditors = (arn: string, account: string) => ({
  Sid: 'AuditorsRead',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action: ['s3:GetObject'],
  Resource: [`${arn}/*`],
});

const denyPlainHttp = (arn: string) => ({
  Sid: 'HttpsOrNothing',
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: 's3:*',
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

async function keepsAuditors(world: World, { configId = '', arn }: ReportedResource): Promise<void> {
  const { Policy = '{}' } = await world.send(new GetBucketPolicyCommand({ Bucket: configId }));
  const statements = [JSON.parse(Policy).Statement].flat() as readonly { readonly Sid?: string }[];
  deepStrictEqual(
    statements.find(({ Sid }) => Sid === 'AuditorsRead'),
    readByAuditors(arn, world.account),
  );
}

export const s3: readonly Piece[] = [
  {
    control: 'S3.1',
    words: 'public access is not blocked at the account level',
    async resource(world) {
      await world.send(new DeleteAccountBlockCommand({ AccountId: world.account }));
      return ownAccount(world);
    },
    ends: 'fixed',
  },
  { control: 'S3.8', words: 'no public access block', resource: bucket('invoices', withoutBlock), ends: 'fixed' },
  {
    control: 's3-bucket-level-public-access-prohibited',
    deployed: 'security-hub',
    words: 'public ACLs are blocked, but not public policies',
    resource: bucket('payroll', blocks(true, false)),
    ends: 'fixed',
  },
  {
    control: 'S3.8',
    words: 'a public website: exempt from this rule by its tag',
    resource: bucket('website', withoutBlock, exempt('s3-bucket-public-access-blocked')),
    ends: 'exempt',
  },
  {
    control: 'S3.8',
    words: 'an outdated finding: public access is already blocked',
    resource: bucket('archive', blocks(true, true)),
    ends: 'already-compliant',
  },
  {
    control: 'S3.5',
    words: 'plain HTTP is allowed; the policy has another statement',
    resource: bucket(
      'contracts',
      policy((arn, account) => [readByAuditors(arn, account)]),
    ),
    ends: 'fixed',
    keeps: keepsAuditors,
  },
  {
    control: 's3-bucket-ssl-requests-only',
    words: 'plain HTTP is allowed; no policy',
    resource: bucket('mailings'),
    ends: 'fixed',
  },
  {
    control: 'S3.5',
    words: 'plain HTTP is already denied, by a statement with another Sid',
    resource: bucket('reports', policy(denyPlainHttp)),
    ends: 'already-compliant',
  },
  {
    control: 'S3.14',
    words: 'versioning was never enabled',
    resource: bucket('backups'),
    ends: 'fixed',
  },
  {
    control: 's3-bucket-versioning-enabled',
    deployed: 'conformance-pack',
    words: 'versioning is suspended',
    resource: bucket('logs', versioned('Suspended')),
    ends: 'fixed',
  },
  {
    control: 'S3.14',
    words: 'scratch space: exempt from all rules by its tag',
    resource: bucket('scratch', exempt('all')),
    ends: 'exempt',
  },
  {
    control: 'S3.14',
    words: 'deleted after the finding: looked at again ten minutes later',
    resource: async ({ partition }) => ({ type: 'AWS::S3::Bucket', arn: `arn:${partition}:s3:::${company}-forgotten` }),
    ends: 'deferred',
  },
];
