/** The events that a control requires an alarm for. Security Hub accepts only the exact patterns that AWS publishes, or those of the CIS benchmark. */
export interface Activity {
  readonly control: string;
  /** The name of the metric, the metric filter and the alarm. */
  readonly name: string;
  readonly pattern: string;
  /** Patterns of other benchmark versions that are also accepted. */
  readonly others?: readonly string[];
}

const anyOf = (...names: readonly string[]): string => names.map((name) => `($.eventName=${name})`).join(' || ');
const of = (source: string, ...names: readonly string[]): string => `{($.eventSource=${source}.amazonaws.com) && (${anyOf(...names)})}`;

const policyChanges = [
  'DeleteGroupPolicy',
  'DeleteRolePolicy',
  'DeleteUserPolicy',
  'PutGroupPolicy',
  'PutRolePolicy',
  'PutUserPolicy',
  'CreatePolicy',
  'DeletePolicy',
  'CreatePolicyVersion',
  'DeletePolicyVersion',
  'AttachRolePolicy',
  'DetachRolePolicy',
  'AttachUserPolicy',
  'DetachUserPolicy',
  'AttachGroupPolicy',
  'DetachGroupPolicy',
];
const routeChanges = [
  'CreateRoute',
  'CreateRouteTable',
  'ReplaceRoute',
  'ReplaceRouteTableAssociation',
  'DeleteRouteTable',
  'DeleteRoute',
  'DisassociateRouteTable',
];

export const activities: readonly Activity[] = [
  {
    control: 'CloudWatch.1',
    name: 'root-user-used',
    pattern: '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}',
  },
  {
    control: 'CloudWatch.2',
    name: 'calls-unauthorized',
    pattern: '{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
  },
  {
    control: 'CloudWatch.3',
    name: 'console-entered-without-mfa',
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    others: ['{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed !="Yes")}'],
  },
  {
    control: 'CloudWatch.4',
    name: 'iam-policies-changed',
    pattern: of('iam', ...policyChanges),
    others: [`{${anyOf(...policyChanges)}}`],
  },
  {
    control: 'CloudWatch.5',
    name: 'cloudtrail-changed',
    pattern: `{${anyOf('CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging')}}`,
  },
  {
    control: 'CloudWatch.6',
    name: 'console-entry-failed',
    pattern: '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
  },
  { control: 'CloudWatch.7', name: 'kms-keys-disabled', pattern: of('kms', 'DisableKey', 'ScheduleKeyDeletion') },
  {
    control: 'CloudWatch.8',
    name: 's3-bucket-policies-changed',
    pattern: of(
      's3',
      'PutBucketAcl',
      'PutBucketPolicy',
      'PutBucketCors',
      'PutBucketLifecycle',
      'PutBucketReplication',
      'DeleteBucketPolicy',
      'DeleteBucketCors',
      'DeleteBucketLifecycle',
      'DeleteBucketReplication',
    ),
  },
  {
    control: 'CloudWatch.9',
    name: 'aws-config-changed',
    pattern: of('config', 'StopConfigurationRecorder', 'DeleteDeliveryChannel', 'PutDeliveryChannel', 'PutConfigurationRecorder'),
  },
  {
    control: 'CloudWatch.10',
    name: 'security-groups-changed',
    pattern: `{${anyOf(
      'AuthorizeSecurityGroupIngress',
      'AuthorizeSecurityGroupEgress',
      'RevokeSecurityGroupIngress',
      'RevokeSecurityGroupEgress',
      'CreateSecurityGroup',
      'DeleteSecurityGroup',
    )}}`,
  },
  {
    control: 'CloudWatch.11',
    name: 'network-acls-changed',
    pattern: `{${anyOf(
      'CreateNetworkAcl',
      'CreateNetworkAclEntry',
      'DeleteNetworkAcl',
      'DeleteNetworkAclEntry',
      'ReplaceNetworkAclEntry',
      'ReplaceNetworkAclAssociation',
    )}}`,
  },
  {
    control: 'CloudWatch.12',
    name: 'network-gateways-changed',
    pattern: `{${anyOf(
      'CreateCustomerGateway',
      'DeleteCustomerGateway',
      'AttachInternetGateway',
      'CreateInternetGateway',
      'DeleteInternetGateway',
      'DetachInternetGateway',
    )}}`,
  },
  {
    control: 'CloudWatch.13',
    name: 'route-tables-changed',
    pattern: of('ec2', ...routeChanges),
    others: [`{${anyOf(...routeChanges)}}`],
  },
  {
    control: 'CloudWatch.14',
    name: 'vpcs-changed',
    pattern: `{${anyOf(
      'CreateVpc',
      'DeleteVpc',
      'ModifyVpcAttribute',
      'AcceptVpcPeeringConnection',
      'CreateVpcPeeringConnection',
      'DeleteVpcPeeringConnection',
      'RejectVpcPeeringConnection',
      'AttachClassicLinkVpc',
      'DetachClassicLinkVpc',
      'DisableVpcClassicLink',
      'EnableVpcClassicLink',
    )}}`,
  },
];

/** Whether a metric filter matches the activity; whitespace between the parts of a pattern is ignored. */
export const looksFor = (filterPattern: string, { pattern, others = [] }: Activity): boolean =>
  [pattern, ...others].some((one) => bare(one) === bare(filterPattern));

const bare = (pattern: string): string =>
  pattern.replace(/("[^"]*")|(NOT\s+EXISTS)|\s+/g, (_, quoted = '', word = '') => quoted || (word && ' NOT EXISTS '));
