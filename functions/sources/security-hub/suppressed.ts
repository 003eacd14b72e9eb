import {
  type AwsSecurityFinding,
  type AwsSecurityFindingFilters,
  GetFindingsCommand,
  type GetFindingsCommandOutput,
} from '@aws-sdk/client-securityhub';
import type { Aws } from '../../../rules/rule';
import { sanitize } from '../../untrusted-text';

/** Security Hub accepts so many values for one filter. */
const maxValues = 20;

/**
 * A finding of one of the controls on the resource that somebody has suppressed in the Security Hub of this account and Region, as a phrase;
 * undefined if there is none. `arns` are the ARNs that AWS writes for the resource. Security Hub allows three requests per second for an
 * account and Region.
 */
export async function suppressedFinding(controls: readonly string[], arns: readonly string[], aws: Aws): Promise<string | undefined> {
  try {
    for (let from = 0; from < controls.length; from += maxValues) {
      const id = await firstOf(
        {
          ResourceId: arns.map(equal),
          ComplianceSecurityControlId: controls.slice(from, from + maxValues).map(equal),
          WorkflowStatus: [equal('SUPPRESSED')],
        },
        aws,
      );
      if (id !== undefined) return phraseOf(id);
    }
    return undefined;
  } catch (error) {
    if (isNotInUse(error)) return undefined;
    throw error;
  }
}

/** So many suppressed findings are read at once: more would take longer than to ask for each resource. */
const maxAtOnce = 500;

/** The phrase for a resource with one of these ARNs, as `suppressedFinding` has it; undefined if none of its findings is suppressed. */
export type SuppressedFindings = (arns: readonly string[]) => string | undefined;

/** All suppressed findings of the controls in this account and Region; undefined if they are too many. */
export async function suppressedFindings(controls: readonly string[], aws: Aws): Promise<SuppressedFindings | undefined> {
  const ids = new Map<string, string>();
  let count = 0;
  try {
    for await (const { Id = '', Resources = [] } of allOf(controls, aws)) {
      count += 1;
      if (count > maxAtOnce) return undefined;
      for (const resource of Resources) if (resource.Id !== undefined) ids.set(resource.Id, Id);
    }
  } catch (error) {
    if (!isNotInUse(error)) throw error;
  }
  return (arns) => {
    const [id] = arns.flatMap((arn) => ids.get(arn) ?? []);
    return id === undefined ? undefined : phraseOf(id);
  };
}

async function* allOf(controls: readonly string[], aws: Aws): AsyncGenerator<AwsSecurityFinding> {
  for (let from = 0; from < controls.length; from += maxValues) {
    const Filters = {
      ComplianceSecurityControlId: controls.slice(from, from + maxValues).map(equal),
      WorkflowStatus: [equal('SUPPRESSED')],
    };
    let NextToken: string | undefined;
    do {
      const page: GetFindingsCommandOutput = await aws.send(new GetFindingsCommand({ Filters, MaxResults: 100, NextToken }));
      yield* page.Findings ?? [];
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }
}

const phraseOf = (id: string): string => `the finding ${sanitize(id, 300)} is SUPPRESSED in Security Hub`;

/** A page can be empty although another one is not. */
async function firstOf(Filters: AwsSecurityFindingFilters, aws: Aws): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const page: GetFindingsCommandOutput = await aws.send(new GetFindingsCommand({ Filters, MaxResults: 1, NextToken }));
    const [finding] = page.Findings ?? [];
    if (finding) return finding.Id ?? '';
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return undefined;
}

/** Whether Security Hub is not enabled in the account and Region: AWS Config works without it. */
export const isNotInUse = (error: unknown): boolean =>
  error instanceof Error && error.name === 'InvalidAccessException' && error.message.includes('not subscribed');

const equal = (Value: string) => ({ Value, Comparison: 'EQUALS' as const });
