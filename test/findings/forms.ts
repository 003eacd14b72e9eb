import type { Place } from '../../rules/rule';
import { configComplianceChange } from '../events/config';
import { home } from '../events/resources';
import {
  type ControlFinding,
  controlFinding,
  importedEvent,
  securityHubCustomAction,
  securityHubImported,
  securityHubType,
} from '../events/security-hub';
import { macieInCspm, macieInV2 } from '../events/service-in-hubs';
import { kindForms } from './kinds';

/** One form of a finding: how it differs from the others, and what becomes of it. */
export interface Form {
  readonly source: string;
  readonly type: string;
  /** What kind of id names the resource, or what else sets the form apart. */
  readonly form: string;
  readonly detector: string;
  readonly event: object;
  /** The page, the file or the issue that shows the form. */
  readonly document?: string;
  readonly scope?: { readonly centralAccount?: string; readonly partition?: string };
  /** The ARN of the resource, or the code by which the finding is refused or ends. */
  readonly expected: string;
}

const captures = 'https://github.com/aws-solutions/automated-security-response-on-aws/blob/main/simtest/simdata';
const isArn = (text: string): boolean => text.startsWith('arn:') || text.startsWith('AWS:');
const namedBy = (type: string, asff?: string): string => asff ?? securityHubType(type);

/** The finding of a control about a resource that Security Hub calls by this id. */
function hubEvent(control: string, type: string, id: string, more: Partial<ControlFinding> = {}, asff = kindForms[type]?.asff): object {
  return securityHubImported({ control, resource: { type, arn: id, securityHubType: namedBy(type, asff) }, ...more });
}

const hub = (type: string, form: string, id: string, expected: string, document?: string): Form => {
  const control = kindForms[type]?.control ?? '';
  return {
    source: 'Security Hub',
    type,
    form,
    detector: control,
    event: hubEvent(control, type, id),
    expected,
    ...(document && { document }),
  };
};

const config = (type: string, form: string, id: string, expected: string, document?: string): Form => {
  const rule = kindForms[type]?.configRule ?? '';
  const event = configComplianceChange({ rule, resourceType: type, resourceId: id });
  return { source: 'AWS Config', type, form, detector: rule, event, expected, ...(document && { document }) };
};

/** The ARN that Security Hub makes of a type and the id of AWS Config. */
function genericArn(type: string, id: string): string | undefined {
  const [, service, region, account] = /^arn:aws:([^:]+):([^:]*):([^:]*):/.exec(kindForms[type]?.arn ?? '') ?? [];
  return service && `arn:aws:${service}:${region}:${account}:${(type.split('::')[2] ?? '').toLowerCase()}:${id}`;
}

/** Each type by its ARN, by each id of AWS Config, and by the ARN that Security Hub makes of such an id. */
export const ofKinds: readonly Form[] = Object.entries(kindForms).flatMap(([type, { control, configRule, arn, document, ids }]) => [
  ...(control ? [hub(type, 'its ARN', arn, arn, document)] : []),
  ...(configRule && arn.startsWith('arn:') ? [config(type, 'its ARN', arn, arn, document)] : []),
  ...Object.entries(ids).flatMap(([sort, id]) => [
    ...(configRule ? [config(type, sort, id, arn)] : []),
    ...(control && !isArn(id) && !/^https?:/.test(id) ? [hub(type, `a generic ARN of ${sort}`, genericArn(type, id) ?? id, arn)] : []),
  ]),
]);

const rds = 'arn:aws:rds:eu-west-1:111122223333';
const lost = 'db-AAAAAAAAAAAAAAAAAAAAAAAAAA';

const instance = 'AWS::SSM::ManagedInstanceInventory/i-0fedcba9876543210';

