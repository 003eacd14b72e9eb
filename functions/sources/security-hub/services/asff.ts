import * as z from 'zod';
import { maxEvidenceText } from '../../../findings/requester';
import { quote } from '../../../untrusted-text';
import { accountId, freeText, list, record, reference, region, text, time } from '../../shape';
import { isOwnUpdate } from '../own-update';
import type { Imported, ImportedPrincipal } from './imported';
import type { Service } from './product';

const types = z.array(freeText(512)).max(50);
const fields = (name: string) => `aws/guardduty/service/${name}` as const;
const evidenceText = reference.max(maxEvidenceText).optional().catch(undefined);

const accessKey = record({
  PrincipalName: freeText(128).optional(),
  PrincipalType: text.optional(),
  PrincipalId: evidenceText,
});

/** The parts of a finding of a service in the AWS Security Finding Format that are read. `FindingProviderFields` are those that nobody else can update. */
export const serviceFindingShape = record({
  Types: types,
  FindingProviderFields: record({ Types: types.optional(), Severity: record({ Label: text.optional() }).optional() }).optional(),
  Severity: record({ Label: text.optional() }),
  Title: freeText(1024),
  CreatedAt: time,
  UpdatedAt: time,
  FirstObservedAt: time.optional(),
  LastObservedAt: time.optional(),
  RecordState: text,
  Workflow: record({ Status: text }),
  Note: z.unknown().optional(),
  Sample: z.boolean().optional(),
  ProductFields: record({
    [fields('resourceRole')]: text.optional(),
    [fields('archived')]: text.optional(),
    [fields('additionalInfo/sample')]: text.optional(),
    [fields('additionalInfo/value')]: z.string().max(10_000).optional().catch(undefined),
    [fields('eventFirstSeen')]: time.optional().catch(undefined),
    [fields('eventLastSeen')]: time.optional().catch(undefined),
    ResourceOwnerAccount: accountId.optional(),
  }).optional(),
  Vulnerabilities: z
    .array(
      record({
        FixAvailable: text.optional(),
        VulnerablePackages: z
          .array(record({ PackageManager: text.optional() }))
          .max(1000)
          .optional(),
      }),
    )
    .max(100)
    .optional(),
  Resources: list(
    record({
      Type: text,
      Id: freeText(2048),
      Partition: text.optional(),
      Region: region.optional(),
      Details: record({ AwsIamAccessKey: accessKey.optional() }).optional(),
    }),
    32,
  ),
});

type ServiceFinding = z.infer<typeof serviceFindingShape>;

/** The finding, without its place; `at` is its path in the event. */
export function importedIn(
  { service, id, productArn }: { readonly service: Service; readonly id: string; readonly productArn: string },
  finding: ServiceFinding,
  { at, sentAt }: { readonly at: string; readonly sentAt: string },
): Imported {
  const { FindingProviderFields: own = {}, ProductFields: product = {}, Vulnerabilities = [], Resources, Title } = finding;
  const firstSeen = product[fields('eventFirstSeen')] ?? finding.FirstObservedAt;
  return {
    service,
    id,
    types: own.Types ?? finding.Types,
    idle: idlenessOf(finding),
    detectedAt: finding.CreatedAt,
    sentAt,
    lastSeenAt: product[fields('eventLastSeen')] ?? finding.LastObservedAt ?? finding.UpdatedAt,
    ...(firstSeen !== undefined && { occurrence: { as: 'activity' as const, at: firstSeen } }),
    resources: Resources.map(({ Type, Id, Details }, index) => ({
      type: Type.toLowerCase(),
      id: Id,
      at: `${at}.Resources[${index}]`,
      ...(Type === 'AwsIamAccessKey' && { principal: principalOf(Id, Details?.AwsIamAccessKey) }),
    })),
    role: product[fields('resourceRole')],
    severity: own.Severity?.Label ?? finding.Severity.Label,
    hasFix: Vulnerabilities.some(({ FixAvailable }) => FixAvailable === 'YES' || FixAvailable === 'PARTIAL'),
    hasSystemPackage: Vulnerabilities.some(({ VulnerablePackages = [] }) =>
      VulnerablePackages.some(({ PackageManager }) => PackageManager === 'OS'),
    ),
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-securityhub-integration.html: the format has no other field for it.
    isPublic: Title.endsWith(' allows public access'),
    hub: { securityHub: { id, productArn } },
  };
}

/** `AWS::IAM::AccessKey:AKIA…`; GuardDuty has no key where somebody signed in to the console. */
const principalOf = (id: string, said: z.infer<typeof accessKey> | undefined): ImportedPrincipal => ({
  name: said?.PrincipalName,
  type: said?.PrincipalType,
  principalId: said?.PrincipalId,
  accessKeyId: /(?:^|:)(A[KS]IA[A-Z0-9]{12,60})$/.exec(id)?.[1],
});

function idlenessOf({ RecordState, Workflow, ProductFields = {}, Note, UpdatedAt, Sample, Title }: ServiceFinding): Imported['idle'] {
  const isSample =
    Sample === true ||
    Title.startsWith('[SAMPLE]') ||
    ProductFields[fields('additionalInfo/sample')] === 'true' ||
    /"sample"\s*:\s*true/.test(ProductFields[fields('additionalInfo/value')] ?? '');
  if (isSample) return { code: 'sample-finding', reason: 'The finding is a sample that the service generated on request.' };
  if (RecordState !== 'ACTIVE') return { code: 'not-active', reason: `The record state is ${quote(RecordState)}, not ACTIVE.` };
  if (ProductFields[fields('archived')] === 'true') return { code: 'not-active', reason: 'The finding is archived in GuardDuty.' };
  if (Workflow.Status !== 'NEW' && Workflow.Status !== 'NOTIFIED')
    return {
      code: 'workflow-status',
      reason: `The workflow status is ${quote(Workflow.Status)}. Only findings with the status NEW or NOTIFIED are processed: set it to NEW first.`,
    };
  if (!isOwnUpdate(Note, { Workflow, UpdatedAt })) return undefined;
  return { code: 'own-update', reason: 'The event is about our own update of the finding, and the service has not updated it since.' };
}
