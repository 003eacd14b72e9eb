/** Where the AWS provider of Terraform has a property: a resource type, and the path of the argument in it. */
export interface Argument {
  readonly resource: string;
  readonly path: string;
  /** For a setting that is a resource of its own: the argument that names the main resource, and the type of that. */
  readonly of?: { readonly argument: string; readonly resource: string };
  /** The provider's form of a value of CloudFormation. */
  readonly values?: Readonly<Record<string, boolean>>;
}

const inOne = (resource: string, paths: Readonly<Record<string, string>>): Readonly<Record<string, Argument>> =>
  Object.fromEntries(Object.entries(paths).map(([property, path]) => [property, { resource, path }]));

const ofBucket = { argument: 'bucket', resource: 'aws_s3_bucket' } as const;
const publicAccessBlock = (path: string): Argument => ({ resource: 'aws_s3_bucket_public_access_block', path, of: ofBucket });

const endpointOptions = {
  'DomainEndpointOptions.EnforceHTTPS': 'domain_endpoint_options.enforce_https',
  'DomainEndpointOptions.TLSSecurityPolicy': 'domain_endpoint_options.tls_security_policy',
};
const database = {
  BackupRetentionPeriod: 'backup_retention_period',
  CopyTagsToSnapshot: 'copy_tags_to_snapshot',
  DeletionProtection: 'deletion_protection',
  EnableIAMDatabaseAuthentication: 'iam_database_authentication_enabled',
};

/** By CloudFormation resource type and property. Source: registry.terraform.io/providers/hashicorp/aws/latest/docs. */
export const terraformArguments: Readonly<Record<string, Readonly<Record<string, Argument>>>> = {
  'AWS::Athena::WorkGroup': inOne('aws_athena_workgroup', {
    'WorkGroupConfiguration.PublishCloudWatchMetricsEnabled': 'configuration.publish_cloudwatch_metrics_enabled',
  }),
  'AWS::AutoScaling::AutoScalingGroup': inOne('aws_autoscaling_group', {
    HealthCheckType: 'health_check_type',
    HealthCheckGracePeriod: 'health_check_grace_period',
  }),
  'AWS::CloudTrail::Trail': inOne('aws_cloudtrail', { EnableLogFileValidation: 'enable_log_file_validation' }),
  'AWS::CloudWatch::Alarm': inOne('aws_cloudwatch_metric_alarm', { ActionsEnabled: 'actions_enabled' }),
  'AWS::DynamoDB::Table': inOne('aws_dynamodb_table', { DeletionProtectionEnabled: 'deletion_protection_enabled' }),
  'AWS::EC2::Instance': inOne('aws_instance', { 'MetadataOptions.HttpTokens': 'metadata_options.http_tokens' }),
  'AWS::EC2::Subnet': inOne('aws_subnet', {
    MapPublicIpOnLaunch: 'map_public_ip_on_launch',
    AssignIpv6AddressOnCreation: 'assign_ipv6_address_on_creation',
  }),
  'AWS::EC2::TransitGateway': inOne('aws_ec2_transit_gateway', { AutoAcceptSharedAttachments: 'auto_accept_shared_attachments' }),
  'AWS::ECR::Repository': inOne('aws_ecr_repository', {
    'ImageScanningConfiguration.ScanOnPush': 'image_scanning_configuration.scan_on_push',
  }),
  'AWS::ECS::Service': {
    'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp': {
      resource: 'aws_ecs_service',
      path: 'network_configuration.assign_public_ip',
      values: { ENABLED: true, DISABLED: false },
    },
  },
  'AWS::EKS::Cluster': inOne('aws_eks_cluster', {
    'ResourcesVpcConfig.EndpointPublicAccess': 'vpc_config.endpoint_public_access',
    'ResourcesVpcConfig.EndpointPrivateAccess': 'vpc_config.endpoint_private_access',
    Version: 'version',
  }),
  'AWS::EKS::Nodegroup': inOne('aws_eks_node_group', { Version: 'version' }),
  'AWS::ElastiCache::CacheCluster': inOne('aws_elasticache_cluster', {
    AutoMinorVersionUpgrade: 'auto_minor_version_upgrade',
    SnapshotRetentionLimit: 'snapshot_retention_limit',
  }),
  'AWS::ElastiCache::ReplicationGroup': inOne('aws_elasticache_replication_group', {
    AutoMinorVersionUpgrade: 'auto_minor_version_upgrade',
    AutomaticFailoverEnabled: 'automatic_failover_enabled',
    SnapshotRetentionLimit: 'snapshot_retention_limit',
  }),
  'AWS::Elasticsearch::Domain': inOne('aws_elasticsearch_domain', endpointOptions),
  'AWS::OpenSearch::Domain': inOne('aws_opensearch_domain', endpointOptions),
  'AWS::KMS::Key': inOne('aws_kms_key', { EnableKeyRotation: 'enable_key_rotation', RotationPeriodInDays: 'rotation_period_in_days' }),
  'AWS::Logs::LogGroup': inOne('aws_cloudwatch_log_group', { RetentionInDays: 'retention_in_days' }),
  'AWS::MSK::Cluster': inOne('aws_msk_cluster', {
    EnhancedMonitoring: 'enhanced_monitoring',
    'BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type': 'broker_node_group_info.connectivity_info.public_access.type',
  }),
  'AWS::RDS::DBCluster': inOne('aws_rds_cluster', database),
  'AWS::RDS::DBInstance': inOne('aws_db_instance', {
    ...database,
    AutoMinorVersionUpgrade: 'auto_minor_version_upgrade',
    MultiAZ: 'multi_az',
    PubliclyAccessible: 'publicly_accessible',
  }),
  'AWS::Redshift::Cluster': inOne('aws_redshift_cluster', {
    AllowVersionUpgrade: 'allow_version_upgrade',
    AutomatedSnapshotRetentionPeriod: 'automated_snapshot_retention_period',
    Encrypted: 'encrypted',
    EnhancedVpcRouting: 'enhanced_vpc_routing',
    PubliclyAccessible: 'publicly_accessible',
  }),
  'AWS::RedshiftServerless::Workgroup': inOne('aws_redshiftserverless_workgroup', {
    EnhancedVpcRouting: 'enhanced_vpc_routing',
    PubliclyAccessible: 'publicly_accessible',
  }),
  'AWS::S3::Bucket': {
    'VersioningConfiguration.Status': { resource: 'aws_s3_bucket_versioning', path: 'versioning_configuration.status', of: ofBucket },
    'PublicAccessBlockConfiguration.BlockPublicAcls': publicAccessBlock('block_public_acls'),
    'PublicAccessBlockConfiguration.BlockPublicPolicy': publicAccessBlock('block_public_policy'),
    'PublicAccessBlockConfiguration.IgnorePublicAcls': publicAccessBlock('ignore_public_acls'),
    'PublicAccessBlockConfiguration.RestrictPublicBuckets': publicAccessBlock('restrict_public_buckets'),
  },
  'AWS::SNS::Topic': inOne('aws_sns_topic', { KmsMasterKeyId: 'kms_master_key_id' }),
  'AWS::SQS::Queue': inOne('aws_sqs_queue', { SqsManagedSseEnabled: 'sqs_managed_sse_enabled' }),
  'AWS::SageMaker::NotebookInstance': inOne('aws_sagemaker_notebook_instance', { RootAccess: 'root_access' }),
};