/** Ids as AWS sent them, and as it could. */
export const ofIds: readonly Form[] = [
  hub('AWS::S3::Bucket', 'nothing', '', 'malformed-event'),
  hub('AWS::S3::Bucket', 'half a character', 'arn:aws:s3:::shop\ud83d', 'malformed-event'),
  hub('AWS::S3::Bucket', '1601 bytes', `arn:aws:s3:::${'ü'.repeat(794)}`, 'invalid-resource-id'),
  hub('AWS::S3::Bucket', 'a parent folder', 'arn:aws:s3:::..', 'unreadable-resource-id'),
  hub('AWS::S3::Bucket', 'this folder', 'arn:aws:s3:::.', 'unreadable-resource-id'),
  config('AWS::S3::Bucket', 'a name of twelve digits', '999988887777', 'arn:aws:s3:::999988887777'),
  hub('AWS::EC2::VPC', 'a generic ARN of another type', 'arn:aws:ec2:eu-west-1:111122223333:subnet/vpc-e5b8f483', 'unreadable-resource-id'),
  hub('AWS::RDS::DBInstance', 'a generic ARN without a Region', 'arn:aws:rds:::dbinstance:orders', `${rds}:db:orders`),
  hub('AWS::RDS::DBInstance', 'a word for a Region', 'arn:aws:rds:global:111122223333:dbinstance:orders', 'unreadable-resource-id'),
  hub('AWS::RDS::DBInstance', 'a word for an account', 'arn:aws:rds:eu-west-1:me:dbinstance:orders', 'unreadable-resource-id'),
  hub('AWS::ECS::TaskDefinition', 'an id that nobody can look up', 'shop-api', 'unreadable-resource-id'),
  config('AWS::::Account', 'what is no account', 'me', 'unreadable-resource-id'),
  config('AWS::SSM::PatchCompliance', 'type and instance', instance, `arn:aws:ssm:eu-west-1:111122223333:${instance}`),
  config('AWS::AccessAnalyzer::Analyzer', 'the account id', '111122223333', 'arn:aws:access-analyzer:eu-west-1:111122223333:111122223333'),
  hub(
    'AWS::RDS::DBInstance',
    'as captured',
    `${rds}:dbinstance:db-OX46LTRYPXEQTAX3IQPQ4PNEWQ`,
    `${rds}:db:orders`,
    `${captures}/afsbp-rds.6.json`,
  ),
  hub(
    'AWS::RDS::DBCluster',
    'as captured',
    `${rds}:dbcluster/cluster-EXAMPLEG664WF6JS47KIS52OFQ`,
    `${rds}:cluster:ledger`,
    `${captures}/afsbp-rds.7-nodetails.json`,
  ),
  hub(
    'AWS::RDS::DBClusterSnapshot',
    'as captured, automated',
    `${rds}:dbclustersnapshot:rds:database-1-2021-10-27-04-10`,
    `${rds}:cluster-snapshot:rds:database-1-2021-10-27-04-10`,
    `${captures}/afsbp-rds.1-nodetails.json`,
  ),
  hub(
    'AWS::IAM::User',
    'as captured, with the unique id',
    'arn:aws:iam::111122223333:user/AIDACKCEVSQ6C2EXAMPLE',
    'arn:aws:iam::111122223333:user/finance/jane',
    `${captures}/afsbp-iam.8-nodetails.json`,
  ),
  hub(
    'AWS::IAM::Policy',
    'the unique id in the ARN',
    'arn:aws:iam::111122223333:policy/ANPAIOSFODNN7EXAMPLE',
    'arn:aws:iam::111122223333:policy/service-role/everything',
  ),
  hub(
    'AWS::IAM::User',
    'a name that is the unique id of another',
    'arn:aws:iam::111122223333:user/AIDAIOSFODNN7VICTIM0',
    'ambiguous-resource-id',
  ),
  hub('AWS::IAM::User', 'a unique id of nobody', 'arn:aws:iam::111122223333:user/AIDAIOSFODNN7NOBODY0', 'not found'),
  hub('AWS::RDS::DBInstance', 'a resource id in the ARN of a name', `${rds}:db:db-OX46LTRYPXEQTAX3IQPQ4PNEWQ`, `${rds}:db:orders`),
  hub('AWS::RDS::DBInstance', 'a generic ARN of nothing', `${rds}:dbinstance:${lost}`, 'not found'),
  config('AWS::RDS::DBInstance', 'a resource id of nothing', lost, 'not found'),
  config(
    'AWS::RDS::DBInstance',
    'as captured',
    'db-OX46LTRYPXEQTAX3IQPQ4PNEWQ',
    `${rds}:db:orders`,
    'https://github.com/rsaurav2020/testdemo123/issues/55',
  ),
  config(
    'AWS::IAM::User',
    'as captured',
    'AIDACKCEVSQ6C2EXAMPLE',
    'arn:aws:iam::111122223333:user/finance/jane',
    'https://github.com/awslabs/aws-config-rules/issues/219',
  ),
  config(
    'AWS::IAM::User',
    'an ARN of the unique id',
    'arn:aws:iam::111122223333:user/AIDACKCEVSQ6C2EXAMPLE',
    'arn:aws:iam::111122223333:user/finance/jane',
    'https://github.com/cloud-custodian/cloud-custodian/issues/5799',
  ),
  config(
    'AWS::EKS::Nodegroup',
    'an ARN without the unique id',
    'arn:aws:eks:eu-west-1:111122223333:nodegroup/shop/workers',
    kindForms['AWS::EKS::Nodegroup']?.arn ?? '',
  ),
  hub('AWS::RDS::DBInstance', 'a plain name', 'orders', `${rds}:db:orders`),
  hub('AWS::S3::Bucket', 'a plain name', 'shop-invoices', 'arn:aws:s3:::shop-invoices'),
  hub('AWS::S3::Bucket', 'an object', 'arn:aws:s3:::shop-invoices/2026/march.pdf', 'unreadable-resource-id'),
  hub('AWS::Lambda::Function', 'a version', 'arn:aws:lambda:eu-west-1:111122223333:function:resize:7', 'unreadable-resource-id'),
  hub('AWS::EC2::VPC', 'the ARN of another service', 'arn:aws:s3:::vpc-e5b8f483', 'unreadable-resource-id'),
  hub(
    'AWS::EC2::VPC',
    'a generic ARN of an ARN',
    'arn:aws:ec2:eu-west-1:111122223333:vpc/arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-e5b8f483',
    'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-e5b8f483',
  ),
  hub(
    'AWS::ElasticLoadBalancingV2::LoadBalancer',
    'the ARN of a name',
    'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/shop',
    kindForms['AWS::ElasticLoadBalancingV2::LoadBalancer']?.arn ?? '',
  ),
  config(
    'AWS::SQS::Queue',
    'the URL of another account',
    'https://sqs.eu-west-1.amazonaws.com/999999999999/test_queue_3',
    'unreadable-resource-id',
  ),
];

