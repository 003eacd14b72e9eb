import { serviceClasses, severityIds } from '../../functions/sources/security-hub/services/ocsf';
import type { Service } from '../../functions/sources/security-hub/services/product';
import { namesOfType } from '../../functions/sources/security-hub/services/types';
import { statusIds } from '../../functions/sources/security-hub/v2/ocsf';
import type { Threats, Vulnerabilities } from '../../rules/detectors';
import type { Json } from '../../rules/rule';

type Pattern = { readonly [key: string]: Json };

/** Findings of a service in Security Hub CSPM that wait for somebody. The ARN of the product is checked by the adapter. */
const inCspm = (service: Service, finding: Pattern): Pattern => ({
  'detail-type': ['Security Hub Findings - Imported'],
  detail: {
    findings: {
      ProductArn: [{ suffix: `::product/aws/${service}` }],
      RecordState: ['ACTIVE'],
      Workflow: { Status: ['NEW', 'NOTIFIED'] },
      ...finding,
    },
  },
});

/** The same in OCSF, where the product has one of two forms. */
const inV2 = (service: Service, finding: Pattern): Pattern => ({
  'detail-type': ['Findings Imported V2'],
  detail: {
    findings: {
      metadata: { product: { uid: [{ suffix: `/aws/${service}` }] } },
      status_id: [statusIds.unknown, statusIds.new, statusIds.inProgress],
      ...finding,
    },
  },
});

const inTaxonomy = (type: string) => ({ suffix: `/${namesOfType(type)[1]}` });
/** Attack sequences keep their name in the taxonomy. */
const suffixesOf = (types: readonly string[]) =>
  types.flatMap((type) => (type.startsWith('AttackSequence:') ? [inTaxonomy(type), { suffix: type }] : [inTaxonomy(type)]));

/** The findings of GuardDuty in both hubs. */
export function threatInHubs({ types, resourceRole: role, nativeOnly }: Threats): readonly Pattern[] {
  if (nativeOnly) return [];
  return [
    inCspm('guardduty', { Types: suffixesOf(types), ...(role && { ProductFields: { 'aws/guardduty/service/resourceRole': [role] } }) }),
    inV2('guardduty', {
      class_uid: [serviceClasses.detection],
      finding_info: { types },
      ...(role && { evidences: { data: { resource_role: [role] } } }),
    }),
  ];
}

/** The findings of Macie in both hubs. */
export const dataFindingInHubs = (types: readonly string[]): readonly Pattern[] => [
  inCspm('macie', { Types: suffixesOf(types) }),
  inV2('macie', { class_uid: Object.values(serviceClasses), finding_info: { types } }),
];

/** IAM Access Analyzer reports to Security Hub CSPM alone, in which the title tells that access is public. */
export const publicAccessInHub = (names: readonly string[]): Pattern =>
  inCspm('access-analyzer', {
    Title: [{ suffix: ' allows public access' }],
    Resources: { Type: names.map((name) => ({ 'equals-ignore-case': name.slice(name.indexOf('/') + 1).replaceAll(':', '') })) },
  });

/** The vulnerabilities that Inspector found in both hubs: with a fix, in a package of the operating system of an instance. */
export const vulnerabilityInHubs = (severities: Vulnerabilities['severities']): readonly Pattern[] => [
  inCspm('inspector', {
    Types: [{ suffix: '/Vulnerabilities/CVE' }],
    Severity: { Label: severities },
    Resources: { Type: ['AwsEc2Instance'] },
    Vulnerabilities: { FixAvailable: ['YES', 'PARTIAL'], VulnerablePackages: { PackageManager: ['OS'] } },
  }),
  inV2('inspector', {
    class_uid: [serviceClasses.vulnerability],
    severity_id: severities.flatMap((severity) => severityIds[severity]),
    resources: { type: ['AWS::EC2::Instance'] },
    vulnerabilities: { is_fix_available: [true], affected_packages: { package_manager: ['OS'] } },
  }),
];
