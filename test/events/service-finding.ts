import type { Place } from '../../rules/rule';
import { home, type ReportedResource } from './resources';

/** What every event of a service has. */
const envelope = (place: Place, source: string, detailType: string) => ({
  version: '0',
  id: '0a1b2c3d-0000-1111-2222-333344445555',
  'detail-type': detailType,
  source,
  account: place.account,
  time: '2026-11-20T09:30:05Z',
  region: place.region,
  resources: [] as string[],
});

interface Reported extends Partial<Place> {
  readonly type: string;
  readonly resource: Pick<ReportedResource, 'type' | 'arn'>;
}

interface Threat extends Reported {
  readonly resourceRole?: string;
}

/** https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html */
export function guardDutyFinding({ type, resource, resourceRole = isWithoutRole(type) ? undefined : 'TARGET', ...over }: Threat) {
  const place = { ...home, ...over };
  const id = '8ac1f9c3a5ab4d0e9b1c2d3e4f506172';
  return {
    ...envelope(place, 'aws.guardduty', 'GuardDuty Finding'),
    detail: {
      schemaVersion: '2.0',
      accountId: place.account,
      region: place.region,
      partition: place.partition,
      id,
      arn: `arn:${place.partition}:guardduty:${place.region}:${place.account}:detector/12abc34d567e8fa901bc2d34e56789f0/finding/${id}`,
      type,
      resource: type.startsWith('AttackSequence:') ? { resourceType: 'AttackSequence' } : guardDutyResource(resource),
      service: {
        serviceName: 'guardduty',
        detectorId: '12abc34d567e8fa901bc2d34e56789f0',
        ...(resourceRole && { resourceRole }),
        ...(type.startsWith('AttackSequence:') && { detection: { sequence: sequenceOf(resource, place) } }),
        additionalInfo: { value: '{}', type: 'default' },
        eventFirstSeen: '2026-11-20T09:21:00.000Z',
        eventLastSeen: '2026-11-20T09:25:00.000Z',
        archived: false,
        count: 1,
      },
      severity: 8,
      createdAt: '2026-11-20T09:29:00.123Z',
      updatedAt: '2026-11-20T09:29:00.123Z',
      title: 'A finding.',
      description: 'A finding of the tests.',
    },
  };
}

/** https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-summary.html#findings-resource-affected */
const isWithoutRole = (type: string): boolean => /^\w+:Runtime\/|^AttackSequence:/.test(type);

function guardDutyResource({ type, arn }: Reported['resource']): Record<string, unknown> {
  const accessKeyDetails = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', principalId: 'AIDAEXAMPLE', userName: 'jane', userType: 'IAMUser' };
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  switch (type) {
    case 'AWS::S3::Bucket':
      return {
        resourceType: 'AccessKey',
        accessKeyDetails,
        s3BucketDetails: [{ arn, name: arn.slice(arn.lastIndexOf(':') + 1), type: 'Destination' }],
      };
    case 'AWS::EC2::Instance':
      return { resourceType: 'Instance', instanceDetails: { instanceId: id, networkInterfaces: [] } };
    case 'AWS::EC2::SecurityGroup': {
      const networkInterfaces = [{ networkInterfaceId: 'eni-0123456789abcdef0', securityGroups: [{ groupId: id, groupName: 'web' }] }];
      return { resourceType: 'Instance', instanceDetails: { instanceId: 'i-0123456789abcdef0', networkInterfaces } };
    }
    case 'AWS::IAM::Role':
      return { resourceType: 'AccessKey', accessKeyDetails: { ...sessionOf(id), accessKeyId: 'ASIAIOSFODNN7EXAMPLE' } };
    case 'AWS::Lambda::Function':
      return { resourceType: 'Lambda', lambdaDetails: { functionArn: arn, functionName: arn.split(':')[6], functionVersion: '$LATEST' } };
    case 'AWS::RDS::DBInstance':
      return {
        resourceType: 'RDSDBInstance',
        rdsDbInstanceDetails: { dbInstanceArn: arn, dbInstanceIdentifier: arn.split(':')[6], engine: 'Aurora MySQL' },
        rdsDbUserDetails: { user: 'app', database: 'orders' },
      };
    default:
      return { resourceType: 'AccessKey', accessKeyDetails };
  }
}

const sessionOf = (userName: string) => ({ userName, userType: 'AssumedRole', principalId: 'AROAIOSFODNN7EXAMPLE:session' });