/** Names that AWS allows, by the limits in the models of its services. */
const model = (service: string, operation: string): string =>
  `https://docs.aws.amazon.com/${service}/latest/APIReference/API_${operation}.html`;
const monitoring = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html';
const logs = 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html';
const scaling = 'https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html';
const named = (type: string, form: string, start: string, name: string, document: string): readonly Form[] => [
  hub(type, form, `${start}${name}`, `${start}${name}`, document),
  config(type, form, `${start}${name}`, `${start}${name}`, document),
];
const alarm = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:';
const group = 'arn:aws:logs:eu-west-1:111122223333:log-group:';
const web = 'arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:930d940e-be42-4537-9b25-1d7a2e4f5c61:autoScalingGroupName/';

export const ofNames: readonly Form[] = [
  ...named('AWS::CloudWatch::Alarm', 'umlauts', alarm, 'Überlast im Zahlungsverkehr', monitoring),
  ...named('AWS::CloudWatch::Alarm', 'Chinese and Japanese', alarm, '磁盘已满 ディスク', monitoring),
  ...named('AWS::CloudWatch::Alarm', 'emoji', alarm, '🔥 orders 👩‍👩‍👧', monitoring),
  ...named('AWS::CloudWatch::Alarm', '255 characters', alarm, 'ü'.repeat(255), monitoring),
  ...named('AWS::CloudWatch::Alarm', 'Arabic, right to left', alarm, 'إنذار', monitoring),
  config('AWS::CloudWatch::Alarm', 'a name with umlauts', 'Überlast', `${alarm}Überlast`, monitoring),
  config('AWS::CloudWatch::Alarm', '256 characters', 'x'.repeat(256), 'unreadable-resource-id', monitoring),
  ...named('AWS::Logs::LogGroup', '512 characters', group, `/${'a'.repeat(511)}`, logs),
  ...named('AWS::Logs::LogGroup', 'a slash at its end', group, '/shop/', logs),
  ...named('AWS::Logs::LogGroup', 'two slashes', group, 'shop//api', logs),
  ...named('AWS::Logs::LogGroup', 'dots and a number sign', group, '../shop#1.', logs),
  config('AWS::Logs::LogGroup', '513 characters', 'a'.repeat(513), 'unreadable-resource-id', logs),
  ...named('AWS::AutoScaling::AutoScalingGroup', 'umlauts and emoji', web, 'Bücher 📚 (blau) & mehr', scaling),
  ...named('AWS::AutoScaling::AutoScalingGroup', 'a tab', web, 'web\tblue', scaling),
  ...named(
    'AWS::ElasticBeanstalk::Environment',
    'an application with umlauts',
    'arn:aws:elasticbeanstalk:eu-west-1:111122223333:environment/',
    'Bücher: neu/MyEnvironment',
    'https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CreateApplication.html',
  ),
  ...named('AWS::IAM::User', 'a path with punctuation', 'arn:aws:iam::111122223333:user/', 'a:b/c*d/~/jane', model('IAM', 'CreateUser')),
  ...named(
    'AWS::ApiGatewayV2::Stage',
    'the default stage',
    'arn:aws:apigateway:eu-west-1::/apis/a1b2c3d4e5/stages/',
    '$default',
    'https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html',
  ),
  ...named(
    'AWS::SecretsManager::Secret',
    'of another service',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:',
    'rds!db-930d940e-be42-4537-9b25-1d7a2e4f5c61-AbCdEf',
    'https://docs.aws.amazon.com/secretsmanager/latest/userguide/service-linked-secrets.html',
  ),
  ...named(
    'AWS::RDS::DBSnapshot',
    'of AWS Backup',
    `${rds}:snapshot:`,
    'awsbackup:job-930d940e-be42-4537-9b25-1d7a2e4f5c61',
    'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/AutomatedBackups.AWSBackup.html',
  ),
];

