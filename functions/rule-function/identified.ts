import type { Rule } from '../../rules/rule';
import type { Attempt } from '../findings/attempt';
import type { Refusal } from '../findings/finding';
import { deployedRuleOf } from '../sources/config/deployed-rule';
import { type Identification, identify } from '../sources/config/identify';

/** The findings of an event or a message, and its refused parts. */
export interface Read {
  readonly findings: readonly Attempt[];
  readonly refusals: readonly Refusal[];
}

/**
 * Finds out of which managed rule each finding of AWS Config is, and refuses those of others: neither the name of a Config rule nor whoever
 * invokes the function says so. What continues a remediation was identified when it began.
 */
export async function identified(
  { detectedBy: { config } }: Pick<Rule, 'detectedBy'>,
  { findings, refusals }: Read,
  identification: Identification,
): Promise<Read> {
  const results = await Promise.all(findings.map((attempt) => identifiedOne(attempt, config, identification)));
  return {
    findings: results.flatMap((one) => ('finding' in one ? [one] : [])),
    refusals: [...refusals, ...results.flatMap((one) => ('finding' in one ? [] : [one]))],
  };
}

async function identifiedOne(attempt: Attempt, config: readonly string[], identification: Identification): Promise<Attempt | Refusal> {
  const { finding, remediation, open } = attempt;
  if (finding.source !== 'config' || remediation !== undefined || open !== undefined) return attempt;
  const deployed = deployedRuleOf(finding);
  if (!deployed)
    return { kind: 'ignored', code: 'other-config-rule', reason: 'The message does not name the Config rule.', findingId: finding.id };
  const found = await identify(deployed, config, identification);
  if ('managed' in found) return { ...attempt, finding: { ...finding, detectedBy: found.managed } };
  const reason = `${found.problem} This rule remediates ${config.join(', ')}.`;
  return { kind: 'ignored', code: 'other-config-rule', reason, findingId: finding.id };
}