/** https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Sequence.html */
function sequenceOf({ type, arn }: Reported['resource'], { account, region }: Place) {
  const user = { name: 'jane', type: 'IAMUser', uid: 'AIDAIOSFODNN7EXAMPLE', credentialUid: 'AKIAIOSFODNN7EXAMPLE' };
  const { userName: name, userType, principalId: uid } = sessionOf(arn.slice(arn.lastIndexOf('/') + 1));
  const actor = type === 'AWS::IAM::Role' ? { name, type: userType, uid, credentialUid: 'ASIAIOSFODNN7EXAMPLE' } : user;
  return {
    uid: 'a1b2c3d4',
    description: 'A sequence of the tests.',
    actors: [{ id: `${actor.type}:${actor.uid}`, user: { ...actor, account: { uid: account, name: 'a' } } }],
    resources: [
      ...(type === 'AWS::S3::Bucket' ? [{ uid: arn, resourceType: 'S3_BUCKET', name: arn.slice(arn.lastIndexOf(':') + 1) }] : []),
      ...(type === 'AWS::EC2::Instance' ? [{ uid: arn, resourceType: 'EC2_INSTANCE', accountId: account, region, service: 'ec2' }] : []),
      { uid: 'ASIAIOSFODNN7EXAMPLE', resourceType: 'ACCESS_KEY', accountId: account, region },
    ],
    signals: [],
  };
}

/** https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html */
export function macieFinding({ type, resource: { arn }, ...over }: Reported) {
  const place = { ...home, ...over };
  return {
    ...envelope(place, 'aws.macie', 'Macie Finding'),
    detail: {
      schemaVersion: '1.0',
      id: '64b917aa-3843-014c-91d8-937ffexample',
      accountId: place.account,
      partition: place.partition,
      region: place.region,
      type,
      title: 'Block Public Access settings are disabled for the S3 bucket',
      severity: { score: 3, description: 'High' },
      createdAt: '2026-11-20T09:29:00.123Z',
      updatedAt: '2026-11-20T09:29:00.123Z',
      resourcesAffected: { s3Bucket: { arn, name: arn.slice(arn.lastIndexOf(':') + 1) }, s3Object: null },
      category: 'POLICY',
      sample: false,
      archived: false,
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html */
export function accessAnalyzerFinding({ resource: { type, arn }, ...over }: Omit<Reported, 'type'>) {
  const place = { ...home, ...over };
  return {
    ...envelope(place, 'aws.access-analyzer', 'Access Analyzer Finding'),
    resources: [`arn:${place.partition}:access-analyzer:${place.region}:${place.account}:analyzer/account`],
    detail: {
      version: '1.0',
      id: '5f2b6a1c-0000-4444-9999-aaaabbbbcccc',
      status: 'ACTIVE',
      resourceType: type,
      resource: arn,
      createdAt: '2026-11-20T09:29:00Z',
      analyzedAt: '2026-11-20T09:29:00.123Z',
      updatedAt: '2026-11-20T09:29:00Z',
      accountId: place.account,
      region: place.region,
      principal: { AWS: '*' },
      action: ['s3:GetObject'],
      condition: {},
      isDeleted: false,
      isPublic: true,
    },
  };
}

/** https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html */
export function inspectorFinding({ type, resource: { arn }, ...over }: Reported) {
  const place = { ...home, ...over };
  const [kind, resourceType] = type.split('/');
  const id = arn.slice(arn.lastIndexOf('/') + 1);
  return {
    ...envelope(place, 'aws.inspector2', 'Inspector2 Finding'),
    resources: [id],
    detail: {
      awsAccountId: place.account,
      description: 'A vulnerability of the tests.',
      epss: { score: 0.00041 },
      exploitAvailable: 'NO',
      findingArn: `arn:${place.partition}:inspector2:${place.region}:${place.account}:finding/0123456789abcdef0123456789abcdef`,
      firstObservedAt: 'Fri Nov 20 09:29:00.123 UTC 2026',
      fixAvailable: 'YES',
      inspectorScore: 7.8,
      lastObservedAt: 'Fri Nov 20 09:30:00.123 UTC 2026',
      packageVulnerabilityDetails: {
        cvss: [],
        referenceUrls: [],
        relatedVulnerabilities: [],
        source: 'AMAZON_CVE',
        vulnerabilityId: 'CVE-2026-0001',
        vulnerablePackages: [
          {
            arch: 'X86_64',
            epoch: 1,
            fixedInVersion: '1:1.1.1k-9.amzn2',
            name: 'openssl-libs',
            packageManager: 'OS',
            release: '7.amzn2',
            remediation: 'yum update openssl-libs',
            version: '1.1.1k',
          },
        ],
      },
      remediation: { recommendation: { text: 'None Provided' } },
      resources: [
        {
          details: { awsEc2Instance: { platform: 'AMAZON_LINUX_2' } },
          id,
          partition: place.partition,
          region: place.region,
          type: resourceType,
        },
      ],
      severity: 'HIGH',
      status: 'ACTIVE',
      title: 'CVE-2026-0001 - openssl-libs',
      type: kind,
      updatedAt: 'Fri Nov 20 09:30:00.123 UTC 2026',
    },
  };
}
