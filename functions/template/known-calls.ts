import type { Json } from '../../rules/rule';

/** How the input of a call becomes properties of a CloudFormation resource type. Both are paths. */
export interface KnownCall {
  /** The property of each setting. */
  readonly sets?: Readonly<Record<string, Setting>>;
  /** What the call sets without an input. */
  readonly always?: Readonly<Record<string, Json>>;
  /** Inputs that name the resource, or that say when and how the call is carried out. */
  readonly besides: readonly string[];
}

type Setting = string | { readonly property: string; readonly as: (given: Json) => Json };

/** The calls of a resource type: `rds:ModifyDBInstance`. */
type KnownCalls = Readonly<Record<string, KnownCall>>;

/** Settings with the same name in the call and in the template. */
const same = (...names: readonly string[]): Readonly<Record<string, string>> => Object.fromEntries(names.map((name) => [name, name]));

const flag = (property: string): Setting => ({ property, as: (given) => given === 'true' });

const domain: KnownCalls = {
  'opensearch:UpdateDomainConfig': {
    sets: same('DomainEndpointOptions.EnforceHTTPS', 'DomainEndpointOptions.TLSSecurityPolicy'),
    besides: ['DomainName'],
  },
};

/**
 * The calls whose settings are properties of the same resource in a template, by its type. A call, or an input of it, that is not listed makes no
 * snippet. Source: the CloudFormation resource types, whose schemas the tests compare.
 */
