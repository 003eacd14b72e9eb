/** The tests in which answers are made up after AWS's documentation, because the emulator can't give them; and what it can't. */
export const documentedResponses: Readonly<Record<string, string>> = {
  'test/guardrails/automation.test.ts': 'moto runs no automations of Systems Manager.',
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
    'moto takes no policy for public, and refuses none; that every call names the owner of the bucket is heard by who answers nothing.',
  'test/rules/lambda/function-policy-not-public.test.ts':
    'moto gives all versions of a function on one page; policies of functions are kept by the gateway, test/emulator/gateway/function-policies.ts.',
  'test/rules/sns/topic-policy-not-public.test.ts': 'moto gives the first hundred topics on one page.',
  'test/rules/sns/topic-encrypted.test.ts':
    'moto has no composite alarms, finds alarms by one of their three sorts of actions, and gives all on one page.',
  'test/rules/secretsmanager/secret-policy-not-public.test.ts': 'moto has no secrets of other services, and no replicas.',
  'test/rules/sqs/queue-policy-not-public.test.ts': 'moto gives all queues on one page.',
  'test/rules/secretsmanager/secret-unused-removed.test.ts': 'moto dates every secret at now, notes no use, and has none of a service.',
  'test/rules/guardduty/detector-enabled.test.ts': 'moto has no administrator accounts of a detector, and gives detectors on one page.',
  'test/rules/guardduty/protection-plans-enabled.test.ts':
    'moto has no administrator accounts of a detector, no members, no policies of an organization, and forgets the plans that an update does not name.',
  'test/rules/redshift/cluster-major-upgrades-automatic.test.ts':
    'moto has every Redshift cluster available or paused, and gives them on one page.',
  'test/rules/redshift/cluster-not-public.test.ts': 'moto gives no Redshift cluster an Elastic IP address, and has none at work.',
  'test/rules/redshift/cluster-snapshots-automatic.test.ts': 'moto lets no Redshift cluster go without automated snapshots.',
  'test/rules/elasticache/backups-automatic.test.ts':
    'moto modifies neither cache clusters nor replication groups: the gateway keeps them, test/emulator/gateway/elasticache.ts, and none is at work.',
  'test/rules/elasticache/failover-automatic.test.ts':
    'replication groups are kept by the gateway, test/emulator/gateway/elasticache.ts, where nothing waits for the maintenance window.',
  'test/rules/elasticache/minor-upgrades-automatic.test.ts':
    'cache clusters are kept by the gateway, test/emulator/gateway/elasticache.ts, and are all on one page.',
  'test/rules/msk/cluster-not-public.test.ts':
    'moto updates no connectivity of MSK clusters: the gateway keeps them, test/emulator/gateway/msk.ts, active and on one page.',
  'test/rules/redshift/cluster-audit-logged.test.ts': 'moto forgets which logs of a Redshift cluster go to CloudWatch Logs.',
  'test/rules/redshiftserverless/workgroup-not-public.test.ts':
    'moto has no Redshift Serverless: the gateway keeps workgroups, test/emulator/gateway/redshift-serverless.ts, available and on one page.',
  'test/rules/opensearch/domain-access-fine-grained.test.ts': 'moto is never at work on a domain, and deletes it at once.',
  'test/rules/rds/global-cluster-version-supported.test.ts':
    'moto has the members of a global database in one region, available, on one page, and lets no upgrade wait for the maintenance window.',
  'test/rules/rds/instance-subnets-private.test.ts':
    'moto makes no network interfaces for DB instances, shares no VPC, and gives route tables and interfaces on one page.',
  'test/rules/rds/cluster-backups-kept.test.ts': 'moto has no clusters of Amazon DocumentDB, and none at work.',
  'test/rules/rds/cluster-minor-upgrades-automatic.test.ts': 'moto has no clusters of Amazon DocumentDB.',
  'test/rules/rds/instance-tags-copied-to-snapshots.test.ts': 'moto has all instances that a list tells on one page.',
  'test/rules/rds/cluster-logs-exported.test.ts': 'moto does not change which logs a DB cluster exports.',
  'test/rules/rds/instance-backups-kept.test.ts':
    'moto lets no change wait for the maintenance window, and has no read replica without backups.',
  'test/rules/rds/instance-logs-exported.test.ts': 'moto has no instances of MariaDB, RDS Custom or at work.',
  'test/rules/redshiftserverless/namespace-logs-exported.test.ts':
    'moto has no Redshift Serverless: the gateway keeps namespaces, test/emulator/gateway/redshift-serverless.ts, available and on one page.',
  'test/rules/rds/cluster-iam-authentication-enabled.test.ts': 'moto does not change how users of a DB cluster log in.',
  'test/rules/rds/instance-iam-authentication-enabled.test.ts':
    'moto lets no change wait for the maintenance window, and has no Multi-AZ DB clusters.',
  'test/rules/opensearch/domain-tls-enforced.test.ts': 'moto is never at work on a domain, and never leaves its endpoint options out.',
  'test/rules/redshiftserverless/workgroup-tls-required.test.ts':
    'moto has no Redshift Serverless: the gateway keeps workgroups, test/emulator/gateway/redshift-serverless.ts, available and on one page.',
  'test/rules/msk/cluster-monitoring-enhanced.test.ts':
    'moto updates no monitoring of MSK clusters: the gateway keeps them, test/emulator/gateway/msk.ts, active and on one page.',
  'test/rules/apigateway/stage-execution-logged.test.ts':
    'moto takes no settings of methods away, changes no stage of a WebSocket API, and gives APIs and stages on one page.',
  'test/rules/apigateway/stage-cache-encrypted.test.ts': 'moto gives all REST APIs on one page.',
  'test/rules/ecs/service-public-address-not-assigned.test.ts':
    'moto gives the first hundred clusters and services on one page, and deletes a service at once.',
  'test/rules/athena/work-group-metrics-published.test.ts': 'moto changes no workgroup, lists no tags of one, and gives them on one page.',
  'test/rules/sagemaker/notebook-root-access-denied.test.ts':
    'moto changes no notebook instance, knows two states of one alone, and gives them on one page.',
  'test/rules/cloudfront/distribution-root-object-set.test.ts':
    'moto gives the first hundred distributions on one page, and minds no version of one.',
  'test/rules/cloudfront/distribution-origin-bucket-owned.test.ts':
    'moto redirects nobody to the region of a bucket, and knows no forbidden ones here.',
  'test/rules/appsync/graphql-api-keys-not-accepted.test.ts': 'moto gives all GraphQL APIs on one page.',
  'test/rules/bedrockagentcore/runtime-in-vpc.test.ts':
    'moto leaves a runtime that was changed in UPDATING, and gives runtimes on one page; the parameters name a VPC before there is one.',
  'test/rules/bedrockagentcore/gateway-authorizer-required.test.ts':
    'moto leaves a gateway that was changed in UPDATING, and gives gateways on one page.',
  'test/rules/ecs/task-definition-not-privileged.test.ts':
    'moto takes an inactive revision for the latest, deploys nothing (test/rules/ecs/task-definition/seed.ts), and has one page of each.',
  'test/rules/ecs/task-definition-process-namespace-own.test.ts': 'moto deploys nothing: test/rules/ecs/task-definition/seed.ts.',
  'test/rules/ecs/task-definition-root-filesystem-read-only.test.ts': 'moto deploys nothing: test/rules/ecs/task-definition/seed.ts.',
  'test/rules/ecs/task-definition-environment-without-keys.test.ts':
    'moto deploys nothing (test/rules/ecs/task-definition/seed.ts), and simulates no policies.',
  'test/rules/ecs/task-definition-containers-logged.test.ts':
    'moto deploys nothing (test/rules/ecs/task-definition/seed.ts), and simulates no policies.',
  'test/rules/guardduty/runtime-monitoring-enabled.test.ts':
    'moto forgets the plans that an update does not name, and no detector there manages other accounts.',
  'test/rules/cloudwatch/account-activity-alarmed.test.ts':
    'moto knows no event selectors of a trail in its description, and gives metric filters and alarms on one page.',
  'test/rules/cloudwatch/alarm-actions-configured.test.ts': 'moto tells less of an alarm than CloudWatch does.',
  'test/rules/cloudwatch/alarm-actions-enabled.test.ts': 'moto gives alarms on one page.',
  'test/rules/cloudwatch/log-group-kept-long-enough.test.ts': 'moto gives log groups on one page where there are few.',
  'test/rules/ec2/snapshot-public-sharing-blocked.test.ts': 'moto has no policies of an organization.',
  'test/rules/ssm/document-not-public.test.ts': 'moto tells on one page with whom a document is shared, and not its version.',
  'test/rules/inspector/scans-enabled.test.ts': 'moto lists members on one page, and knows no scan on its way, suspended or refused.',
  'test/rules/macie/session-enabled.test.ts': 'The gateway has no administrator accounts of Macie.',
  'test/rules/macie/sensitive-data-discovered.test.ts': 'The gateway has no administrator accounts of Macie.',
  'test/rules/iam/external-access-analyzed.test.ts': 'The analyzers of the gateway all work, and are on one page.',
  'test/rules/config/recorder-enabled.test.ts': 'moto has no recording modes, and no buckets out of reach.',
  'test/rules/ssm/instance-managed.test.ts': 'moto starts instances at once, and gives few on one page.',
  'test/rules/ssm/instance-patched.test.ts': 'The gateway knows of missing patches alone.',
  'test/rules/ssm/vulnerability/plan.test.ts':
    'The gateway runs Linux alone, and knows of no failed patches and of no findings that contradict the request.',
  'test/rules/kms/key-not-scheduled-for-deletion.test.ts': 'moto has no primary key that waits for the deletion of its replicas.',
  'test/rules/s3/bucket-lifecycle-configured.test.ts':
    'moto knows one smallest size for a change of the storage class; what is written takes no dates.',
  'test/rules/dynamodb/table-deletion-protected.test.ts': 'moto has each table active at once, and gives the first hundred on one page.',
  'test/rules/dynamodb/table-capacity-scaled.test.ts': 'moto gives few targets and policies on one page, and deletes an index at once.',
  'test/rules/s3/bucket-versioning-enabled.test.ts': 'moto never has MFA delete on, and asks for no owner of a bucket.',
  'test/rules/s3/bucket-access-logged.test.ts': 'moto knows no region by its old name, and asks for no owner of a bucket.',
  'test/rules/s3/bucket-events-sent.test.ts':
    'moto does not show that a bucket tells EventBridge; test/emulator/gateway/bucket-events.ts adds it.',
  'test/rules/ecr/repository-images-scanned.test.ts': 'moto gives all repositories on one page, and always says how a registry scans.',
  'test/rules/secretsmanager/secret-rotation-enabled.test.ts':
    'moto rotates by running a real function, and forgets it: rotation stands in the test itself.',
  'test/rules/secretsmanager/secret-rotated-in-time.test.ts': 'moto dates every rotation at now: rotation stands in the test itself.',
  'test/rules/iam/user-access-keys-rotated.test.ts': 'moto dates every key at now, and notes no use: test/rules/iam/user/seed.ts does.',
  'test/rules/iam/policy-not-administrative.test.ts': 'moto gives versions and policies on one page.',
  'test/rules/iam/support-role-present.test.ts': 'moto has no policies of AWS unless it is told to load them all.',
  'test/rules/eks/cluster-endpoint-private.test.ts': 'moto has each cluster active at once, and tells the VPC of none.',
  'test/rules/eks/cluster-version-supported.test.ts':
    'moto knows no versions of Kubernetes, which the gateway does, test/emulator/gateway/cluster-versions.ts, where nothing keeps a cluster from the next one.',
  'test/rules/eks/nodegroup-version-supported.test.ts': 'moto has each cluster active at once.',
  'test/rules/autoscaling/launch-configuration-metadata-v2.test.ts': 'moto gives a name no second ARN, and deletes groups at once.',
  'test/rules/autoscaling/group-health-by-load-balancer.test.ts': 'moto finds every target healthy.',
  'test/rules/ec2/default-security-group-closed.test.ts': 'moto gives all network interfaces on one page.',
  'test/rules/ec2/launch-template-addresses-private.test.ts': 'moto deletes no versions of launch templates, and has none of a service.',
  'test/rules/ec2/instance-address-private.test.ts': 'moto takes no address from an instance that it gave it by itself.',
  'test/rules/ec2/instance-stopped-removed.test.ts': 'moto dates every stop at now, and runs no instance for a service.',
  'test/rules/elb/load-balancer-http-redirected.test.ts': 'moto gives all load balancers and listeners on one page.',
  'test/rules/codebuild/project-variables-not-credentials.test.ts': 'moto gives all projects on one page.',
  'test/rules/codebuild/project-source-not-credentials.test.ts':
    'moto keeps no secondary sources, and no connections to Bitbucket, which the gateway does, test/emulator/gateway/source-credentials.ts.',
  'test/rules/cloudtrail/trail-encrypted.test.ts':
    'KMS gives keys their ids, and the parameters of a scenario name one: the keys stand in the test itself.',
  'test/rules/cloudtrail/account-all-regions-logged.test.ts':
    'moto never says that a trail has event selectors of its own, and denies nobody a bucket.',
  'test/rules/elasticbeanstalk/environment-updates-managed.test.ts':
    'moto updates no environment of Elastic Beanstalk: test/rules/elasticbeanstalk/environments.ts does.',
  'test/rules/elasticbeanstalk/environment-logs-streamed.test.ts':
    'moto updates no environment of Elastic Beanstalk: test/rules/elasticbeanstalk/environments.ts does.',
  'test/rules/ec2/vpc-endpoint-for-ec2.test.ts': 'moto has each endpoint available at once, and gives them and subnets on one page.',
};