const bucket = 'arn:aws:s3:::shop-invoices';
const partitions: readonly (readonly [Place, string])[] = [
  [
    { partition: 'aws-cn', account: '444455556666', region: 'cn-north-1' },
    'https://docs.amazonaws.cn/en_us/aws/latest/userguide/ARNs.html',
  ],
  [
    { partition: 'aws-us-gov', account: '444455556666', region: 'us-gov-west-1' },
    'https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/using-govcloud-arns.html',
  ],
  [{ partition: 'aws-eusc', account: '444455556666', region: 'eusc-de-east-1' }, 'https://docs.aws.eu/esc/latest/userguide/arns.html'],
  ...(
    [
      ['aws-iso', 'us-iso-east-1'],
      ['aws-iso-b', 'us-isob-east-1'],
      ['aws-iso-e', 'eu-isoe-west-1'],
      ['aws-iso-f', 'us-isof-south-1'],
    ] as const
  ).map(
    ([partition, region]) =>
      [
        { partition, account: '444455556666', region },
        'https://github.com/smithy-lang/smithy/blob/main/smithy-rules-engine/src/main/resources/software/amazon/smithy/rulesengine/language/partitions.json',
      ] as const,
  ),
  [{ partition: 'aws', account: '444455556666', region: 'xx-midwest-12' }, ''],
  [{ partition: 'aws-new', account: '444455556666', region: 'new-fr-east-1' }, ''],
];

