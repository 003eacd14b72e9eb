import { hours } from '../duration';

/**
 * The detectors that evaluate a resource when it changes, by AWS's pages: "List of AWS Config Managed Rules by Trigger Type", and for controls
 * the Config rule that the page of the control names. Any other detector is periodic: "within 12 or 24 hours after the most recent run.
 * Security Hub determines the periodicity" ("Schedule for running security checks"). A detector of which no page was read counts as periodic,
 * and so is asked later.
 */
const changeTriggeredNames = `
  APIGateway.1 AutoScaling.1 AutoScaling.3 Autoscaling.5 CloudFront.1 CloudWatch.15 CloudWatch.17 CodeBuild.1 CodeBuild.2 EC2.2 EC2.8
  EC2.9 EC2.13 EC2.14 EC2.15 EC2.18 EC2.19 EC2.23 EC2.25 ECR.1 ECS.3 ECS.4 ECS.5 ECS.8 ECS.9 EKS.2 ElasticBeanstalk.2 ElasticBeanstalk.3
  IAM.1 Lambda.1 Opensearch.7 Opensearch.8 RDS.1 RDS.2 RDS.5 RDS.6 RDS.7 RDS.8 RDS.9 RDS.10 RDS.11 RDS.12 RDS.13 Redshift.1 Redshift.3
  Redshift.6 Redshift.7 Redshift.10 S3.2 S3.3 S3.5 S3.6 S3.8 S3.9 S3.11 S3.13 S3.14 SageMaker.3 SecretsManager.1 SNS.1 SSM.1 SSM.2
  api-gw-execution-logging-enabled autoscaling-group-elb-healthcheck-required autoscaling-launch-config-public-ip-disabled
  autoscaling-launchconfig-requires-imdsv2 cloudfront-default-root-object-configured cloudwatch-alarm-action-check
  cloudwatch-alarm-action-enabled-check codebuild-project-envvar-awscred-check codebuild-project-source-repo-url-check
  db-instance-backup-enabled ec2-imdsv2-check ec2-instance-managed-by-systems-manager ec2-instance-no-public-ip
  ec2-launch-template-public-ip-disabled ec2-managedinstance-patch-compliance-status-check ec2-transit-gateway-auto-vpc-attach-disabled
  ecr-private-image-scanning-enabled ecs-containers-nonprivileged ecs-containers-readonly-access ecs-no-environment-secrets
  ecs-task-definition-log-configuration ecs-task-definition-pid-mode-check eks-cluster-supported-version
  elastic-beanstalk-logs-to-cloudwatch elastic-beanstalk-managed-updates-enabled iam-policy-no-statements-with-admin-access
  lambda-function-public-access-prohibited opensearch-access-control-enabled opensearch-https-required
  rds-automatic-minor-version-upgrade-enabled rds-cluster-deletion-protection-enabled rds-cluster-iam-authentication-enabled
  rds-enhanced-monitoring-enabled rds-instance-deletion-protection-enabled rds-instance-iam-authentication-enabled
  rds-instance-public-access-check rds-logging-enabled rds-multi-az-support rds-snapshots-public-prohibited redshift-audit-logging-enabled
  redshift-backup-enabled redshift-cluster-kms-enabled redshift-cluster-maintenancesettings-check redshift-cluster-public-access-check
  redshift-enhanced-vpc-routing-enabled restricted-common-ports restricted-ssh s3-bucket-blacklisted-actions-prohibited
  s3-bucket-level-public-access-prohibited s3-bucket-logging-enabled s3-bucket-public-read-prohibited s3-bucket-public-write-prohibited
  s3-bucket-ssl-requests-only s3-bucket-versioning-enabled s3-event-notifications-enabled s3-lifecycle-policy-check
  sagemaker-notebook-instance-root-access-check secretsmanager-rotation-enabled-check sns-encrypted-kms
  subnet-auto-assign-public-ip-disabled vpc-default-security-group-closed vpc-sg-open-only-to-authorized-ports
`;

export const changeTriggered: ReadonlySet<string> = new Set(changeTriggeredNames.trim().split(/\s+/));

/** AWS documents no period for a change: AWS Config records most changes within minutes. */
const afterChange = hours(1);
/** The longest period that AWS documents. Where the recorder records daily, a change waits so long, too. */
const periodic = hours(24);

/** How long it takes at most until the control or Config rule evaluates a resource again, in milliseconds. */
export const evaluationPeriod = (detectedBy: string): number => (changeTriggered.has(detectedBy) ? afterChange : periodic);

export const longestPeriod = periodic;