export const knownCalls: Readonly<Record<string, KnownCalls>> = {
  'AWS::Athena::WorkGroup': {
    'athena:UpdateWorkGroup': {
      sets: {
        'ConfigurationUpdates.PublishCloudWatchMetricsEnabled': 'WorkGroupConfiguration.PublishCloudWatchMetricsEnabled',
      },
      besides: ['WorkGroup'],
    },
  },
  'AWS::AutoScaling::AutoScalingGroup': {
    'autoscaling:UpdateAutoScalingGroup': { sets: same('HealthCheckType', 'HealthCheckGracePeriod'), besides: ['AutoScalingGroupName'] },
  },
  'AWS::CloudTrail::Trail': {
    'cloudtrail:UpdateTrail': { sets: same('EnableLogFileValidation'), besides: ['Name'] },
  },
  'AWS::CloudWatch::Alarm': {
    'cloudwatch:EnableAlarmActions': { always: { ActionsEnabled: true }, besides: ['AlarmNames'] },
  },
  'AWS::DynamoDB::Table': {
    'dynamodb:UpdateTable': { sets: same('DeletionProtectionEnabled'), besides: ['TableName'] },
  },
  'AWS::EC2::Instance': {
    'ec2:ModifyInstanceMetadataOptions': {
      sets: { HttpTokens: 'MetadataOptions.HttpTokens' },
      // All are as they were before.
      besides: ['InstanceId', 'HttpEndpoint', 'HttpPutResponseHopLimit', 'HttpProtocolIpv6', 'InstanceMetadataTags'],
    },
  },
  'AWS::EC2::Subnet': {
    'ec2:ModifySubnetAttribute': {
      sets: {
        'MapPublicIpOnLaunch.Value': 'MapPublicIpOnLaunch',
        'AssignIpv6AddressOnCreation.Value': 'AssignIpv6AddressOnCreation',
      },
      besides: ['SubnetId'],
    },
  },
  'AWS::EC2::TransitGateway': {
    'ec2:ModifyTransitGateway': {
      sets: { 'Options.AutoAcceptSharedAttachments': 'AutoAcceptSharedAttachments' },
      besides: ['TransitGatewayId'],
    },
  },
  'AWS::ECR::Repository': {
    'ecr:PutImageScanningConfiguration': {
      sets: { 'imageScanningConfiguration.scanOnPush': 'ImageScanningConfiguration.ScanOnPush' },
      besides: ['repositoryName', 'registryId'],
    },
  },
  'AWS::ECS::Service': {
    'ecs:UpdateService': {
      sets: {
        'networkConfiguration.awsvpcConfiguration.assignPublicIp': 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp',
      },
      // Both are as they were before.
      besides: [
        'cluster',
        'service',
        'networkConfiguration.awsvpcConfiguration.subnets',
        'networkConfiguration.awsvpcConfiguration.securityGroups',
      ],
    },
  },
  'AWS::EKS::Cluster': {
    'eks:UpdateClusterConfig': {
      sets: {
        'resourcesVpcConfig.endpointPublicAccess': 'ResourcesVpcConfig.EndpointPublicAccess',
        'resourcesVpcConfig.endpointPrivateAccess': 'ResourcesVpcConfig.EndpointPrivateAccess',
      },
      besides: ['name'],
    },
    'eks:UpdateClusterVersion': { sets: { version: 'Version' }, besides: ['name'] },
  },
  'AWS::EKS::Nodegroup': {
    'eks:UpdateNodegroupVersion': { sets: { version: 'Version' }, besides: ['clusterName', 'nodegroupName'] },
  },
  'AWS::ElastiCache::CacheCluster': {
    'elasticache:ModifyCacheCluster': {
      sets: same('AutoMinorVersionUpgrade', 'SnapshotRetentionLimit'),
      besides: ['CacheClusterId'],
    },
  },
  'AWS::ElastiCache::ReplicationGroup': {
    'elasticache:ModifyReplicationGroup': {
      sets: same('AutoMinorVersionUpgrade', 'SnapshotRetentionLimit', 'AutomaticFailoverEnabled'),
      besides: ['ReplicationGroupId', 'ApplyImmediately', 'SnapshottingClusterId'],
    },
  },
  'AWS::Elasticsearch::Domain': domain,
  'AWS::OpenSearch::Domain': domain,
  'AWS::KMS::Key': {
    'kms:EnableKeyRotation': { sets: same('RotationPeriodInDays'), always: { EnableKeyRotation: true }, besides: ['KeyId'] },
  },
  'AWS::Logs::LogGroup': {
    'cloudwatchlogs:PutRetentionPolicy': { sets: { retentionInDays: 'RetentionInDays' }, besides: ['logGroupName'] },
  },
  'AWS::MSK::Cluster': {
    'kafka:UpdateMonitoring': { sets: same('EnhancedMonitoring'), besides: ['ClusterArn', 'CurrentVersion'] },
    'kafka:UpdateConnectivity': {
      sets: { 'ConnectivityInfo.PublicAccess.Type': 'BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type' },
      besides: ['ClusterArn', 'CurrentVersion'],
    },
  },
  'AWS::RDS::DBCluster': {
    'rds:ModifyDBCluster': {
      sets: same(
        ...['AutoMinorVersionUpgrade', 'BackupRetentionPeriod', 'CopyTagsToSnapshot', 'DeletionProtection'],
        'EnableIAMDatabaseAuthentication',
      ),
      besides: ['DBClusterIdentifier', 'ApplyImmediately'],
    },
  },
  'AWS::RDS::DBInstance': {
    'rds:ModifyDBInstance': {
      sets: same(
        ...['AutoMinorVersionUpgrade', 'BackupRetentionPeriod', 'CopyTagsToSnapshot', 'DeletionProtection'],
        ...['EnableIAMDatabaseAuthentication', 'MultiAZ', 'PubliclyAccessible'],
      ),
      besides: ['DBInstanceIdentifier', 'ApplyImmediately'],
    },
  },
  'AWS::Redshift::Cluster': {
    'redshift:ModifyCluster': {
      sets: same(...['AllowVersionUpgrade', 'AutomatedSnapshotRetentionPeriod', 'Encrypted', 'EnhancedVpcRouting'], 'PubliclyAccessible'),
      besides: ['ClusterIdentifier'],
    },
  },
  'AWS::RedshiftServerless::Workgroup': {
    'redshiftserverless:UpdateWorkgroup': {
      sets: { publiclyAccessible: 'PubliclyAccessible', enhancedVpcRouting: 'EnhancedVpcRouting' },
      besides: ['workgroupName'],
    },
  },
  'AWS::S3::Bucket': {
    's3:PutBucketVersioning': {
      sets: same('VersioningConfiguration.Status'),
      besides: ['Bucket', 'ExpectedBucketOwner'],
    },
    's3:PutPublicAccessBlock': {
      sets: same(
        ...['PublicAccessBlockConfiguration.BlockPublicAcls', 'PublicAccessBlockConfiguration.BlockPublicPolicy'],
        ...['PublicAccessBlockConfiguration.IgnorePublicAcls', 'PublicAccessBlockConfiguration.RestrictPublicBuckets'],
      ),
      besides: ['Bucket', 'ExpectedBucketOwner'],
    },
  },
  'AWS::SNS::Topic': {
    'sns:SetTopicAttributes': { sets: { AttributeValue: 'KmsMasterKeyId' }, besides: ['TopicArn', 'AttributeName=KmsMasterKeyId'] },
  },
  'AWS::SQS::Queue': {
    'sqs:SetQueueAttributes': { sets: { 'Attributes.SqsManagedSseEnabled': flag('SqsManagedSseEnabled') }, besides: ['QueueUrl'] },
  },
  'AWS::SageMaker::NotebookInstance': {
    'sagemaker:UpdateNotebookInstance': { sets: same('RootAccess'), besides: ['NotebookInstanceName'] },
  },
};
