import {
  type EvaluationResult,
  GetComplianceDetailsByResourceCommand,
  type GetComplianceDetailsByResourceCommandOutput,
} from '@aws-sdk/client-config-service';
import type { Aws } from '../../../rules/rule';

/** What a Config rule last said of a resource. */
export interface ConfigEvaluation {
  readonly compliance: string;
  /** When AWS Config invoked the rule. */
  readonly started: Date | undefined;
}

/** The resource, with the ids that AWS Config may have for it, and its Config rule. */
export interface EvaluationSought {
  readonly type: string;
  readonly ids: readonly string[];
  readonly isRule: (configRule: string) => boolean;
}

/** What the Config rule last said of the resource; undefined if it has said nothing. Of several deployments, the one that is not COMPLIANT counts. */
export async function readConfigEvaluation({ type, ids, isRule }: EvaluationSought, aws: Aws): Promise<ConfigEvaluation | undefined> {
  for (const id of ids) {
    const results = (await resultsOf(type, id, aws)).filter(({ EvaluationResultIdentifier: of }) =>
      isRule(of?.EvaluationResultQualifier?.ConfigRuleName ?? ''),
    );
    const result = results.find(({ ComplianceType }) => ComplianceType !== 'COMPLIANT') ?? results[0];
    if (result) return { compliance: result.ComplianceType ?? 'unknown', started: result.ConfigRuleInvokedTime };
  }
  return undefined;
}

async function resultsOf(ResourceType: string, ResourceId: string, aws: Aws): Promise<readonly EvaluationResult[]> {
  const results: EvaluationResult[] = [];
  let NextToken: string | undefined;
  do {
    const page: GetComplianceDetailsByResourceCommandOutput = await aws.send(
      new GetComplianceDetailsByResourceCommand({ ResourceType, ResourceId, NextToken }),
    );
    results.push(...(page.EvaluationResults ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return results;
}
