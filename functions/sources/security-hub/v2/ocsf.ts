import * as z from 'zod';
import type { Finding, RefusalCode } from '../../../findings/finding';
import { maxParameterLength, maxParameters, parameterName } from '../../../findings/parameters';
import { quote } from '../../../untrusted-text';
import { accountId, freeText, list, record, reference, region, text, time } from '../../shape';
import type { Origin } from '../origin';

/** The class of OCSF for findings of controls. */
export const complianceClass = 2003;

/** `status_id` of a finding of OCSF, as far as it is read or set. */
export const statusIds = { unknown: 0, new: 1, inProgress: 2, suppressed: 3, resolved: 4, archived: 5, deleted: 6 } as const;
/** `compliance.status_id`. */
export const complianceIds = { pass: 1, warning: 2, fail: 3 } as const;
const closed = 3;

const allowedId = 'an integer from 0 to 99';
/** An id of an enumeration of OCSF. */
export const idOf = z.int({ error: allowedId }).min(0, { error: allowedId }).max(99, { error: allowedId });
const epoch = z.int({ error: 'a time in milliseconds since 1970' }).min(0).max(8.64e15);
const values = 'a list of texts';
const value = z.string({ error: 'a text' }).max(maxParameterLength, { error: 'a text' });

/** A `key_value_object`: of one value, or of several. Where it has both, they say the same. */
const parameter = record({
  name: text.regex(parameterName, { error: 'the name of a parameter' }),
  value: value.optional(),
  values: z.array(value, { error: values }).max(100, { error: values }).optional(),
}).refine(({ value: one, values: many }) => (one === undefined ? many !== undefined : many === undefined || many.join() === one), {
  error: 'a parameter with one value, or several',
});

/** No schema says what two values of one name mean. */
const controlParameters = z
  .array(parameter, { error: 'a list of parameters' })
  .max(maxParameters, { error: `a list of up to ${maxParameters} parameters` })
  .refine((all) => new Set(all.map(({ name }) => name.toLowerCase())).size === all.length, { error: 'a list of parameters, each once' });

const statuses: ReadonlyMap<string | number, 'pass' | 'warning' | 'fail'> = new Map<string | number, 'pass' | 'warning' | 'fail'>([
  [complianceIds.pass, 'pass'],
  ['pass', 'pass'],
  [complianceIds.warning, 'warning'],
  ['warning', 'warning'],
  [complianceIds.fail, 'fail'],
  ['fail', 'fail'],
]);

/** What `compliance` says; undefined if it says nothing, something unknown, or two things. */
export function complianceOf({
  status,
  status_id: number,
}: {
  readonly status?: string | undefined;
  readonly status_id?: number | undefined;
}) {
  const said = [number, status?.toLowerCase()].filter((one) => one !== undefined).map((one) => statuses.get(one));
  return new Set(said).size === 1 ? said[0] : undefined;
}

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
  activity_id: idOf.optional(),
  /** Left out, nobody has set it. */
  status_id: idOf.default(statusIds.unknown),
  comment: z.unknown().optional(),
  finding_info: record({
    uid: reference,
    created_time_dt: time.optional(),
    created_time: epoch.optional(),
    first_seen_time_dt: time.optional(),
    modified_time_dt: time.optional(),
  }),
  time: epoch.optional(),
  compliance: record({
    control: text,
    status_id: idOf.optional(),
    status: text.optional(),
    control_parameters: controlParameters.optional(),
  }).refine((said) => complianceOf(said) !== undefined, { error: 'of the status Pass, Warning or Fail' }),
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
  if (complianceOf(compliance) !== 'fail') {
    const said = compliance.status ?? compliance.status_id;
    return { code: 'not-failed', reason: `The compliance status is ${quote(said)}, not Fail.` };
  }
  if (status <= statusIds.inProgress) return undefined;
  return {
    code: 'workflow-status',
    reason: `The status_id is ${status}. Only findings with the status New or In Progress are processed: set it to New first.`,
  };
}

/** The time of the first observation; undefined if it says none. */
export function detectionOf({ finding_info: info, time: sent }: ComplianceFinding): string | undefined {
  const created = info.created_time ?? sent;
  return info.first_seen_time_dt ?? info.created_time_dt ?? (created === undefined ? undefined : new Date(created).toISOString());
}

/** The parameters by which the control judged, as texts: those of a list are joined by commas. Undefined if the finding has none. */
export const parametersOf = ({ compliance }: ComplianceFinding): Finding['parameters'] =>
  compliance.control_parameters &&
  Object.fromEntries(compliance.control_parameters.map(({ name, value: one, values: many }) => [name, many?.join(',') ?? one ?? '']));
