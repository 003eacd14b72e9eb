import type { Json } from '../../rules/rule';

/** One misconfiguration, and what a rule plans for it by two texts of a detector. */
export interface Directions {
  readonly rule: string;
  readonly detectedBy: string;
  readonly state: Json;
  /** Another misconfiguration, in which the text that the rule plans the same by default in the first makes a difference. */
  readonly also?: Json;
  /** Why no text of the detector is stricter than the default of the rule, or weaker. */
  readonly none?: Partial<Readonly<Record<'stricter' | 'weaker', string>>>;
  readonly policy?: Readonly<Record<string, Json>>;
  /** By the parameters of the detector: a part of the inputs of the changes, `[]` for none, or the code of an obstacle. */
  readonly stricter: readonly [Readonly<Record<string, string>>, string];
  readonly weaker: readonly [Readonly<Record<string, string>>, string];
}

const day = 86_400_000;
export const now = new Date('2026-11-24T12:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * day).toISOString();
const open = (...ports: readonly number[]) => ({
  owner: '111122223333',
  ranges: ports.map((port) => ({ protocol: 'tcp', from: port, to: port, ipv4: '0.0.0.0/0', tags: {} })),
});
const nothing = '[]';
const logging = { all: 'ERROR', own: {}, traced: [] };
const strong = {
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  RequireSymbols: true,
  RequireNumbers: true,
  MinimumPasswordLength: 14,
  PasswordReusePrevention: 24,
  AllowUsersToChangePassword: true,
  HardExpiry: false,
};
const keyOf = (age: number, used = age) => [{ id: 'AKIAIOSFODNN7EXAMPLE', times: { created: ago(age), used: ago(used) } }];
const rotating = { isOn: true, function: 'arn:aws:lambda:eu-west-1:111122223333:function:rotate', days: 60 };
const secret = { scheduled: false, created: ago(400), used: ago(60), replicas: [] };
const foreign = (Action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999988887777:root' }, Action, Resource: 'arn:aws:s3:::orders/*' }],
  });
const topicArn = 'arn:aws:sns:eu-west-1:111122223333:on-call';
const actions = { AlarmActions: [topicArn], InsufficientDataActions: [topicArn], OKActions: [] };
const beanstalk = 'aws:elasticbeanstalk:';
const managed = {
  options: {
    [`${beanstalk}managedactions ManagedActionsEnabled`]: 'true',
    [`${beanstalk}managedactions:platformupdate UpdateLevel`]: 'patch',
    [`${beanstalk}healthreporting:system SystemType`]: 'enhanced',
    [`${beanstalk}environment ServiceRole`]: 'role',
  },
};
const recorder = {
  recorder: { name: 'default', role: 'arn:aws:iam::111122223333:role/own', group: { all: true, global: true }, recording: true },
};
const aurora = {
  engine: 'aurora-mysql',
  version: '8.0.mysql_aurora.3.08.0',
  status: 'available',
  writer: { region: 'eu-west-1', cluster: 'orders' },
  readers: [],
};
const domain = (policy: string) => ({ enforced: true, policy, custom: null, processing: false });

/** For each rule with a parameter that a detector sets, a default that is stricter, and one that is weaker. */
export const directions: readonly Directions[] = [
  {
    rule: 'apigateway-stage-execution-logged',
    detectedBy: 'APIGateway.1',
    state: { rest: logging, role: true },
    none: { weaker: 'ERROR is the default, and the lowest level.' },
    stricter: [{ loggingLevel: 'INFO' }, 'INFO'],
    weaker: [{ loggingLevel: 'ERROR' }, nothing],
  },
  {
    rule: 'cloudwatch-alarm-actions-configured',
    detectedBy: 'cloudwatch-alarm-action-check',
    state: { actions: { ...actions, InsufficientDataActions: [] }, topic: 'ready' },
    policy: { topicArn },
    stricter: [{ okActionRequired: 'TRUE', insufficientDataActionRequired: 'false' }, 'OKActions'],
    weaker: [{ insufficientDataActionRequired: 'false' }, nothing],
  },
  {
    rule: 'cloudwatch-log-group-kept-long-enough',
    detectedBy: 'CloudWatch.16',
    state: { days: 90 },
    stricter: [{ minRetentionTime: '500' }, '"retentionInDays":545'],
    weaker: [{ minRetentionTime: '90' }, nothing],
  },
  {
    rule: 'config-recorder-enabled',
    detectedBy: 'Config.1',
    state: { ...recorder, channel: { bucket: 'b', more: false }, role: true, bucket: 'open' },
    policy: { globalRegion: 'eu-west-1' },
    none: { stricter: 'The check is on by default.' },
    stricter: [{ includeConfigServiceLinkedRoleCheck: 'true' }, 'AWSServiceRoleForConfig'],
    weaker: [{ includeConfigServiceLinkedRoleCheck: 'false' }, nothing],
  },
  {
    rule: 'ec2-instance-stopped-removed',
    detectedBy: 'ec2-stopped-instance',
    state: { name: 'stopped', since: ago(20) },
    also: { name: 'stopped', since: ago(40) },
    stricter: [{ AllowedDays: '7' }, 'InstanceIds'],
    weaker: [{ AllowedDays: '60' }, nothing],
  },
  {
    rule: 'ec2-security-group-open-ports-authorized',
    detectedBy: 'EC2.18',
    state: open(80, 443),
    also: open(8443),
    stricter: [{ authorizedTcpPorts: '443' }, '"FromPort":80'],
    weaker: [{ authorizedTcpPorts: '80,443,8443' }, nothing],
  },
  {
    // As the packs for the CIS benchmark set them: SSH was not among the defaults of the Config rule.
    rule: 'ec2-security-group-admin-ports-closed',
    detectedBy: 'restricted-common-ports',
    state: open(22, 3306),
    stricter: [{ blockedPort1: '22', blockedPort2: '3389' }, '"FromPort":22'],
    weaker: [{ blockedPort4: '21' }, nothing],
  },
  {
    rule: 'ec2-vpc-flow-logs-enabled',
    detectedBy: 'EC2.6',
    state: {
      owner: '111122223333',
      flowLogs: [{ id: 'fl-1', traffic: 'REJECT', delivers: true, own: false }],
      logGroup: { retention: 365 },
      role: 'ready',
    },
    none: { weaker: 'REJECT is the default, and the least traffic.' },
    stricter: [{ trafficType: 'ALL' }, '"TrafficType":"ALL"'],
    weaker: [{ trafficType: 'REJECT' }, nothing],
  },
  {
    rule: 'eks-cluster-version-supported',
    detectedBy: 'EKS.2',
    state: { version: '1.32', oldest: '1.31', hindrances: [] },
    also: { version: '1.30', oldest: '1.31', hindrances: [] },
    stricter: [{ oldestVersionSupported: '1.33' }, '"version":"1.33"'],
    weaker: [{ oldestVersionSupported: '1.30' }, nothing],
  },
  {
    rule: 'eks-nodegroup-version-supported',
    detectedBy: 'EKS.9',
    state: { version: '1.32', cluster: '1.33', oldest: '1.31', image: 'AL2023_x86_64_STANDARD' },
    also: { version: '1.30', cluster: '1.33', oldest: '1.31', image: 'AL2023_x86_64_STANDARD' },
    stricter: [{ oldestVersionSupported: '1.33' }, '1.33'],
    weaker: [{ oldestVersionSupported: '1.30' }, nothing],
  },
  {
    rule: 'elasticache-backups-automatic',
    detectedBy: 'ElastiCache.1',
    state: { days: 1 },
    none: { weaker: 'One day is the default, and the least.' },
    stricter: [{ snapshotRetentionPeriod: '14' }, '"SnapshotRetentionLimit":14'],
    weaker: [{ snapshotRetentionPeriod: '1' }, nothing],
  },
  {
    rule: 'elasticache-backups-automatic',
    detectedBy: 'elasticache-redis-cluster-automatic-backup-check',
    state: { days: 10 },
    stricter: [{ snapshotRetentionPeriod: '20' }, '"SnapshotRetentionLimit":20'],
    weaker: [{ snapshotRetentionPeriod: '5' }, nothing],
  },
  {
    rule: 'elasticbeanstalk-environment-logs-streamed',
    detectedBy: 'ElasticBeanstalk.3',
    state: { options: { [`${beanstalk}cloudwatch:logs StreamLogs`]: 'true', [`${beanstalk}cloudwatch:logs RetentionInDays`]: '30' } },
    none: { weaker: 'By default, any retention will do.' },
    stricter: [{ RetentionInDays: '90' }, '"Value":"90"'],
    weaker: [{ RetentionInDays: '7' }, nothing],
  },
  {
    rule: 'elasticbeanstalk-environment-updates-managed',
    detectedBy: 'ElasticBeanstalk.2',
    state: managed,
    none: { weaker: 'By default, any level will do.' },
    stricter: [{ UpdateLevel: 'minor' }, '"Value":"minor"'],
    weaker: [{ UpdateLevel: 'patch' }, nothing],
  },
  {
    // Not 90 days where the pack asks for 365.
    rule: 'iam-password-policy-strong',
    detectedBy: 'iam-password-policy',
    state: { policy: { ...strong, MaxPasswordAge: 0 } },
    stricter: [{ MaxPasswordAge: '30', MinimumPasswordLength: '20' }, '"MaxPasswordAge":30'],
    weaker: [{ MaxPasswordAge: '365' }, '"MaxPasswordAge":365'],
  },
  {
    // What is stricter already is not weakened.
    rule: 'iam-password-policy-strong',
    detectedBy: 'IAM.7',
    state: { policy: { ...strong, MaxPasswordAge: 60 } },
    also: { policy: { ...strong, MaxPasswordAge: 60, RequireSymbols: false } },
    stricter: [{ MaxPasswordAge: '45' }, '"MaxPasswordAge":45'],
    weaker: [{ MaxPasswordAge: '90', MinimumPasswordLength: '8', RequireSymbols: 'false' }, nothing],
  },
  {
    rule: 'iam-user-access-keys-rotated',
    detectedBy: 'access-keys-rotated',
    state: { keys: keyOf(60) },
    policy: { keepUsedWithinDays: 0 },
    also: { keys: keyOf(120) },
    stricter: [{ maxAccessKeyAge: '30' }, 'Inactive'],
    weaker: [{ maxAccessKeyAge: '180' }, nothing],
  },
  {
    rule: 'iam-user-credentials-used',
    detectedBy: 'iam-user-unused-credentials-check',
    state: { keys: keyOf(100, 60) },
    also: { keys: keyOf(200, 100) },
    stricter: [{ maxCredentialUsageAge: '45' }, 'Inactive'],
    weaker: [{ maxCredentialUsageAge: '180' }, nothing],
  },
  {
    rule: 'opensearch-domain-tls-enforced',
    detectedBy: 'opensearch-https-required',
    state: domain('Policy-Min-TLS-1-2-PFS-2023-10'),
    stricter: [{ tlsPolicies: 'Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08' }, 'RFC9151'],
    weaker: [{ tlsPolicies: 'Policy-Min-TLS-1-2-2019-07' }, 'stricter-than-asked'],
  },
  {
    rule: 'rds-cluster-backups-kept',
    detectedBy: 'DocumentDB.2',
    state: { days: 7 },
    also: { days: 3 },
    stricter: [{ minimumBackupRetentionPeriod: '14' }, '"BackupRetentionPeriod":14'],
    weaker: [{ minimumBackupRetentionPeriod: '1' }, nothing],
  },
  {
    rule: 'rds-global-cluster-version-supported',
    detectedBy: 'RDS.51',
    state: aurora,
    policy: { applyImmediately: true },
    stricter: [{ minSupportedEngineVersion: '8.0.mysql_aurora.3.09.0' }, '3.09.0'],
    weaker: [{ minSupportedEngineVersion: '8.0.mysql_aurora.3.09.0', longTermSupportVersion: '8.0.mysql_aurora.3.08.0' }, nothing],
  },
  {
    rule: 'rds-instance-backups-kept',
    detectedBy: 'RDS.11',
    state: { days: 7 },
    also: { days: 3 },
    stricter: [{ backupRetentionMinimum: '14' }, '"BackupRetentionPeriod":14'],
    weaker: [{ backupRetentionMinimum: '3', checkReadReplicas: 'false' }, nothing],
  },
  {
    rule: 'rds-instance-logs-exported',
    detectedBy: 'RDS.42',
    state: { engine: 'mariadb', exported: ['error'] },
    stricter: [{ logTypes: 'error,general' }, 'general'],
    weaker: [{ logTypes: 'error' }, nothing],
  },
  {
    rule: 'rds-instance-monitoring-enhanced',
    detectedBy: 'RDS.6',
    state: { interval: 30, role: 'arn:aws:iam::111122223333:role/m' },
    policy: { monitoringRole: 'm' },
    stricter: [{ monitoringInterval: '15' }, '"MonitoringInterval":15'],
    weaker: [{ monitoringInterval: '60' }, 'stricter-than-asked'],
  },
  {
    rule: 'redshift-cluster-snapshots-automatic',
    detectedBy: 'Redshift.3',
    state: { days: 7 },
    also: { days: 3 },
    stricter: [{ MinRetentionPeriod: '30' }, '"AutomatedSnapshotRetentionPeriod":30'],
    weaker: [{ MinRetentionPeriod: '3' }, nothing],
  },
  {
    rule: 'redshiftserverless-namespace-logs-exported',
    detectedBy: 'redshift-serverless-publish-logs-to-cloudwatch',
    state: { name: 'sales', exported: ['userlog'] },
    stricter: [{ logType: 'userlog,useractivitylog' }, 'useractivitylog'],
    weaker: [{ logType: 'userlog' }, nothing],
  },
  {
    rule: 's3-bucket-access-logged',
    detectedBy: 's3-bucket-logging-enabled',
    state: { into: 'logs/orders/' },
    stricter: [{ targetBucket: 'audit' }, 'logged-elsewhere'],
    weaker: [{ targetBucket: 'logs' }, nothing],
  },
  {
    rule: 's3-bucket-events-sent',
    detectedBy: 'S3.11',
    state: { TopicConfigurations: [{ TopicArn: topicArn, Events: ['s3:ObjectCreated:*'] }] },
    policy: { destinationArn: topicArn },
    none: { weaker: 'By default, any event will do.' },
    stricter: [{ eventTypes: 's3:ObjectCreated:*,s3:ObjectRemoved:*' }, 'other-receivers'],
    weaker: [{ eventTypes: 's3:ObjectCreated:*' }, nothing],
  },
  {
    rule: 's3-bucket-settings-own-account-only',
    detectedBy: 'S3.6',
    state: { policy: foreign('s3:GetObject') },
    also: { policy: foreign('s3:PutBucketAcl') },
    stricter: [{ blacklistedactionpatterns: 's3:GetObject, s3:PutBucketPolicy' }, '"Bucket":"orders"'],
    weaker: [{ blacklistedactionpatterns: 's3:PutBucketPolicy' }, nothing],
  },
  {
    rule: 'secretsmanager-secret-rotated-in-time',
    detectedBy: 'SecretsManager.4',
    state: { rotated: ago(70), rotation: rotating },
    also: { rotated: ago(120), rotation: rotating },
    stricter: [{ maxDaysSinceRotation: '60' }, 'SecretId'],
    weaker: [{ maxDaysSinceRotation: '180' }, nothing],
  },
  {
    rule: 'secretsmanager-secret-rotation-enabled',
    detectedBy: 'SecretsManager.1',
    state: { rotation: rotating },
    none: { weaker: 'By default, any frequency will do.' },
    stricter: [{ maximumAllowedRotationFrequency: '30' }, '30'],
    weaker: [{ maximumAllowedRotationFrequency: '90' }, nothing],
  },
  {
    rule: 'secretsmanager-secret-unused-removed',
    detectedBy: 'SecretsManager.3',
    state: secret,
    also: { ...secret, used: ago(120) },
    stricter: [{ unusedForDays: '30' }, 'SecretId'],
    weaker: [{ unusedForDays: '180' }, nothing],
  },
];
