import * as z from 'zod';
import type { RefusalCode } from '../../findings/finding';
import { quote } from '../../untrusted-text';
import { accountId, freeText, list, record, reference, region, text, time } from '../shape';

/** The fields of the AWS Security Finding Format with the product, account and region. */
export const originShape = record({ Id: reference, ProductArn: reference, AwsAccountId: accountId, Region: region.optional() });

export type Origin = z.infer<typeof originShape>;

/** The fields of a control finding with the control, the resources, the times and the status. */
export const controlFindingShape = record({
  GeneratorId: text,
  CreatedAt: time,
  UpdatedAt: time,
  FirstObservedAt: time.optional(),
  RecordState: text,
  Workflow: record({ Status: text }),
  Note: z.unknown().optional(),
  Compliance: record({ Status: text, SecurityControlId: text.optional() }),
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
