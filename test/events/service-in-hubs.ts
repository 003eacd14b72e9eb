import { createHash } from 'node:crypto';
import type { Place } from '../../rules/rule';
import { home, type ReportedResource } from './resources';

interface InHub extends Partial<Place> {
  readonly type: string;
  readonly resource: Pick<ReportedResource, 'type' | 'arn'>;
  readonly resourceRole?: string;
}

const isWithoutRole = (type: string): boolean => /^\w+:Runtime\/|^AttackSequence:/.test(type);
const idOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
const user = { name: 'jane', type: 'IAMUser', id: 'AIDAEXAMPLE', key: 'AKIAIOSFODNN7EXAMPLE' };
const roleOf = (name: string) => ({ name, type: 'AssumedRole', id: 'AROAIOSFODNN7EXAMPLE:session', key: 'ASIAIOSFODNN7EXAMPLE' });
const principalFor = ({ type, arn }: InHub['resource']) => (type === 'AWS::IAM::Role' ? roleOf(idOf(arn)) : user);
const isNamed = ({ type }: InHub['resource']): boolean =>
  ['AWS::S3::Bucket', 'AWS::EC2::Instance', 'AWS::Lambda::Function', 'AWS::RDS::DBInstance'].includes(type);

/** An access key alone, together with the bucket, or the resource alone. */
function resourcesOf(resource: InHub['resource'], accessKey: object, named: object): readonly object[] {
  if (!isNamed(resource)) return [accessKey];
  return resource.type === 'AWS::S3::Bucket' ? [accessKey, named] : [named];
}

const asff = ({ type }: InHub['resource']): string => type.replaceAll(':', '').replace(/^AWS/, 'Aws');

const envelope = (place: Place, detailType: string, finding: object, resources: readonly string[] = []) => ({
  version: '0',
  id: '0a1b2c3d-0000-1111-2222-333344445555',
  'detail-type': detailType,
  source: 'aws.securityhub',
  account: place.account,
  time: '2026-11-20T09:30:35Z',
  region: place.region,
  resources: [...resources],
  detail: { findings: [finding] },
});

/** What all findings of services have in the AWS Security Finding Format. */
function imported(
  place: Place,
  service: string,
  own: { readonly Id: string; readonly type: string; readonly label: string },
  more: object,
) {
  const { Id, type, label } = own;
  return envelope(place, 'Security Hub Findings - Imported', {
    SchemaVersion: '2018-10-08',
    Id,
    ProductArn: `arn:${place.partition}:securityhub:${place.region}::product/aws/${service}`,
    ProductName: service,
    CompanyName: 'Amazon',
    Region: place.region,
    GeneratorId: `arn:${place.partition}:${service}:${place.region}:${place.account}:generator`,
    AwsAccountId: place.account,
    Types: [type],
    FirstObservedAt: '2026-11-20T09:21:00.000Z',
    LastObservedAt: '2026-11-20T09:25:00.000Z',
    CreatedAt: '2026-11-20T09:29:00.123Z',
    UpdatedAt: '2026-11-20T09:29:00.123Z',
    Severity: { Label: label, Normalized: 70 },
    FindingProviderFields: { Types: [type], Severity: { Label: label } },
    Title: 'A finding.',
    Description: 'A finding of the tests.',
    Workflow: { Status: 'NEW' },
    WorkflowState: 'NEW',
    RecordState: 'ACTIVE',
    ...more,
  });
}

