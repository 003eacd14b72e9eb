/** The tests in which answers are made up after AWS's documentation, because the emulator can't give them; and what it can't. */
export const documentedResponses: Readonly<Record<string, string>> = {
  'test/rules/iam/user-credentials-used.test.ts': 'moto dates every credential at now, and notes no use of passwords and keys.',
  'test/rules/kms/key-rotation-enabled.test.ts': 'moto knows no rotation periods, and lets nobody make a key that AWS manages.',
  'test/rules/cloudtrail/log-file-validation-enabled.test.ts': 'moto shows the trails of an organization to no member account.',
  'test/rules/ec2/security-group-admin-ports-closed.test.ts': 'moto gives all rules of a security group, and all groups, on one page.',
  'test/rules/ec2/snapshot-not-public.test.ts': 'moto gives all snapshots on one page, whoever may restore them.',
  'test/rules/ec2/instance-metadata-v2-required.test.ts':
    'moto applies options at once, has no instances on their way or run by a service, and gives them on one page.',
  'test/rules/ec2/subnet-public-address-not-automatic.test.ts': 'moto gives all subnets on one page, and shares none between accounts.',
  'test/rules/ec2/transit-gateway-attachments-accepted.test.ts':
    'moto has each transit gateway available at once, gives them on one page, and shares none.',
  'test/rules/ec2/ebs-encryption-by-default.test.ts': 'moto never leaves out whether volumes are encrypted by default.',
  'test/rules/ec2/vpc-flow-logs-enabled.test.ts': 'moto gives all flow logs and VPCs on one page.',
  'test/rules/rds/cluster-deletion-protected.test.ts':
    'moto refuses no change for the status of a cluster, and finds none by its resource id.',
  'test/rules/rds/cluster-tags-copied-to-snapshots.test.ts': 'moto has no clusters of Amazon DocumentDB.',
  'test/rules/rds/instance-deletion-protected.test.ts':
    'moto refuses no change for the status of an instance, and has none of Amazon DocumentDB.',
  'test/rules/rds/instance-minor-upgrades-automatic.test.ts': 'moto has no instances of RDS Custom, and no Multi-AZ DB clusters.',
  'test/rules/rds/instance-monitoring-enhanced.test.ts': 'moto keeps no instance waiting, and has none of RDS Custom or Amazon DocumentDB.',
  'test/rules/rds/instance-multi-az.test.ts': 'moto lets no change wait for the maintenance window.',
  'test/rules/rds/instance-not-public.test.ts':
    'moto changes an instance at once, refuses none for its status, and has no Multi-AZ DB clusters.',
  'test/rules/s3/bucket-public-access-blocked.test.ts': 'moto leaves out no setting of a public access block.',
  'test/rules/s3/bucket-tls-required.test.ts':
    'it listens to what is asked, and answers nothing: that every call names the owner of the bucket.',
  'test/rules/lambda/function-policy-not-public.test.ts':
    'moto gives all versions of a function on one page; policies of functions are kept by the gateway, test/emulator/gateway/function-policies.ts.',
  'test/rules/sns/topic-policy-not-public.test.ts': 'moto gives the first hundred topics on one page.',
  'test/rules/sqs/queue-policy-not-public.test.ts': 'moto gives all queues on one page.',
  'test/rules/secretsmanager/secret-unused-removed.test.ts': 'moto dates every secret at now, notes no use, and has none of a service.',
  'test/rules/guardduty/detector-enabled.test.ts': 'moto has no administrator accounts of a detector, and gives detectors on one page.',
  'test/rules/guardduty/protection-plans-enabled.test.ts':
    'moto has no administrator accounts of a detector, no policies of an organization, and forgets the plans that an update does not name.',
  'test/rules/kms/key-not-scheduled-for-deletion.test.ts': 'moto has no primary key that waits for the deletion of its replicas.',
  'test/rules/s3/bucket-lifecycle-configured.test.ts':
    'moto knows one smallest size for a change of the storage class; what is written takes no dates.',
  'test/rules/dynamodb/table-deletion-protected.test.ts': 'moto has each table active at once, and gives the first hundred on one page.',
  'test/rules/dynamodb/table-capacity-scaled.test.ts': 'moto gives few targets and policies on one page, and deletes an index at once.',
  'test/rules/s3/bucket-access-logged.test.ts': 'moto knows no region by its old name, and asks for no owner of a bucket.',
  'test/rules/s3/bucket-events-sent.test.ts':
    'moto does not show that a bucket tells EventBridge; test/emulator/gateway/bucket-events.ts adds it.',
  'test/rules/ecr/repository-images-scanned.test.ts': 'moto gives all repositories on one page, and always says how a registry scans.',
  'test/rules/secretsmanager/secret-rotation-enabled.test.ts':
    'moto rotates by running a real function, and forgets it: rotation stands in the test itself.',
  'test/rules/secretsmanager/secret-rotated-in-time.test.ts': 'moto dates every rotation at now: rotation stands in the test itself.',
  'test/rules/cloudtrail/trail-encrypted.test.ts':
    'KMS gives keys their ids, and the parameters of a scenario name one: the keys stand in the test itself.',
  'test/rules/cloudtrail/account-all-regions-logged.test.ts':
    'moto never says that a trail has event selectors of its own, and denies nobody a bucket.',
};
