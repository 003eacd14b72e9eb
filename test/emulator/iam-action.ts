/** An API call, its service named as the SDK's namespace (`configservice`) or as the signature does (`config`). */
export interface ServiceCall {
  readonly service: string;
  readonly operation: string;
}

/** Services whose IAM prefix is not their name. */
const prefixes: Readonly<Record<string, string>> = {
  s3control: 's3',
  accessanalyzer: 'access-analyzer',
  applicationautoscaling: 'application-autoscaling',
  configservice: 'config',
  cloudwatchlogs: 'logs',
  monitoring: 'cloudwatch',
  eventbridge: 'events',
  sfn: 'states',
  efs: 'elasticfilesystem',
  opensearch: 'es',
  elasticsearchservice: 'es',
  elasticloadbalancingv2: 'elasticloadbalancing',
  databasemigrationservice: 'dms',
  redshiftserverless: 'redshift-serverless',
  emr: 'elasticmapreduce',
  bedrockagentcorecontrol: 'bedrock-agentcore',
  apigatewayv2: 'apigateway',
};

/** API Gateway knows the methods of HTTP alone, by how an operation begins. */
const methods: Readonly<Record<string, string>> = { Get: 'GET', Update: 'PATCH', Create: 'POST', Delete: 'DELETE', Put: 'PUT' };

const readAndWrite = (names: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([operation, action]) => [
      [`Get${operation}`, `Get${action}`],
      [`Put${operation}`, `Put${action}`],
      [`Delete${operation}`, `Put${action}`],
    ]),
  );

/** Operations whose IAM action has another name; source: the Service Authorization Reference. */
const actions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  s3: {
    ...readAndWrite({
      PublicAccessBlock: 'BucketPublicAccessBlock',
      BucketEncryption: 'EncryptionConfiguration',
      BucketLifecycleConfiguration: 'LifecycleConfiguration',
      BucketNotificationConfiguration: 'BucketNotification',
      BucketReplication: 'ReplicationConfiguration',
      BucketCors: 'BucketCORS',
      BucketAccelerateConfiguration: 'AccelerateConfiguration',
      BucketAnalyticsConfiguration: 'AnalyticsConfiguration',
      BucketInventoryConfiguration: 'InventoryConfiguration',
      BucketMetricsConfiguration: 'MetricsConfiguration',
      BucketIntelligentTieringConfiguration: 'IntelligentTieringConfiguration',
      ObjectLockConfiguration: 'BucketObjectLockConfiguration',
      BucketTagging: 'BucketTagging',
      BucketOwnershipControls: 'BucketOwnershipControls',
    }),
    DeleteBucketLifecycle: 'PutLifecycleConfiguration',
    ListBucketAnalyticsConfigurations: 'GetAnalyticsConfiguration',
    ListBucketInventoryConfigurations: 'GetInventoryConfiguration',
    ListBucketMetricsConfigurations: 'GetMetricsConfiguration',
    ListBucketIntelligentTieringConfigurations: 'GetIntelligentTieringConfiguration',
    ListBuckets: 'ListAllMyBuckets',
    HeadBucket: 'ListBucket',
    ListObjects: 'ListBucket',
    ListObjectsV2: 'ListBucket',
    ListObjectVersions: 'ListBucketVersions',
    ListMultipartUploads: 'ListBucketMultipartUploads',
    ListParts: 'ListMultipartUploadParts',
    HeadObject: 'GetObject',
    CopyObject: 'PutObject',
    CreateMultipartUpload: 'PutObject',
    UploadPart: 'PutObject',
    UploadPartCopy: 'PutObject',
    CompleteMultipartUpload: 'PutObject',
    DeleteObjects: 'DeleteObject',
  },
  s3control: readAndWrite({ PublicAccessBlock: 'AccountPublicAccessBlock' }),
  securityhub: { BatchUpdateFindingsV2: 'BatchUpdateFindings', GetFindingsV2: 'GetFindings' },
  lambda: { Invoke: 'InvokeFunction', InvokeWithResponseStream: 'InvokeFunction' },
};

/** The IAM action that allows a call: `s3:PutBucketPublicAccessBlock`. */
export const iamActionOf = ({ service, operation }: ServiceCall): string => {
  const prefix = prefixes[service] ?? service;
  const method = prefix === 'apigateway' ? methods[/^[A-Z][a-z]+/.exec(operation)?.[0] ?? ''] : undefined;
  return `${prefix}:${method ?? actions[service]?.[operation] ?? operation}`;
};
