import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Of https://docs.aws.amazon.com/config/latest/developerguide/<name>.html, read on 2026-11-30: the identifiers that the CDK does not know yet. */
const ofPages = [
  'CLOUDTRAIL_S3_BUCKET_PUBLIC_ACCESS_PROHIBITED',
  ...['CLOUDFRONT_S3_ORIGIN_NON_EXISTENT_BUCKET', 'DOCDB_CLUSTER_BACKUP_RETENTION_CHECK', 'ELASTIC_BEANSTALK_LOGS_TO_CLOUDWATCH'],
  ...['GUARDDUTY_EC2_PROTECTION_RUNTIME_ENABLED', 'GUARDDUTY_EKS_PROTECTION_RUNTIME_ENABLED', 'MSK_ENHANCED_MONITORING_ENABLED'],
  ...['NEPTUNE_CLUSTER_CLOUDWATCH_LOG_EXPORT_ENABLED', 'RDS_CLUSTER_AUTO_MINOR_VERSION_UPGRADE_ENABLE'],
  ...['RDS_GLOBAL_CLUSTER_AURORA_MYSQL_SUPPORTED_VERSION', 'RDS_MYSQL_CLUSTER_COPY_TAGS_TO_SNAPSHOT_CHECK'],
  'EBS_SNAPSHOT_BLOCK_PUBLIC_ACCESS',
  'GUARDDUTY_RDS_PROTECTION_ENABLED',
  'INSPECTOR_EC2_SCAN_ENABLED',
  'INSPECTOR_ECR_SCAN_ENABLED',
  'INSPECTOR_LAMBDA_CODE_SCAN_ENABLED',
  'INSPECTOR_LAMBDA_STANDARD_SCAN_ENABLED',
  'MACIE_AUTO_SENSITIVE_DATA_DISCOVERY_CHECK',
  'MACIE_STATUS_CHECK',
  'MSK_CLUSTER_PUBLIC_ACCESS_DISABLED',
  'RDS_CLUSTER_BACKUP_RETENTION_CHECK',
];

/** Of https://aws.amazon.com/about-aws/whats-new/2026/07/aws-config-additional-managed-rules, read on 2026-11-30. */
const announced = `
  APPSYNC_AUTHORIZATION_CHECK ATHENA_WORKGROUP_LOGGING_ENABLED BEDROCKAGENTCORE_GATEWAY_AUTHORIZER_ENABLED
  BEDROCKAGENTCORE_RUNTIME_PRIVATE_NETWORK_REQUIRED DOCDB_CLUSTER_AUDIT_LOGGING_ENABLED DOCDB_CLUSTER_DELETION_PROTECTION_ENABLED
  DOCDB_CLUSTER_SNAPSHOT_PUBLIC_PROHIBITED DYNAMODB_TABLE_DELETION_PROTECTION_ENABLED EC2_LAUNCH_TEMPLATE_PUBLIC_IP_DISABLED
  ECS_CONTAINERS_NONPRIVILEGED ECS_TASK_DEFINITION_PID_MODE_CHECK EKS_NODEGROUP_SUPPORTED_VERSION_CHECK
  ELASTICACHE_AUTO_MINOR_VERSION_UPGRADE_CHECK ELASTICACHE_REPL_GRP_AUTO_FAILOVER_ENABLED EMR_BLOCK_PUBLIC_ACCESS
  GUARDDUTY_ECS_PROTECTION_RUNTIME_ENABLED GUARDDUTY_EKS_PROTECTION_AUDIT_ENABLED GUARDDUTY_LAMBDA_PROTECTION_ENABLED
  GUARDDUTY_MALWARE_PROTECTION_ENABLED GUARDDUTY_RUNTIME_MONITORING_ENABLED GUARDDUTY_S3_PROTECTION_ENABLED
  IAM_EXTERNAL_ACCESS_ANALYZER_ENABLED KMS_KEY_POLICY_NO_PUBLIC_ACCESS MARIADB_PUBLISH_LOGS_TO_CLOUDWATCH_LOGS
  NEPTUNE_CLUSTER_BACKUP_RETENTION_CHECK NEPTUNE_CLUSTER_COPY_TAGS_TO_SNAPSHOT_ENABLED NEPTUNE_CLUSTER_DELETION_PROTECTION_ENABLED
  NEPTUNE_CLUSTER_SNAPSHOT_PUBLIC_PROHIBITED RDS_AURORA_MYSQL_AUDIT_LOGGING_ENABLED RDS_AURORA_POSTGRESQL_LOGS_TO_CLOUDWATCH
  RDS_INSTANCE_SUBNET_IGW_CHECK RDS_PGSQL_CLUSTER_COPY_TAGS_TO_SNAPSHOT_CHECK RDS_POSTGRESQL_LOGS_TO_CLOUDWATCH
  RDS_SQL_SERVER_LOGS_TO_CLOUDWATCH REDSHIFT_SERVERLESS_PUBLISH_LOGS_TO_CLOUDWATCH REDSHIFT_SERVERLESS_WORKGROUP_ENCRYPTED_IN_TRANSIT
  REDSHIFT_SERVERLESS_WORKGROUP_NO_PUBLIC_ACCESS REDSHIFT_SERVERLESS_WORKGROUP_ROUTES_WITHIN_VPC REDSHIFT_UNRESTRICTED_PORT_ACCESS
  SAGEMAKER_NOTEBOOK_INSTANCE_ROOT_ACCESS_CHECK SNS_TOPIC_NO_PUBLIC_ACCESS SQS_QUEUE_NO_PUBLIC_ACCESS SSM_AUTOMATION_BLOCK_PUBLIC_SHARING
  VPC_SG_PORT_RESTRICTION_CHECK
`
  .trim()
  .split(/\s+/);

