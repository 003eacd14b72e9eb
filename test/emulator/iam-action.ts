/** The IAM action that an API call needs, where it is not named as the operation is. Source: the Service Authorization Reference. */
const named: Readonly<Record<string, string>> = {
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  's3:DeletePublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3control:PutPublicAccessBlock': 's3:PutAccountPublicAccessBlock',
  's3control:GetPublicAccessBlock': 's3:GetAccountPublicAccessBlock',
  's3control:DeletePublicAccessBlock': 's3:PutAccountPublicAccessBlock',
  's3:DeleteBucketTagging': 's3:PutBucketTagging',
  's3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:DeleteBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:GetBucketLifecycleConfiguration': 's3:GetLifecycleConfiguration',
  's3:PutBucketLifecycleConfiguration': 's3:PutLifecycleConfiguration',
  's3:DeleteBucketLifecycle': 's3:PutLifecycleConfiguration',
  's3:GetBucketNotificationConfiguration': 's3:GetBucketNotification',
  's3:PutBucketNotificationConfiguration': 's3:PutBucketNotification',
  's3:GetBucketReplication': 's3:GetReplicationConfiguration',
  's3:GetObjectLockConfiguration': 's3:GetBucketObjectLockConfiguration',
  's3:PutObjectLockConfiguration': 's3:PutBucketObjectLockConfiguration',
  's3:ListBuckets': 's3:ListAllMyBuckets',
  's3:HeadBucket': 's3:ListBucket',
  's3:ListObjectsV2': 's3:ListBucket',
};

/** The IAM prefix, where it is not the namespace of the SDK. */
const prefixes: Readonly<Record<string, string>> = {
  s3control: 's3',
  cloudwatchlogs: 'logs',
  configservice: 'config',
  elasticloadbalancingv2: 'elasticloadbalancing',
};

/** The IAM action of a call, by the names that the SDK gives service and operation. */
export function iamActionOf({ service, operation }: { readonly service: string; readonly operation: string }): string {
  const name = operation.replace(/\d{4}_?\d{2}_?\d{2}(v\d)?$/, '');
  return named[`${service}:${name}`] ?? `${prefixes[service] ?? service}:${name}`;
}