/** What all findings of services have in OCSF. */
function importedV2(
  place: Place,
  service: string,
  own: { readonly uid: string; readonly types: readonly string[]; readonly class: number },
  more: object,
) {
  const { uid, types } = own;
  const id = createHash('sha256').update(uid).digest('hex');
  const finding = {
    activity_id: 1,
    class_uid: own.class,
    category_uid: 2,
    type_uid: own.class * 100 + 1,
    severity: 'High',
    severity_id: 4,
    vendor_attributes: { severity: 'High', severity_id: 4 },
    status: 'New',
    status_id: 1,
    time: Date.parse('2026-11-20T09:29:00.123Z'),
    cloud: { provider: 'AWS', region: place.region, cloud_partition: place.partition, account: { uid: place.account } },
    metadata: {
      uid: id,
      version: '1.8.0',
      product: {
        name: service,
        vendor_name: 'AWS',
        uid: `arn:${place.partition}:securityhub:${place.region}::productv2/aws/${service}`,
      },
    },
    finding_info: {
      uid,
      title: 'A finding.',
      types,
      created_time_dt: '2026-11-20T09:29:00.123Z',
      first_seen_time_dt: '2026-11-20T09:21:00.000Z',
      last_seen_time_dt: '2026-11-20T09:25:00.000Z',
      modified_time_dt: '2026-11-20T09:29:00.123Z',
    },
    ...more,
  };
  return envelope(place, 'Findings Imported V2', finding, [id]);
}

const guardDutyId = ({ partition, region, account }: Place) =>
  `arn:${partition}:guardduty:${region}:${account}:detector/12abc34d567e8fa901bc2d34e56789f0/finding/8ac1f9c3a5ab4d0e9b1c2d3e4f506172`;

/** A finding of GuardDuty in Security Hub CSPM: https://docs.aws.amazon.com/guardduty/latest/ug/securityhub-integration.html */
export function guardDutyInCspm({ type, resource, resourceRole = isWithoutRole(type) ? undefined : 'TARGET', ...over }: InHub) {
  const place = { ...home, ...over };
  const { name, type: principalType, id, key } = principalFor(resource);
  const where = { Partition: place.partition, Region: place.region };
  const accessKey = {
    Type: 'AwsIamAccessKey',
    Id: `AWS::IAM::AccessKey:${key}`,
    ...where,
    Details: { AwsIamAccessKey: { PrincipalName: name, PrincipalType: principalType, PrincipalId: id } },
  };
  const named = { Type: asff(resource), Id: resource.arn, ...where };
  const own = {
    Id: guardDutyId(place),
    type: `TTPs/Command and Control/${type.startsWith('AttackSequence:') ? type : type.replace('/', '-')}`,
    label: 'HIGH',
  };
  return imported(place, 'guardduty', own, {
    ProductFields: {
      'aws/guardduty/service/archived': 'false',
      'aws/guardduty/service/count': '1',
      'aws/guardduty/service/additionalInfo/value': '{}',
      'aws/guardduty/service/serviceName': 'guardduty',
      'aws/guardduty/service/eventFirstSeen': '2026-11-20T09:21:00.000Z',
      'aws/guardduty/service/eventLastSeen': '2026-11-20T09:25:00.000Z',
      ...(resourceRole && { 'aws/guardduty/service/resourceRole': resourceRole }),
    },
    Resources: resourcesOf(resource, accessKey, named),
  });
}

/** The same in OCSF: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-v2-cwe-event-formats.html */
export function guardDutyInV2({ type, resource, resourceRole = isWithoutRole(type) ? undefined : 'TARGET', ...over }: InHub) {
  const place = { ...home, ...over };
  const { name, type: user_type, id, key } = principalFor(resource);
  const where = { cloud_partition: place.partition, region: place.region, owner: { account: { uid: place.account } } };
  const data = { access_key_id: key, principal_id: id, user_name: name, user_type };
  const accessKey = { type: 'AWS::IAM::AccessKey', uid: key, name, ...where, data };
  const named = { type: resource.type, uid: resource.type === 'AWS::EC2::Instance' ? idOf(resource.arn) : resource.arn, ...where };
  return importedV2(
    place,
    'guardduty',
    { uid: guardDutyId(place), types: ['Threats', type], class: 2004 },
    {
      evidences: [{ data: { ...(resourceRole && { resource_role: resourceRole }) } }],
      resources: resourcesOf(resource, accessKey, named),
    },
  );
}