/**
 * Names under which Security Hub deploys rules of its own (the Security Hub User Guide lists them by control). No page of AWS Config states an
 * identifier for them: they are recognized by the service that deployed them, and by an identifier of the usual form.
 */
export const ofSecurityHub: readonly string[] = `
  api-gw-cache-encrypted ecs-service-assign-public-ip-disabled elasticsearch-https-required kms-cmk-not-scheduled-for-deletion-2
  rds-cluster-copy-tags-to-snapshots-enabled rds-instance-copy-tags-to-snapshots-enabled redshift-cluster-audit-logging-enabled
  sqs-queue-encrypted
`
  .trim()
  .split(/\s+/);

const cdk = readFileSync(path.resolve(__dirname, '../../node_modules/aws-cdk-lib/aws-config/lib/rule.d.ts'), 'utf8');
const member =
  /@see https:\/\/docs\.aws\.amazon\.com\/config\/latest\/developerguide\/([\w-]+)\.html\s+\*\/\s+static readonly \w+ = "(\w+)"/g;

/** The identifiers of managed rules that AWS publishes. */
export const published: ReadonlySet<string> = new Set([
  ...ofPages,
  ...announced,
  ...[...cdk.matchAll(/static readonly \w+ = "(\w+)"/g)].map(([, identifier = '']) => identifier),
]);

/** By the name in the address of a page, the identifiers that the CDK links to it: one, unless a link of the CDK is wrong. */
export const ofCdk: ReadonlyMap<string, ReadonlySet<string>> = [...cdk.matchAll(member)].reduce(
  (found, [, page = '', identifier = '']) => found.set(page, new Set([...(found.get(page) ?? []), identifier])),
  new Map<string, ReadonlySet<string>>(),
);

/**
 * Managed rules that a fix of the catalogue satisfies only in part, by the page of AWS Config: nothing may claim them, as a finding could stay
 * after the fix.
 */
export const partTwins: Readonly<Record<string, string>> = {
  'redshift-cluster-configuration-check':
    'It also asks for encryption with the given key and for a type of nodes. Redshift.4 and Redshift.10 fix one part each.',
  'api-gw-cache-enabled-and-encrypted':
    'It also asks every method to have a cache, which costs by the hour. APIGateway.5 encrypts the caches that there are.',
  'cloudtrail-security-trail-enabled':
    'It asks for one trail with seven properties, among them both kinds of events with none left out. CloudTrail.1, CloudTrail.2 and CloudTrail.4 fix one part each.',
  'eks-cluster-oldest-supported-version':
    'It also fails for the version of its parameter itself, which is still supported. EKS.2 upgrades only what is older.',
  'cloudtrail-s3-bucket-public-access-prohibited':
    'It reports the trail, whose bucket may be of another account. CloudTrail.6 reports the bucket, which the rule fixes.',
};
