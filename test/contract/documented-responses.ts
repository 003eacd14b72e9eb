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
  'test/rules/iam/user-access-keys-rotated.test.ts': 'moto dates every key at now, and notes no use: test/rules/iam/user/seed.ts does.',
  'test/rules/iam/policy-not-administrative.test.ts': 'moto gives versions and policies on one page.',
  'test/rules/iam/support-role-present.test.ts': 'moto has no policies of AWS unless it is told to load them all.',
  'test/rules/eks/cluster-endpoint-private.test.ts': 'moto has each cluster active at once, and tells the VPC of none.',
  'test/rules/eks/cluster-version-supported.test.ts':
    'moto knows no versions of Kubernetes, which the gateway does, test/emulator/gateway/cluster-versions.ts.',
  'test/rules/autoscaling/launch-configuration-metadata-v2.test.ts': 'moto gives a name no second ARN, and deletes groups at once.',
  'test/rules/autoscaling/group-health-by-load-balancer.test.ts': 'moto finds every target healthy.',
  'test/rules/ec2/launch-template-addresses-private.test.ts': 'moto deletes no versions of launch templates, and has none of a service.',
  'test/rules/ec2/instance-address-private.test.ts': 'moto takes no address from an instance that it gave it by itself.',
  'test/rules/ec2/instance-stopped-removed.test.ts': 'moto dates every stop at now, and runs no instance for a service.',
  'test/rules/elb/load-balancer-http-redirected.test.ts': 'moto gives all load balancers and listeners on one page.',
  'test/rules/codebuild/project-variables-not-credentials.test.ts': 'moto gives all projects on one page.',
  'test/rules/codebuild/project-source-not-credentials.test.ts':
    'moto keeps no secondary sources, and no connections to Bitbucket, which the gateway does, test/emulator/gateway/source-credentials.ts.',
  'test/rules/elasticbeanstalk/environment-updates-managed.test.ts':
    'moto updates no environment of Elastic Beanstalk: test/rules/elasticbeanstalk/environments.ts does.',
  'test/rules/elasticbeanstalk/environment-logs-streamed.test.ts':
    'moto updates no environment of Elastic Beanstalk: test/rules/elasticbeanstalk/environments.ts does.',
  'test/rules/ec2/vpc-endpoint-for-ec2.test.ts': 'moto has each endpoint available at once, and gives them and subnets on one page.',
};
