import { hours } from '../duration';

/**
 * The detectors that evaluate a resource when it changes, as AWS's pages say; `test/catalogue/detectors.json` names the page of each, and the
 * day on which it was read. Any other detector is periodic: "within 12 or 24 hours after the most recent run. Security Hub determines the
 * periodicity" ("Schedule for running security checks"). A detector of which no page was read counts as periodic, and so is asked later.
 */
const changeTriggeredNames = `
  APIGateway.1 APIGateway.5 AppSync.5 Athena.4 AutoScaling.1 AutoScaling.3 Autoscaling.5 BedrockAgentCore.1 BedrockAgentCore.2
  CloudFront.1 CloudTrail.6 CloudWatch.15 CloudWatch.17 CodeBuild.1 CodeBuild.2 DocumentDB.2 DocumentDB.3 DocumentDB.4 DocumentDB.5
  DynamoDB.6 EC2.2 EC2.8 EC2.9 EC2.13 EC2.14 EC2.15 EC2.18 EC2.19 EC2.23 EC2.25 EC2.182 ECS.2 ECS.3 ECS.4 ECS.5 ECS.8 ECS.9 EKS.2 EKS.9
  ElasticBeanstalk.2 ElasticBeanstalk.3 ES.8 IAM.1 KMS.3 KMS.5 Lambda.1 MSK.2 MSK.4 Neptune.2 Neptune.3 Neptune.4 Neptune.5 Neptune.8
  Opensearch.7 Opensearch.8 RDS.1 RDS.2 RDS.5 RDS.6 RDS.7 RDS.8 RDS.9 RDS.10 RDS.11 RDS.12 RDS.13 RDS.16 RDS.17 RDS.34 RDS.35 RDS.36
  RDS.37 RDS.40 RDS.47 RDS.48 RDS.50 RDS.51 Redshift.1 Redshift.3 Redshift.4 Redshift.6 Redshift.7 Redshift.10 S3.2 S3.3 S3.5 S3.6 S3.8
  S3.9 S3.11 S3.13 S3.14 SageMaker.3 SecretsManager.1 SNS.1 SNS.4 SQS.1 SQS.3 SSM.1 SSM.2 api-gw-cache-encrypted
  api-gw-execution-logging-enabled appsync-authorization-check athena-workgroup-logging-enabled autoscaling-group-elb-healthcheck-required
  autoscaling-launch-config-public-ip-disabled autoscaling-launchconfig-requires-imdsv2 bedrockagentcore-gateway-authorizer-enabled
  bedrockagentcore-runtime-private-network-required cloudfront-default-root-object-configured cloudwatch-alarm-action-check
  cloudwatch-alarm-action-enabled-check codebuild-project-envvar-awscred-check codebuild-project-source-repo-url-check
  db-instance-backup-enabled docdb-cluster-audit-logging-enabled docdb-cluster-backup-retention-check
  docdb-cluster-deletion-protection-enabled docdb-cluster-snapshot-public-prohibited dynamodb-table-deletion-protection-enabled
  ebs-snapshot-block-public-access ec2-imdsv2-check ec2-instance-managed-by-systems-manager ec2-instance-no-public-ip
  ec2-launch-template-public-ip-disabled ec2-managedinstance-patch-compliance-status-check ec2-transit-gateway-auto-vpc-attach-disabled
  ecs-containers-nonprivileged ecs-containers-readonly-access ecs-no-environment-secrets ecs-service-assign-public-ip-disabled
  ecs-task-definition-log-configuration ecs-task-definition-pid-mode-check eks-cluster-supported-version
  eks-nodegroup-supported-version-check elastic-beanstalk-logs-to-cloudwatch elastic-beanstalk-managed-updates-enabled
  elasticsearch-https-required iam-policy-no-statements-with-admin-access kms-cmk-not-scheduled-for-deletion-2
  kms-key-policy-no-public-access lambda-function-public-access-prohibited msk-cluster-public-access-disabled
  msk-enhanced-monitoring-enabled neptune-cluster-backup-retention-check neptune-cluster-cloudwatch-log-export-enabled
  neptune-cluster-copy-tags-to-snapshot-enabled neptune-cluster-deletion-protection-enabled neptune-cluster-snapshot-public-prohibited
  opensearch-access-control-enabled opensearch-https-required rds-aurora-mysql-audit-logging-enabled
  rds-aurora-postgresql-logs-to-cloudwatch rds-automatic-minor-version-upgrade-enabled rds-cluster-auto-minor-version-upgrade-enable
  rds-cluster-backup-retention-check rds-cluster-copy-tags-to-snapshots-enabled rds-cluster-deletion-protection-enabled
  rds-cluster-iam-authentication-enabled rds-enhanced-monitoring-enabled rds-global-cluster-aurora-mysql-supported-version
  rds-instance-copy-tags-to-snapshots-enabled rds-instance-deletion-protection-enabled rds-instance-iam-authentication-enabled
  rds-instance-public-access-check rds-logging-enabled rds-multi-az-support rds-mysql-cluster-copy-tags-to-snapshot-check
  rds-pgsql-cluster-copy-tags-to-snapshot-check rds-postgresql-logs-to-cloudwatch rds-snapshots-public-prohibited
  rds-sql-server-logs-to-cloudwatch redshift-audit-logging-enabled redshift-backup-enabled redshift-cluster-audit-logging-enabled
  redshift-cluster-kms-enabled redshift-cluster-maintenancesettings-check redshift-cluster-public-access-check
  redshift-enhanced-vpc-routing-enabled restricted-common-ports restricted-ssh s3-bucket-blacklisted-actions-prohibited
  s3-bucket-level-public-access-prohibited s3-bucket-logging-enabled s3-bucket-public-read-prohibited s3-bucket-public-write-prohibited
  s3-bucket-ssl-requests-only s3-bucket-versioning-enabled s3-event-notifications-enabled s3-lifecycle-policy-check
  sagemaker-notebook-instance-root-access-check secretsmanager-rotation-enabled-check sns-encrypted-kms sns-topic-no-public-access
  sqs-queue-encrypted sqs-queue-no-public-access subnet-auto-assign-public-ip-disabled vpc-default-security-group-closed
  vpc-sg-open-only-to-authorized-ports
`;

export const changeTriggered: ReadonlySet<string> = new Set(changeTriggeredNames.trim().split(/\s+/));

/** AWS documents no period for a change: AWS Config records most changes within minutes. */
const afterChange = hours(1);
/** Those of which AWS says that they take longer to evaluate a change. */
const later: ReadonlyMap<string, number> = new Map([
  ['RDS.1', hours(12)],
  ['rds-snapshots-public-prohibited', hours(12)],
  ['SecretsManager.1', hours(4)],
  ['secretsmanager-rotation-enabled-check', hours(4)],
]);
/** The longest period that AWS documents. Where the recorder records daily, a change waits so long, too. */
const periodic = hours(24);

/** How long it takes at most until the control or Config rule evaluates a resource again, in milliseconds. */
export const evaluationPeriod = (detectedBy: string): number =>
  changeTriggered.has(detectedBy) ? (later.get(detectedBy) ?? afterChange) : periodic;

export const longestPeriod = periodic;
