import { Aws, CfnCondition, CfnParameter, Fn, Stack, Validations } from 'aws-cdk-lib';
import { type CfnRole, PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { names } from '../names';
import { allow } from '../statement';

/** Copies the archive to a bucket of another account, if the parameter names one: then no administrator of this account can alter all copies. */
export function replicateArchive(scope: Construct, bucket: Bucket): void {
  const stack = Stack.of(scope);
  const replica = new CfnParameter(stack, 'ArchiveReplica', {
    default: '',
    allowedPattern: '^(arn:[a-z-]{3,12}:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$',
    constraintDescription: 'has to be the ARN of a bucket, or empty',
    description: 'The ARN of a bucket of another account, with versioning and Object Lock, to which the archive of the log is copied.',
  });
  const isOn = new CfnCondition(stack, 'ReplicatesArchive', {
    expression: Fn.conditionNot(Fn.conditionEquals(replica.valueAsString, '')),
  });
  // By the beginning of its generated name: the bucket refers to the role, so the role can't refer to the bucket.
  const own = `arn:${Aws.PARTITION}:s3:::${stack.stackName.toLowerCase()}-archivebucket*`;
  const copies = `${replica.valueAsString}/*`;
  const here = { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } };
  const role = new Role(scope, 'ReplicationRole', {
    roleName: names.archiveReplication,
    description: 'S3 assumes it to copy the archive of the log to a bucket of another account.',
    assumedBy: new ServicePrincipal('s3.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
    inlinePolicies: {
      replication: new PolicyDocument({
        statements: [
          allow(['s3:GetReplicationConfiguration', 's3:ListBucket'], own, here),
          allow(
            [
              's3:GetObjectVersionForReplication',
              's3:GetObjectVersionAcl',
              's3:GetObjectVersionTagging',
              's3:GetObjectRetention',
              's3:GetObjectLegalHold',
            ],
            `${own}/*`,
            here,
          ),
          allow(['s3:ReplicateObject'], copies),
        ],
      }),
    },
  });
  (role.node.defaultChild as CfnRole).cfnOptions.condition = isOn;
  (bucket.node.defaultChild as CfnBucket).addPropertyOverride(
    'ReplicationConfiguration',
    Fn.conditionIf(
      isOn.logicalId,
      {
        // By reference, so that the role is made before the bucket.
        Role: role.roleArn,
        Rules: [
          {
            Id: 'archive',
            Priority: 1,
            Status: 'Enabled',
            Filter: { Prefix: '' },
            DeleteMarkerReplication: { Status: 'Disabled' },
            Destination: { Bucket: replica.valueAsString },
          },
        ],
      },
      Aws.NO_VALUE,
    ),
  );
  acknowledge(role);
}

function acknowledge(role: Role): void {
  const reason = 'All objects of the archive, and of its copy.';
  Validations.of(role).acknowledge(
    { id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::posture-archivebucket*]', reason },
    { id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::posture-archivebucket*/*]', reason },
    { id: 'AwsSolutions-IAM5[Resource::<ArchiveReplica>/*]', reason },
  );
}
