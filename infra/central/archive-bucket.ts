import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { roleArn } from '../arn';
import { ownNames } from '../names';
import { archiveLock, warnOfLock } from './archive-lock';
import { replicateArchive } from './archive-replica';
import type { Administrators } from './table-policy';

/** What each writer of the archive writes: the prefix of the keys, and the function. */
const writers = [
  { sid: 'OnlyArchiveWritesLog', prefix: 'log', by: 'archive' },
  { sid: 'OnlySealWritesSeals', prefix: 'seals', by: 'seal' },
  { sid: 'OnlySealWritesKeys', prefix: 'keys', by: 'seal' },
  { sid: 'OnlyReportWritesReports', prefix: 'reports', by: 'report' },
] as const;

/** The actions that could remove or release an object. Source: Service Authorization Reference, Amazon S3. */
const removals = [
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:BypassGovernanceRetention',
  's3:PutObjectRetention',
  's3:PutObjectLegalHold',
  's3:PutObjectAcl',
  's3:PutObjectVersionAcl',
];

/** The actions that could delete the bucket, or weaken what protects it. Source: as above. */
const administration = [
  's3:DeleteBucket',
  's3:DeleteBucketPolicy',
  's3:PutBucketPolicy',
  's3:PutBucketAcl',
  's3:PutBucketObjectLockConfiguration',
  's3:PutBucketOwnershipControls',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketVersioning',
  's3:PutEncryptionConfiguration',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
];

/** The archive of the log: versioned, locked, retained when the stack is deleted. Its name is generated, so that a new deployment works. */
export function archiveBucket(scope: Construct, administrators: Administrators): Bucket {
  const lock = archiveLock(scope);
  const bucket = new Bucket(scope, 'Bucket', {
    versioned: true,
    objectLockEnabled: true,
    // Not a customer managed key: whoever deletes it deletes the archive.
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  // In years, if so given: a year of the law is not always 365 days.
  (bucket.node.defaultChild as CfnBucket).objectLockConfiguration = {
    objectLockEnabled: 'Enabled',
    rule: {
      defaultRetention: {
        mode: lock.mode,
        ...('Days' in lock.retention ? { days: lock.retention.Days } : { years: lock.retention.Years }),
      },
    },
  };
  warnOfLock(bucket, lock);
  for (const statement of protection(bucket, administrators)) bucket.addToResourcePolicy(statement);
  bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  replicateArchive(scope, bucket);
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Each object is written once, by one function, and can not be replaced. Who reads it, a trail with data events records.',
  });
  return bucket;
}

function protection(bucket: Bucket, administrators: Administrators): readonly PolicyStatement[] {
  const [breakGlass = ''] = administrators;
  const objects = bucket.arnForObjects('*');
  const but = (...arns: readonly string[]) => ({ ArnNotLike: { 'aws:PrincipalArn': [...arns] } });
  return [
    ...writers.map(({ sid, prefix, by }) =>
      denial(sid, ['s3:PutObject'], [bucket.arnForObjects(`${prefix}/*`)], but(roleArn(ownNames(by).functionRole))),
    ),
    new PolicyStatement({
      sid: 'NothingElse',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      notResources: writers.map(({ prefix }) => bucket.arnForObjects(`${prefix}/*`)),
    }),
    // Source: Amazon S3 User Guide, Enforce conditional writes on Amazon S3 buckets.
    denial('WrittenOnce', ['s3:PutObject'], [objects], { Null: { 's3:if-none-match': 'true' } }),
    denial('OnlyBreakGlassRemoves', removals, [objects], but(breakGlass)),
    denial('OnlyAdministrators', administration, [bucket.bucketArn], but(...administrators)),
  ];
}

const denial = (sid: string, actions: string[], resources: string[], conditions: Record<string, unknown>): PolicyStatement =>
  new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources, conditions });

/** The bucket for results of queries, which expire after a week. It keeps them when the stack is deleted: CloudFormation deletes no bucket with objects. */
export function resultsBucket(scope: Construct): Bucket {
  const bucket = new Bucket(scope, 'Results', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    lifecycleRules: [{ id: 'expire', expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'It has copies of the log for a week. CloudTrail records the queries.',
  });
  return bucket;
}
