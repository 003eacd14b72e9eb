import * as z from 'zod';
import { maxEvidenceText } from '../../../findings/requester';
import { quote } from '../../../untrusted-text';
import { accountId, freeText, list, record, reference, region, text, time } from '../../shape';
import { idOf, statusIds } from '../v2/ocsf';
import { isOwnUpdate } from '../v2/own-update';
import type { Imported, ImportedPrincipal } from './imported';
import type { Service } from './product';

/** The classes of OCSF in which Security Hub holds findings of services. */
export const serviceClasses = { vulnerability: 2002, detection: 2004, dataSecurity: 2006 } as const;

/** `severity_id`, by the names of the services. */
export const severityIds = { UNTRIAGED: [0, 99], INFORMATIONAL: [1], LOW: [2], MEDIUM: [3], HIGH: [4], CRITICAL: [5, 6] } as const;

const closed = 3;
const evidenceText = reference.max(maxEvidenceText).optional().catch(undefined);

/** https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-v2-cwe-event-formats.html, and OCSF 1.9. */
export const serviceFindingShapeV2 = record({
  class_uid: z.literal(Object.values(serviceClasses), { error: `one of ${Object.values(serviceClasses).join(', ')}` }),
  activity_id: idOf.optional(),
  status_id: idOf.default(statusIds.unknown),
  severity_id: idOf.optional(),
  vendor_attributes: record({ severity_id: idOf.optional() }).optional(),
  comment: z.unknown().optional(),
  cloud: record({ account: record({ uid: accountId }), region }),
  metadata: record({ uid: reference.optional(), product: record({ uid: reference }) }),
  finding_info: record({
    uid: reference,
    title: freeText(1024).optional(),
    types: z.array(freeText(512)).max(50),
    created_time_dt: time.optional(),
    first_seen_time_dt: time.optional(),
    last_seen_time_dt: time.optional(),
    modified_time_dt: time.optional(),
  }),
  evidences: z
    .array(record({ data: record({ resource_role: text.optional() }).optional().catch(undefined) }))
    .max(400)
    .optional(),
  vulnerabilities: z
    .array(
      record({
        is_fix_available: z.boolean().optional(),
        affected_packages: z
          .array(record({ package_manager: text.optional() }))
          .max(1000)
          .optional(),
      }),
    )
    .max(100)
    .optional(),
  resources: list(
    record({
      type: text,
      uid: freeText(2048).optional(),
      uid_alt: freeText(2048).optional(),
      cloud_partition: text.optional(),
      region: region.optional(),
      owner: record({ account: record({ uid: text.optional() }).optional() }).optional(),
      data: record({
        access_key_id: evidenceText,
        principal_id: evidenceText,
        user_name: freeText(128).optional().catch(undefined),
        user_type: text.optional().catch(undefined),
      })
        .optional()
        .catch(undefined),
    }),
    32,
  ),
});

type ServiceFinding = z.infer<typeof serviceFindingShapeV2>;

/** The finding, without its place; `at` is its path in the event, and `resource` the one of the event, which is the id of the finding. */
export function importedInV2(
  service: Service,
  finding: ServiceFinding,
  { at, sentAt, resource }: { readonly at: string; readonly sentAt: string; readonly resource: string | undefined },
): Imported | { readonly problem: string } {
  const { finding_info: info, metadata, evidences = [], vulnerabilities = [], resources, vendor_attributes: vendor } = finding;
  const uid = metadata.uid ?? resource;
  if (uid === undefined) return { problem: `${at}.metadata.uid is missing, and must be the id of the finding.` };
  const roles = new Set(evidences.flatMap(({ data }) => data?.resource_role ?? []));
  const severity = vendor?.severity_id ?? finding.severity_id;
  return {
    service,
    id: info.uid,
    types: info.types,
    idle: idlenessOf(finding),
    detectedAt: info.created_time_dt ?? sentAt,
    sentAt,
    lastSeenAt: info.last_seen_time_dt ?? info.modified_time_dt ?? sentAt,
    ...(info.first_seen_time_dt !== undefined && { occurrence: { as: 'activity' as const, at: info.first_seen_time_dt } }),
    resources: resources.map((one, index) => ({
      type: one.type.replaceAll(':', '').toLowerCase(),
      id: (one.uid_alt?.startsWith('arn:') ? one.uid_alt : (one.uid ?? one.uid_alt)) ?? '',
      at: `${at}.resources[${index}]`,
      ...(one.type === 'AWS::IAM::AccessKey' && { principal: principalOf(one) }),
    })),
    role: roles.size === 1 ? [...roles][0] : undefined,
    severity: Object.entries(severityIds).find(([, ids]) => ids.some((id) => id === severity))?.[0],
    hasFix: vulnerabilities.some((one) => one.is_fix_available === true),
    hasSystemPackage: vulnerabilities.some(({ affected_packages: all = [] }) => all.some((one) => one.package_manager === 'OS')),
    // IAM Access Analyzer reports to Security Hub CSPM alone.
    isPublic: false,
    hub: { securityHubV2: { uid } },
  };
}

const principalOf = ({ data }: ServiceFinding['resources'][number]): ImportedPrincipal => ({
  name: data?.user_name,
  type: data?.user_type,
  principalId: data?.principal_id,
  accessKeyId: data?.access_key_id,
});

function idlenessOf(finding: ServiceFinding): Imported['idle'] {
  const { activity_id: activity, status_id: status, finding_info: info } = finding;
  if (info.title?.startsWith('[SAMPLE]'))
    return { code: 'sample-finding', reason: 'The finding is a sample that the service generated on request.' };
  if (activity === closed || status === statusIds.archived || status === statusIds.deleted)
    return { code: 'not-active', reason: `The finding is closed: activity_id is ${quote(activity)}, and status_id ${status}.` };
  if (status > statusIds.inProgress)
    return {
      code: 'workflow-status',
      reason: `The status_id is ${status}. Only findings with the status New or In Progress are processed: set it to New first.`,
    };
  if (!isOwnUpdate(finding)) return undefined;
  return { code: 'own-update', reason: 'The event is about our own update of the finding, and the service has not updated it since.' };
}