export const ofPartitions: readonly Form[] = partitions.flatMap(([place, document]) => {
  const about = { type: 'AWS::S3::Bucket', form: `${place.partition}, ${place.region}`, scope: { partition: place.partition } };
  const arn = `arn:${place.partition}:s3:::shop-invoices`;
  const vpc = `arn:${place.partition}:ec2:${place.region}:${place.account}:vpc/vpc-e5b8f483`;
  const from = document && { document };
  return [
    {
      ...about,
      source: 'Security Hub',
      detector: 'S3.14',
      event: hubEvent('S3.14', 'AWS::S3::Bucket', arn, place),
      expected: arn,
      ...from,
    },
    {
      ...about,
      source: 'Security Hub',
      type: 'AWS::EC2::VPC',
      detector: 'EC2.6',
      event: hubEvent('EC2.6', 'AWS::EC2::VPC', vpc, place),
      expected: vpc,
      ...from,
    },
    {
      ...about,
      source: 'AWS Config',
      detector: 's3-bucket-versioning-enabled',
      event: configComplianceChange({
        ...place,
        rule: 's3-bucket-versioning-enabled',
        resourceType: 'AWS::S3::Bucket',
        resourceId: 'shop-invoices',
      }),
      expected: arn,
      ...from,
    },
    {
      ...about,
      source: 'Security Hub, read in another partition',
      detector: 'S3.14',
      event: hubEvent('S3.14', 'AWS::S3::Bucket', arn, place),
      scope: { partition: place.partition === 'aws' ? 'aws-cn' : 'aws' },
      expected: 'contradictory-event',
    },
  ];
});

const statuses: readonly (readonly [string, Partial<ControlFinding>, string])[] = [
  ['passed', { status: 'PASSED' }, 'not-failed'],
  ['a warning', { status: 'WARNING' }, 'not-failed'],
  ['not available', { status: 'NOT_AVAILABLE' }, 'not-failed'],
  ['notified', { workflow: 'NOTIFIED' }, bucket],
  ['suppressed', { workflow: 'SUPPRESSED' }, 'workflow-status'],
  ['resolved', { workflow: 'RESOLVED' }, 'workflow-status'],
  ['archived', { recordState: 'ARCHIVED' }, 'not-active'],
  ['failed after it had passed', { previousStatus: 'PASSED', updatedAt: '2026-03-02T09:30:00.123Z' }, bucket],
];
const standards = 'https://docs.aws.amazon.com/securityhub/latest/userguide/asff-changes-consolidation.html';
const generators: readonly (readonly [string, Partial<ControlFinding>, string, string])[] = [
  ['consolidated', {}, bucket, standards],
  ['of the best practices', { consolidated: false }, bucket, standards],
  ['of NIST', { consolidated: false, standard: 'nist-800-53/v/5.0.0' }, bucket, standards],
  ['of Control Tower', { consolidated: false, standard: 'service-managed-aws-control-tower/v/1.0.0' }, bucket, standards],
  ['of CIS 1.4', { consolidated: false, standard: 'cis-aws-foundations-benchmark/v/1.4.0', numberInStandard: '2.1.5' }, bucket, standards],
  ['of PCI', { consolidated: false, standard: 'pci-dss/v/3.2.1', numberInStandard: 'PCI.S3.1' }, bucket, standards],
  ['before 2023, in the generator alone', { consolidated: false, withoutSecurityControlId: true }, bucket, `${captures}/afsbp-s3.14.json`],
  [
    'of CIS 1.2, without a control',
    { consolidated: false, withoutSecurityControlId: true, standard: 'cis-aws-foundations-benchmark/v/1.2.0', numberInStandard: '1.4' },
    'other-control',
    `${captures}/cis-1.4-nodetails.json`,
  ],
  [
    'of PCI, without a control',
    { consolidated: false, withoutSecurityControlId: true, standard: 'pci-dss/v/3.2.1', numberInStandard: 'PCI.S3.1' },
    'other-control',
    `${captures}/pci-cloudtrail.1.json`,
  ],
];
const ofBucket = (source: string, form: string, event: object, expected: string, document?: string, scope?: Form['scope']): Form => ({
  source,
  type: 'AWS::S3::Bucket',
  form,
  detector: 'S3.14',
  event,
  expected,
  ...(document && { document }),
  ...(scope && { scope }),
});
const finding: ControlFinding = { control: 'S3.14', resource: { type: 'AWS::S3::Bucket', arn: bucket } };
const spoilt = (changes: object): object => importedEvent({ ...controlFinding(finding), ...changes });
const customAction = 'https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html';

