import { type AwsSecurityFinding, GetFindingsCommand, type GetFindingsCommandOutput } from '@aws-sdk/client-securityhub';
import type { Aws } from '../../../rules/rule';
import type { Finding } from '../../findings/finding';
import { updatedBy } from './told';

/** A finding as Security Hub has it now. */
export interface HubFinding {
  readonly compliance: string;
  readonly workflow: string;
  readonly isArchived: boolean;
  /** When Security Hub last looked. For a change-triggered control, it renews this without an evaluation of the Config rule. */
  readonly observed: Date | undefined;
  readonly note?: { readonly text: string; readonly isOurs: boolean };
  /** The Config rule that decides, if the control has one. */
  readonly configRule?: string;
}

/** The finding by its id; undefined if Security Hub has it no more. */
export async function readHubFinding({ id, productArn }: NonNullable<Finding['securityHub']>, aws: Aws): Promise<HubFinding | undefined> {
  const Filters = { Id: [equal(id)], ProductArn: [equal(productArn)] };
  let NextToken: string | undefined;
  do {
    const page: GetFindingsCommandOutput = await aws.send(new GetFindingsCommand({ Filters, NextToken }));
    const [finding] = page.Findings ?? [];
    if (finding) return hubFindingOf(finding);
    // A page can be empty although another one is not.
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}

function hubFindingOf({ Compliance, Workflow, RecordState, LastObservedAt, Note, ProductFields = {} }: AwsSecurityFinding): HubFinding {
  const observed = new Date(LastObservedAt ?? '');
  const name = ProductFields['RelatedAWSResources:0/name'];
  const isConfigRule = ProductFields['RelatedAWSResources:0/type'] === 'AWS::Config::ConfigRule';
  return {
    compliance: Compliance?.Status ?? 'unknown',
    workflow: Workflow?.Status ?? 'unknown',
    isArchived: RecordState === 'ARCHIVED',
    // Never `UpdatedAt`, which an update by anybody may change.
    observed: Number.isNaN(observed.getTime()) ? undefined : observed,
    ...(Note?.Text && { note: { text: Note.Text, isOurs: Note.UpdatedBy === updatedBy } }),
    ...(isConfigRule && name !== undefined && { configRule: name }),
  };
}

const equal = (Value: string) => ({ Value, Comparison: 'EQUALS' as const });
