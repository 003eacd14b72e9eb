import { UpdateWorkGroupCommand } from '@aws-sdk/client-athena';
import { UpdateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { UpdateTrailCommand } from '@aws-sdk/client-cloudtrail';
import { EnableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch';
import { PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { ModifyInstanceMetadataOptionsCommand, ModifySubnetAttributeCommand, ModifyTransitGatewayCommand } from '@aws-sdk/client-ec2';
import { PutImageScanningConfigurationCommand } from '@aws-sdk/client-ecr';
import { UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { UpdateClusterConfigCommand, UpdateClusterVersionCommand, UpdateNodegroupVersionCommand } from '@aws-sdk/client-eks';
import { ModifyCacheClusterCommand, ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { UpdateConnectivityCommand, UpdateMonitoringCommand } from '@aws-sdk/client-kafka';
import { EnableKeyRotationCommand } from '@aws-sdk/client-kms';
import { UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import { ModifyDBClusterCommand, ModifyDBInstanceCommand } from '@aws-sdk/client-rds';
import { ModifyClusterCommand } from '@aws-sdk/client-redshift';
import { UpdateWorkgroupCommand } from '@aws-sdk/client-redshift-serverless';
import { PutBucketVersioningCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { UpdateNotebookInstanceCommand } from '@aws-sdk/client-sagemaker';
import { SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { callOf } from '../../functions/aws/call';
import type { AwsCommand } from '../../rules/rule';

const db = { DBInstanceIdentifier: 'db' };
const dbCluster = { DBClusterIdentifier: 'db' };
const redshift = { ClusterIdentifier: 'warehouse' };
const group = { ReplicationGroupId: 'sessions' };
const msk = { ClusterArn: 'arn:aws:kafka:eu-west-1:111122223333:cluster/c/1', CurrentVersion: 'K1' };
const domain = {
  DomainName: 'd',
  DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
} as const;
const httpsOnly = { DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' } };
const blocked = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const network = { subnets: ['subnet-1'], securityGroups: ['sg-1'] };

/** What the rules send, by resource type, and what a template needs instead. */
const commands: readonly (readonly [type: string, command: AwsCommand, expected: object])[] = [
  [
    'AWS::Athena::WorkGroup',
    new UpdateWorkGroupCommand({ WorkGroup: 'w', ConfigurationUpdates: { PublishCloudWatchMetricsEnabled: true } }),
    { WorkGroupConfiguration: { PublishCloudWatchMetricsEnabled: true } },
  ],
  [
    'AWS::AutoScaling::AutoScalingGroup',
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'g', HealthCheckType: 'ELB', HealthCheckGracePeriod: 300 }),
    { HealthCheckType: 'ELB', HealthCheckGracePeriod: 300 },
  ],
  ['AWS::CloudTrail::Trail', new UpdateTrailCommand({ Name: 't', EnableLogFileValidation: true }), { EnableLogFileValidation: true }],
  ['AWS::CloudWatch::Alarm', new EnableAlarmActionsCommand({ AlarmNames: ['a'] }), { ActionsEnabled: true }],
  [
    'AWS::DynamoDB::Table',
    new UpdateTableCommand({ TableName: 't', DeletionProtectionEnabled: true }),
    { DeletionProtectionEnabled: true },
  ],
  [
    'AWS::EC2::Instance',
    new ModifyInstanceMetadataOptionsCommand({
      InstanceId: 'i-1',
      HttpTokens: 'required',
      HttpEndpoint: 'enabled',
      HttpPutResponseHopLimit: 2,
      InstanceMetadataTags: 'enabled',
    }),
    { MetadataOptions: { HttpTokens: 'required' } },
  ],
  [
    'AWS::EC2::Subnet',
    new ModifySubnetAttributeCommand({ SubnetId: 's', MapPublicIpOnLaunch: { Value: false } }),
    { MapPublicIpOnLaunch: false },
  ],
  [
    'AWS::EC2::Subnet',
    new ModifySubnetAttributeCommand({ SubnetId: 's', AssignIpv6AddressOnCreation: { Value: false } }),
    { AssignIpv6AddressOnCreation: false },
  ],
  [
    'AWS::EC2::TransitGateway',
    new ModifyTransitGatewayCommand({ TransitGatewayId: 't', Options: { AutoAcceptSharedAttachments: 'disable' } }),
    { AutoAcceptSharedAttachments: 'disable' },
  ],
  [
    'AWS::ECR::Repository',
    new PutImageScanningConfigurationCommand({ repositoryName: 'r', imageScanningConfiguration: { scanOnPush: true } }),
    { ImageScanningConfiguration: { ScanOnPush: true } },
  ],
  [
    'AWS::ECS::Service',
    new UpdateServiceCommand({
      cluster: 'c',
      service: 's',
      networkConfiguration: { awsvpcConfiguration: { ...network, assignPublicIp: 'DISABLED' } },
    }),
    { NetworkConfiguration: { AwsvpcConfiguration: { AssignPublicIp: 'DISABLED' } } },
  ],
  [
    'AWS::EKS::Cluster',
    new UpdateClusterConfigCommand({ name: 'c', resourcesVpcConfig: { endpointPublicAccess: false, endpointPrivateAccess: true } }),
    { ResourcesVpcConfig: { EndpointPublicAccess: false, EndpointPrivateAccess: true } },
  ],
  ['AWS::EKS::Cluster', new UpdateClusterVersionCommand({ name: 'c', version: '1.33' }), { Version: '1.33' }],
  [
    'AWS::EKS::Nodegroup',
    new UpdateNodegroupVersionCommand({ clusterName: 'c', nodegroupName: 'n', version: '1.33' }),
    { Version: '1.33' },
  ],
  [
    'AWS::ElastiCache::CacheCluster',
    new ModifyCacheClusterCommand({ CacheClusterId: 'c', AutoMinorVersionUpgrade: true }),
    { AutoMinorVersionUpgrade: true },
  ],
  [
    'AWS::ElastiCache::CacheCluster',
    new ModifyCacheClusterCommand({ CacheClusterId: 'c', SnapshotRetentionLimit: 7 }),
    { SnapshotRetentionLimit: 7 },
  ],
  [
    'AWS::ElastiCache::ReplicationGroup',
    new ModifyReplicationGroupCommand({ ...group, AutomaticFailoverEnabled: true, ApplyImmediately: true }),
    { AutomaticFailoverEnabled: true },
  ],
  [
    'AWS::ElastiCache::ReplicationGroup',
    new ModifyReplicationGroupCommand({ ...group, SnapshotRetentionLimit: 7, SnapshottingClusterId: 'c-1' }),
    { SnapshotRetentionLimit: 7 },
  ],
  [
    'AWS::ElastiCache::ReplicationGroup',
    new ModifyReplicationGroupCommand({ ...group, AutoMinorVersionUpgrade: true }),
    { AutoMinorVersionUpgrade: true },
  ],
  ['AWS::OpenSearch::Domain', new UpdateDomainConfigCommand(domain), httpsOnly],
  ['AWS::Elasticsearch::Domain', new UpdateDomainConfigCommand(domain), httpsOnly],
  [
    'AWS::KMS::Key',
    new EnableKeyRotationCommand({ KeyId: 'k', RotationPeriodInDays: 180 }),
    { EnableKeyRotation: true, RotationPeriodInDays: 180 },
  ],
  ['AWS::KMS::Key', new EnableKeyRotationCommand({ KeyId: 'k', RotationPeriodInDays: undefined }), { EnableKeyRotation: true }],
  ['AWS::Logs::LogGroup', new PutRetentionPolicyCommand({ logGroupName: 'g', retentionInDays: 365 }), { RetentionInDays: 365 }],
  [
    'AWS::MSK::Cluster',
    new UpdateMonitoringCommand({ ...msk, EnhancedMonitoring: 'PER_TOPIC_PER_BROKER' }),
    { EnhancedMonitoring: 'PER_TOPIC_PER_BROKER' },
  ],
  [
    'AWS::MSK::Cluster',
    new UpdateConnectivityCommand({ ...msk, ConnectivityInfo: { PublicAccess: { Type: 'DISABLED' } } }),
    { BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type: 'DISABLED' } } } },
  ],
  ['AWS::RDS::DBCluster', new ModifyDBClusterCommand({ ...dbCluster, BackupRetentionPeriod: 7 }), { BackupRetentionPeriod: 7 }],
  ['AWS::RDS::DBCluster', new ModifyDBClusterCommand({ ...dbCluster, DeletionProtection: true }), { DeletionProtection: true }],
  ['AWS::RDS::DBCluster', new ModifyDBClusterCommand({ ...dbCluster, CopyTagsToSnapshot: true }), { CopyTagsToSnapshot: true }],
  [
    'AWS::RDS::DBCluster',
    new ModifyDBClusterCommand({ ...dbCluster, EnableIAMDatabaseAuthentication: true }),
    { EnableIAMDatabaseAuthentication: true },
  ],
  ['AWS::RDS::DBInstance', new ModifyDBInstanceCommand({ ...db, DeletionProtection: true }), { DeletionProtection: true }],
  ['AWS::RDS::DBInstance', new ModifyDBInstanceCommand({ ...db, CopyTagsToSnapshot: true }), { CopyTagsToSnapshot: true }],
  ['AWS::RDS::DBInstance', new ModifyDBInstanceCommand({ ...db, AutoMinorVersionUpgrade: true }), { AutoMinorVersionUpgrade: true }],
  ['AWS::RDS::DBInstance', new ModifyDBInstanceCommand({ ...db, PubliclyAccessible: false }), { PubliclyAccessible: false }],
  ['AWS::RDS::DBInstance', new ModifyDBInstanceCommand({ ...db, MultiAZ: true, ApplyImmediately: true }), { MultiAZ: true }],
  [
    'AWS::RDS::DBInstance',
    new ModifyDBInstanceCommand({ ...db, BackupRetentionPeriod: 7, ApplyImmediately: true }),
    { BackupRetentionPeriod: 7 },
  ],
  [
    'AWS::RDS::DBInstance',
    new ModifyDBInstanceCommand({ ...db, EnableIAMDatabaseAuthentication: true }),
    { EnableIAMDatabaseAuthentication: true },
  ],
  ['AWS::Redshift::Cluster', new ModifyClusterCommand({ ...redshift, Encrypted: true }), { Encrypted: true }],
  ['AWS::Redshift::Cluster', new ModifyClusterCommand({ ...redshift, AllowVersionUpgrade: true }), { AllowVersionUpgrade: true }],
  ['AWS::Redshift::Cluster', new ModifyClusterCommand({ ...redshift, EnhancedVpcRouting: true }), { EnhancedVpcRouting: true }],
  ['AWS::Redshift::Cluster', new ModifyClusterCommand({ ...redshift, PubliclyAccessible: false }), { PubliclyAccessible: false }],
  [
    'AWS::Redshift::Cluster',
    new ModifyClusterCommand({ ...redshift, AutomatedSnapshotRetentionPeriod: 7 }),
    { AutomatedSnapshotRetentionPeriod: 7 },
  ],
  [
    'AWS::RedshiftServerless::Workgroup',
    new UpdateWorkgroupCommand({ workgroupName: 'w', publiclyAccessible: false }),
    { PubliclyAccessible: false },
  ],
  [
    'AWS::RedshiftServerless::Workgroup',
    new UpdateWorkgroupCommand({ workgroupName: 'w', enhancedVpcRouting: true }),
    { EnhancedVpcRouting: true },
  ],
  [
    'AWS::S3::Bucket',
    new PutBucketVersioningCommand({ Bucket: 'b', ExpectedBucketOwner: '1', VersioningConfiguration: { Status: 'Enabled' } }),
    { VersioningConfiguration: { Status: 'Enabled' } },
  ],
  [
    'AWS::S3::Bucket',
    new PutPublicAccessBlockCommand({ Bucket: 'b', PublicAccessBlockConfiguration: blocked }),
    { PublicAccessBlockConfiguration: blocked },
  ],
  [
    'AWS::SNS::Topic',
    new SetTopicAttributesCommand({ TopicArn: 't', AttributeName: 'KmsMasterKeyId', AttributeValue: 'alias/aws/sns' }),
    { KmsMasterKeyId: 'alias/aws/sns' },
  ],
  [
    'AWS::SQS::Queue',
    new SetQueueAttributesCommand({ QueueUrl: 'q', Attributes: { SqsManagedSseEnabled: 'true' } }),
    { SqsManagedSseEnabled: true },
  ],
  [
    'AWS::SageMaker::NotebookInstance',
    new UpdateNotebookInstanceCommand({ NotebookInstanceName: 'n', RootAccess: 'Disabled' }),
    { RootAccess: 'Disabled' },
  ],
];

export const samples = commands.map(([type, command, expected]) => ({ type, call: callOf(command), expected }));
