import type * as z from 'zod';
import { quote } from '../../untrusted-text';
import { accountId, freeText, list, record, reference, region, text, time } from '../shape';

/** The fields of the AWS Security Finding Format that say who reports, and for which account and region. */
export const originShape = record({ Id: reference, ProductArn: reference, AwsAccountId: accountId, Region: region.optional() });

export type Origin = z.infer<typeof originShape>;

/** The fields of a finding of a Security Hub control that say what is wrong, with what, since when, and how it stands. */
export const controlFindingShape = record({
  GeneratorId: text,
  CreatedAt: time,
  UpdatedAt: time,
  FirstObservedAt: time.optional(),
  RecordState: text,
  Workflow: record({ Status: text }),
  Compliance: record({ Status: text, SecurityControlId: text.optional() }),
  ProductFields: record({ ControlId: text.optional(), PreviousComplianceStatus: text.optional() }).optional(),
  Resources: list(record({ Type: text, Id: freeText(2048), Partition: text.optional(), Region: region.optional() }), 32),
});

export type ControlFinding = z.infer<typeof controlFindingShape>;

/** Why nothing is to be done about a finding as it stands; undefined if something is. */
export function idleness({
  RecordState,
  Compliance,
  Workflow,
}: Pick<ControlFinding, 'RecordState' | 'Compliance' | 'Workflow'>): string | undefined {
  if (RecordState !== 'ACTIVE') return `The finding is ${quote(RecordState)}, not ACTIVE.`;
  if (Compliance.Status !== 'FAILED') return `The check is ${quote(Compliance.Status)}, not FAILED.`;
  if (Workflow.Status === 'NEW' || Workflow.Status === 'NOTIFIED') return undefined;
  return `The workflow status is ${quote(Workflow.Status)}; only findings that are NEW or NOTIFIED are acted upon, so set it back to NEW first.`;
}

/** When the fault came: where the check before this one passed, with this update, and otherwise when it was first observed. */
export function detectionOf({ ProductFields, UpdatedAt, FirstObservedAt, CreatedAt }: ControlFinding): string {
  return ProductFields?.PreviousComplianceStatus === 'PASSED' ? UpdatedAt : (FirstObservedAt ?? CreatedAt);
}