/** https://docs.aws.amazon.com/macie/latest/user/securityhub-integration.html */
export function macieInCspm({ type, resource: { arn }, ...over }: InHub) {
  const place = { ...home, ...over };
  const own = {
    Id: '64b917aa3843014c91d8937ffexample',
    type: `Software and Configuration Checks/AWS Security Best Practices/${type.replace('/', '-')}`,
    label: 'HIGH',
  };
  return imported(place, 'macie', own, {
    Sample: false,
    Resources: [{ Type: 'AwsS3Bucket', Id: arn, Partition: place.partition, Region: place.region }],
  });
}

export function macieInV2({ type, resource: { arn }, ...over }: InHub) {
  const place = { ...home, ...over };
  const own = { uid: '64b917aa3843014c91d8937ffexample', types: [type, 'Sensitive Data'], class: 2006 };
  const where = { cloud_partition: place.partition, region: place.region, owner: { account: { uid: place.account } } };
  return importedV2(place, 'macie', own, { resources: [{ type: 'AWS::S3::Bucket', uid: arn, ...where }] });
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-securityhub-integration.html */
export function accessAnalyzerInCspm({ resource, ...over }: Omit<InHub, 'type'>) {
  const place = { ...home, ...over };
  const analyzer = `arn:${place.partition}:access-analyzer:${place.region}:${place.account}:analyzer/account`;
  const own = {
    Id: `${analyzer}/${resource.arn}`,
    type: 'Software and Configuration Checks/AWS Security Best Practices/External Access Granted',
    label: 'MEDIUM',
  };
  return imported(place, 'access-analyzer', own, {
    Title: `${asff(resource)}/${resource.arn}/ allows public access`,
    ProductFields: { ResourceOwnerAccount: place.account },
    Resources: [{ Type: asff(resource), Id: resource.arn, Partition: place.partition }],
  });
}

const inspectorId = ({ partition, region, account }: Place) =>
  `arn:${partition}:inspector2:${region}:${account}:finding/0123456789abcdef0123456789abcdef`;

/** https://docs.aws.amazon.com/inspector/latest/user/securityhub-integration.html */
export function inspectorInCspm({ resource: { arn }, ...over }: Omit<InHub, 'type'>) {
  const place = { ...home, ...over };
  const own = { Id: inspectorId(place), type: 'Software and Configuration Checks/Vulnerabilities/CVE', label: 'HIGH' };
  return imported(place, 'inspector', own, {
    ProductFields: { 'aws/inspector/ProductVersion': '2', 'aws/inspector/FindingStatus': 'ACTIVE' },
    Vulnerabilities: [
      {
        Id: 'CVE-2026-0001',
        FixAvailable: 'YES',
        ExploitAvailable: 'NO',
        VulnerablePackages: [{ Name: 'openssl-libs', Version: '1.1.1k', PackageManager: 'OS', FixedInVersion: '1:1.1.1k-9.amzn2' }],
      },
    ],
    Resources: [{ Type: 'AwsEc2Instance', Id: arn, Partition: place.partition, Region: place.region }],
  });
}

export function inspectorInV2({ resource: { arn }, ...over }: Omit<InHub, 'type'>) {
  const place = { ...home, ...over };
  const types = ['Software and Configuration Checks/Vulnerabilities/CVE', 'Vulnerabilities'];
  const where = { cloud_partition: place.partition, region: place.region, owner: { account: { uid: place.account } } };
  return importedV2(
    place,
    'inspector',
    { uid: inspectorId(place), types, class: 2002 },
    {
      vulnerabilities: [
        {
          cve: { uid: 'CVE-2026-0001' },
          is_fix_available: true,
          is_exploit_available: false,
          affected_packages: [{ name: 'openssl-libs', version: '1.1.1k', package_manager: 'OS', fixed_in_version: '1:1.1.1k-9.amzn2' }],
        },
      ],
      resources: [{ type: 'AWS::EC2::Instance', uid: idOf(arn), ...where }],
    },
  );
}
