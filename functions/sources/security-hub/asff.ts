import * as z from 'zod';
import type { RefusalCode } from '../../findings/finding';
import { maxParameterLength, maxParameters, maxReasons, parameterName, reasonCode } from '../../findings/parameters';
import { quote } from '../../untrusted-text';
import { accountId, freeText, list, record, reference, region, text, time } from '../shape';
import type { Origin } from './origin';

/** The fields of the AWS Security Finding Format with the product, account and region. */
export const originShape = record({ Id: reference, ProductArn: reference, AwsAccountId: accountId, Region: region.optional() });

/** Where the finding says that it comes from; `at` is its path in the event. */
export const originOf = ({ Id, ProductArn, AwsAccountId, Region }: z.infer<typeof originShape>, at: string): Origin => ({
  id: Id,
  account: AwsAccountId,
  region: Region,
  product: ProductArn,
  ownProduct: 'product/aws/securityhub',
  fields: { id: `${at}.Id`, region: `${at}.Region`, product: `${at}.ProductArn` },
});

const valuesOf = 'a list of texts';
const controlParameters = z
  .array(
    record({
      Name: text.regex(parameterName, { error: 'the name of a parameter' }),
      Value: z
        .array(z.string({ error: valuesOf }).max(maxParameterLength, { error: valuesOf }), { error: valuesOf })
        .max(100, { error: valuesOf }),
    }),
    { error: 'a list of parameters' },
  )
  .max(maxParameters, { error: `a list of up to ${maxParameters} parameters` })
  .refine((all) => new Set(all.map(({ Name }) => Name.toLowerCase())).size === all.length, { error: 'a list of parameters, each once' });

/** The fields of a control finding with the control, the resources, the times and the status. */
export const controlFindingShape = record({
  GeneratorId: text,
  CreatedAt: time,
  UpdatedAt: time,
  FirstObservedAt: time.optional(),
  RecordState: text,
  Workflow: record({ Status: text }),
  Note: z.unknown().optional(),
  Compliance: record({
    Status: text,
    SecurityControlId: text.optional(),
    SecurityControlParameters: controlParameters.optional(),
    StatusReasons: z
      .array(record({ ReasonCode: text }), { error: valuesOf })
      .max(100, { error: valuesOf })
      .optional(),
  }),
  ProductFields: record({ ControlId: text.optional(), PreviousComplianceStatus: text.optional() }).optional(),
  Resources: list(record({ Type: text, Id: freeText(2048), Partition: text.optional(), Region: region.optional() }), 32),
});

export type ControlFinding = z.infer<typeof controlFindingShape>;

/** Why a finding requires no action in its present status; undefined if it does. */
export function idleness({
  RecordState,
  Compliance,
  Workflow,
}: Pick<ControlFinding, 'RecordState' | 'Compliance' | 'Workflow'>):
  | { readonly code: Extract<RefusalCode, 'not-active' | 'not-failed' | 'workflow-status'>; readonly reason: string }
  | undefined {
  if (RecordState !== 'ACTIVE') return { code: 'not-active', reason: `The record state is ${quote(RecordState)}, not ACTIVE.` };
  if (Compliance.Status !== 'FAILED')
    return { code: 'not-failed', reason: `The compliance status is ${quote(Compliance.Status)}, not FAILED.` };
  if (Workflow.Status === 'NEW' || Workflow.Status === 'NOTIFIED') return undefined;
  return {
    code: 'workflow-status',
    reason: `The workflow status is ${quote(Workflow.Status)}. Only findings with the status NEW or NOTIFIED are processed: set it to NEW first.`,
  };
}

/** The time of detection: if the previous check passed, the time of this update, otherwise of the first observation. */
export function detectionOf({ ProductFields, UpdatedAt, FirstObservedAt, CreatedAt }: ControlFinding): string {
  return ProductFields?.PreviousComplianceStatus === 'PASSED' ? UpdatedAt : (FirstObservedAt ?? CreatedAt);
}

/** The parameters by which the control judged, as texts: those of a list are joined by commas. Undefined if the finding has none. */
export function parametersOf({ Compliance }: Pick<ControlFinding, 'Compliance'>): Readonly<Record<string, string>> | undefined {
  const { SecurityControlParameters: given } = Compliance;
  return given && Object.fromEntries(given.map(({ Name, Value }) => [Name, Value.join(',')]));
}

/** The codes of why the control failed; undefined if the finding has none. */
export function reasonsOf({ Compliance: { StatusReasons = [] } }: Pick<ControlFinding, 'Compliance'>): readonly string[] | undefined {
  const codes = [...new Set(StatusReasons.map(({ ReasonCode }) => ReasonCode))].filter((code) => reasonCode.test(code));
  return codes.length > 0 ? codes.slice(0, maxReasons) : undefined;
}
