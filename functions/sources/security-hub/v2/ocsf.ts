import * as z from 'zod';
import type { Finding, RefusalCode } from '../../../findings/finding';
import { maxParameterLength, maxParameters, parameterName } from '../../../findings/parameters';
import { quote } from '../../../untrusted-text';
import type { Origin } from '../origin';
import { accountId, freeText, list, record, reference, region, text, time } from '../../shape';

/** The class of OCSF for findings of controls. */
export const complianceClass = 2003;

/** `status_id` of a finding of OCSF, as far as it is read or set. */
export const statusIds = { unknown: 0, new: 1, inProgress: 2, suppressed: 3, resolved: 4, archived: 5, deleted: 6 } as const;
/** `compliance.status_id`. */
export const complianceIds = { pass: 1, fail: 3 } as const;
const closed = 3;

const allowedId = 'an integer from 0 to 99';
const id = z.int({ error: allowedId }).min(0, { error: allowedId }).max(99, { error: allowedId });
const values = 'a list of texts';
const value = z.string({ error: 'a text' }).max(maxParameterLength, { error: 'a text' });

/** The fields with the product, account and Region. */
export const originShape = record({
  cloud: record({ account: record({ uid: accountId }), region }),
  metadata: record({ uid: reference.optional(), product: record({ uid: reference }) }),
  finding_info: record({ uid: reference }),
});

/**
 * The fields of a compliance finding with the control, the resources, the times and the status. Source: OCSF 1.9, Compliance Finding, with the
 * extension of AWS; and the events that the Security Hub User Guide shows.
 */
export const complianceFindingShape = record({
  activity_id: id.optional(),
  status_id: id,
  comment: z.unknown().optional(),
  finding_info: record({
    uid: reference,
    created_time_dt: time,
    first_seen_time_dt: time.optional(),
    modified_time_dt: time.optional(),
  }),
  compliance: record({
    control: text,
    status_id: id.optional(),
    status: text.optional(),
    control_parameters: z
      .array(
        record({
          name: text.regex(parameterName, { error: 'the name of a parameter' }),
          value: value.optional(),
          values: z.array(value, { error: values }).max(100, { error: values }).optional(),
        }),
        { error: 'a list of parameters' },
      )
      .max(maxParameters, { error: `a list of up to ${maxParameters} parameters` })
      .optional(),
  }),
  resources: list(
    record({
      type: text,
      uid: freeText(2048).optional(),
      uid_alt: freeText(2048).optional(),
      cloud_partition: text.optional(),
      region: region.optional(),
      owner: record({ account: record({ uid: text.optional() }).optional() }).optional(),
    }),
    32,
  ),
});

export type ComplianceFinding = z.infer<typeof complianceFindingShape>;

/** Where the finding says that it comes from; `at` is its path in the event. */
export const originOf = ({ cloud, metadata, finding_info: info }: z.infer<typeof originShape>, at: string): Origin => ({
  id: info.uid,
  account: cloud.account.uid,
  region: cloud.region,
  product: metadata.product.uid,
  ownProduct: 'productv2/aws/securityhub',
  fields: { id: `${at}.finding_info.uid`, region: `${at}.cloud.region`, product: `${at}.metadata.product.uid` },
});

/** Why a finding requires no action in its present status; undefined if it does. */
export function idleness({
  activity_id: activity,
  status_id: status,
  compliance,
}: ComplianceFinding): { readonly code: RefusalCode; readonly reason: string } | undefined {
  if (activity === closed || status === statusIds.archived || status === statusIds.deleted)
    return { code: 'not-active', reason: `The finding is closed: activity_id is ${activity}, and status_id ${status}.` };
  const hasFailed =
    compliance.status_id === undefined ? compliance.status?.toLowerCase() === 'fail' : compliance.status_id === complianceIds.fail;
  if (!hasFailed) {
    const said = compliance.status_id === undefined ? quote(compliance.status) : `${compliance.status_id} (status_id)`;
    return { code: 'not-failed', reason: `The compliance status is ${said}, not Fail (status_id 3).` };
  }
  if (status <= statusIds.inProgress) return undefined;
  return {
    code: 'workflow-status',
    reason: `The status_id is ${status}. Only findings with the status New or In Progress are processed: set it to New first.`,
  };
}

/** The parameters by which the control judged, as texts: those of a list are joined by commas. Undefined if the finding has none. */
export const parametersOf = ({ compliance }: ComplianceFinding): Finding['parameters'] =>
  compliance.control_parameters &&
  Object.fromEntries(compliance.control_parameters.map(({ name, value: one, values: many }) => [name, many?.join(',') ?? one ?? '']));