/** Standards, states, senders and contradictions. */
export const ofStates: readonly Form[] = [
  ...statuses.map(([form, more, expected]) =>
    ofBucket(
      'Security Hub',
      form,
      hubEvent('S3.14', 'AWS::S3::Bucket', bucket, more),
      expected,
      'https://docs.aws.amazon.com/securityhub/latest/userguide/controls-overall-status.html',
    ),
  ),
  ...generators.map(([form, more, expected, document]) =>
    ofBucket('Security Hub', form, hubEvent('S3.14', 'AWS::S3::Bucket', bucket, more), expected, document),
  ),
  ofBucket('custom action', 'ours', securityHubCustomAction([finding]), bucket, customAction),
  ofBucket(
    'custom action',
    'of others',
    securityHubCustomAction([finding], { actionId: 'CIS43' }),
    'other-action',
    `${captures}/cis43.json`,
  ),
  ofBucket(
    'custom action',
    'suppressed',
    securityHubCustomAction([{ ...finding, workflow: 'SUPPRESSED' }]),
    'workflow-status',
    customAction,
  ),
  ofBucket('Security Hub', 'of the administrator', securityHubImported(finding, { account: '999988887777' }), bucket, customAction, {
    centralAccount: '999988887777',
  }),
  ofBucket(
    'Security Hub',
    'of the administrator, of another Region',
    securityHubImported(finding, { account: '999988887777', region: 'us-east-1' }),
    bucket,
    customAction,
    { centralAccount: '999988887777' },
  ),
  ofBucket('Security Hub', 'of another account', securityHubImported(finding, { account: '999988887777' }), 'foreign-account'),
  ofBucket(
    'Security Hub',
    'of another product',
    spoilt({ ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty' }),
    'untrusted-product',
  ),
  ofBucket('Security Hub', 'that contradicts its account', spoilt({ AwsAccountId: '999988887777' }), 'contradictory-event'),
  ofBucket('Security Hub', 'that contradicts its Region', spoilt({ Region: 'us-east-1' }), 'contradictory-event'),
  ofBucket('Security Hub', 'that contradicts its control', spoilt({ GeneratorId: 'security-control/S3.1' }), 'contradictory-event'),
  ofBucket(
    'Security Hub',
    'of another control, of another account',
    { ...securityHubImported({ ...finding, control: 'S3.1' }), account: '999988887777' },
    'foreign-account',
  ),
  ofBucket(
    'Security Hub',
    'of another control, of another product',
    spoilt({ ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty', GeneratorId: 'a/X.1', Compliance: { Status: 'FAILED' } }),
    'untrusted-product',
  ),
  {
    ...hub('AWS::IAM::User', 'of another product, of one of several controls', '', 'untrusted-product'),
    detector: 'IAM.8',
    event: importedEvent({
      ...controlFinding({ ...finding, control: 'IAM.22' }),
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
    }),
  },
  ofBucket(
    'custom action',
    'ours in another account, among others',
    {
      ...securityHubCustomAction([finding]),
      resources: [
        'arn:aws:securityhub:eu-west-1:999988887777:action/custom/PostureFix',
        'arn:aws:securityhub:eu-west-1:111122223333:hub/default',
      ],
    },
    'foreign-action',
  ),
  {
    ...hub('AWS::RDS::DBSnapshot', 'of one of two types, called Other', '', `${rds}:snapshot:a`),
    event: hubEvent('RDS.1', 'AWS::RDS::DBSnapshot', `${rds}:snapshot:a`, {}, 'Other'),
  },
  {
    ...hub('AWS::RDS::DBSnapshot', 'a plain name, called Other', '', 'other-resource-type'),
    event: hubEvent('RDS.1', 'AWS::RDS::DBSnapshot', 'a', {}, 'Other'),
  },
  {
    ...hub('AWS::OpenSearch::Domain', 'of both types, called Other', '', 'other-resource-type'),
    detector: 'Opensearch.8',
    event: hubEvent('Opensearch.8', 'AWS::OpenSearch::Domain', 'arn:aws:es:eu-west-1:111122223333:domain/shop', {}, 'Other'),
  },
  ofBucket('Security Hub', 'without a workflow', spoilt({ Workflow: undefined }), 'malformed-event'),
  ofBucket(
    'Security Hub',
    'about a bucket of another partition',
    hubEvent('S3.14', 'AWS::S3::Bucket', 'arn:aws-cn:s3:::shop-invoices'),
    'contradictory-event',
  ),
  ofBucket('Security Hub', 'about another type', hubEvent('S3.14', 'AWS::KMS::Key', bucket), 'other-resource-type'),
  ofBucket('Security Hub', 'about a type that it calls Other', hubEvent('S3.14', 'AWS::S3::Bucket', bucket, {}, 'Other'), bucket),
  { ...hub('AWS::EC2::VPC', 'of another account', 'arn:aws:ec2:eu-west-1:999988887777:vpc/vpc-1', 'contradictory-event') },
  { ...hub('AWS::EC2::VPC', 'of another Region', 'arn:aws:ec2:us-east-1:111122223333:vpc/vpc-1', 'contradictory-event') },
  hub(
    'AWS::CloudTrail::Trail',
    'an organization trail',
    'arn:aws:cloudtrail:eu-west-1:999988887777:trail/aws-controltower-BaselineCloudTrail',
    'belongs-elsewhere',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html',
  ),
  hub(
    'AWS::CloudTrail::Trail',
    'a trail of another Region',
    'arn:aws:cloudtrail:us-east-1:111122223333:trail/all-regions',
    'belongs-elsewhere',
    'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html',
  ),
  config(
    'AWS::CloudTrail::Trail',
    'an organization trail',
    'arn:aws:cloudtrail:eu-west-1:999988887777:trail/aws-controltower-BaselineCloudTrail',
    'belongs-elsewhere',
  ),
  config('AWS::::Account', 'another account', '999988887777', 'contradictory-event'),
  ...(['plain', 'security-hub', 'conformance-pack', 'organization'] as const).map((form) =>
    ofBucket(
      'AWS Config',
      `a Config rule, ${form}`,
      configComplianceChange({ rule: 's3-bucket-versioning-enabled', form, resourceType: 'AWS::S3::Bucket', resourceId: 'shop-invoices' }),
      bucket,
      'https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html',
    ),
  ),
  ...(['COMPLIANT', 'NOT_APPLICABLE', 'INSUFFICIENT_DATA'] as const).map((compliance) =>
    ofBucket(
      'AWS Config',
      compliance,
      configComplianceChange({
        rule: 's3-bucket-versioning-enabled',
        compliance,
        resourceType: 'AWS::S3::Bucket',
        resourceId: 'shop-invoices',
      }),
      'not-failed',
      'https://docs.aws.amazon.com/config/latest/APIReference/API_EvaluationResult.html',
    ),
  ),
  ofBucket(
    'AWS Config',
    'a Config rule of another name',
    configComplianceChange({ rule: 'Prüfung der Versionierung', resourceType: 'AWS::S3::Bucket', resourceId: 'shop-invoices' }),
    'other-config-rule',
    'https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html',
  ),
  ofBucket(
    'AWS Config',
    'another type',
    configComplianceChange({ rule: 's3-bucket-versioning-enabled', resourceType: 'AWS::KMS::Key', resourceId: 'shop-invoices' }),
    'other-resource-type',
  ),
];

/** What Security Hub says of a finding besides its resource, with more fields in the finding. */
const saying = (form: string, more: object, expected: string, event: EventOf = securityHubImported(finding)): Form =>
  ofBucket(
    'Security Hub',
    form,
    { ...event, detail: { ...event.detail, findings: event.detail.findings.map((one) => ({ ...one, ...more })) } },
    expected,
  );

type EventOf = ReturnType<typeof securityHubImported> | ReturnType<typeof securityHubCustomAction>;

const failed = { Status: 'FAILED', SecurityControlId: 'S3.14' };
const noted = (minutes: number, by = 'posture-remediator') => ({
  UpdatedAt: '2026-03-01T09:30:00.000Z',
  Workflow: { Status: 'NOTIFIED' },
  Note: { Text: 'Fixed.', UpdatedBy: by, UpdatedAt: new Date(Date.parse('2026-03-01T09:30:00.000Z') + minutes * 60_000).toISOString() },
});

const ofWords: readonly Form[] = [
  saying(
    'with parameters of the control',
    { Compliance: { ...failed, SecurityControlParameters: [{ Name: 'ports', Value: ['443', '8443'] }] } },
    bucket,
  ),
  saying(
    'with a parameter of the control twice',
    {
      Compliance: {
        ...failed,
        SecurityControlParameters: [
          { Name: 'ports', Value: ['443'] },
          { Name: 'Ports', Value: ['8443'] },
        ],
      },
    },
    'malformed-event',
  ),
  saying('with reasons', { Compliance: { ...failed, StatusReasons: [{ ReasonCode: 'CONFIG_EVALUATIONS_EMPTY' }] } }, bucket),
  saying('with reasons that are no codes', { Compliance: { ...failed, StatusReasons: [{ ReasonCode: 'ask <b>me</b>' }] } }, bucket),
  saying('with our own note', noted(10), 'own-update'),
  saying('with our own note, updated since', noted(-20), bucket),
  saying('with the note of somebody', noted(10, 'alice'), bucket),
  saying('with our own note, and sent again by a person', noted(10), bucket, securityHubCustomAction([finding])),
];

const drift = { type: 'Policy:IAMUser/S3BlockPublicAccessDisabled', resource: { type: 'AWS::S3::Bucket', arn: bucket } };
const ofMacie = 'https://docs.aws.amazon.com/macie/latest/user/securityhub-integration.html';
const inAction = (event: { readonly detail: object }): object => {
  const action = securityHubCustomAction([finding]);
  return { ...action, detail: { ...action.detail, ...event.detail } };
};
const heard = (form: Form): Form => ({ ...form, detector: 'S3.8' });

/** Findings that a service has in Security Hub, for a rule that listens to it and for one that does not. */
const ofServices: readonly Form[] = [
  heard(ofBucket('Security Hub', 'of a service', macieInCspm(drift), bucket, ofMacie)),
  heard(ofBucket('Security Hub', 'of a service, in OCSF', macieInV2(drift), bucket)),
  heard(ofBucket('custom action', 'of a service', inAction(macieInCspm(drift)), 'untrusted-product')),
  ofBucket('Security Hub', 'of a service that nobody listens to', macieInCspm(drift), 'untrusted-product'),
  ofBucket('Security Hub', 'of a service that nobody listens to, in OCSF', macieInV2(drift), 'unsupported-event'),
];

export const forms: readonly Form[] = [...ofKinds, ...ofIds, ...ofNames, ...ofPartitions, ...ofStates, ...ofWords, ...ofServices];
export { home };
