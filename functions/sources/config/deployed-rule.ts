import { type ConfigRule, DescribeConfigRulesCommand } from '@aws-sdk/client-config-service';
import type { Aws, Place } from '../../../rules/rule';
import { recentlyUsed } from '../../aws/recently-used';
import type { Clock } from '../../clock';
import { minutes } from '../../duration';

/** A Config rule as it is deployed in an account and Region. */
export interface DeployedRule extends Place {
  readonly name: string;
  /** As the event states it; two deployments under one name have different ARNs. */
  readonly arn?: string;
}

/** What AWS Config says of a Config rule: who owns its source, and which managed rule it is. */
export interface RuleSource {
  readonly owner: string;
  readonly identifier: string;
  /** The service that deployed it, and that alone can. */
  readonly createdBy?: string;
}

/** Asks AWS Config of the account and Region. Undefined if no such Config rule exists; any other error is thrown. */
export async function describeRule(name: string, aws: Aws): Promise<RuleSource | undefined> {
  try {
    const { ConfigRules = [] } = await aws.send(new DescribeConfigRulesCommand({ ConfigRuleNames: [name] }));
    return sourceOf(ConfigRules.find(({ ConfigRuleName }) => ConfigRuleName === name));
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchConfigRuleException') return undefined;
    throw error;
  }
}

/** The source of a described Config rule. */
export const sourceOf = (described: Pick<ConfigRule, 'Source' | 'CreatedBy'> | undefined): RuleSource | undefined =>
  described && {
    owner: described.Source?.Owner ?? '',
    identifier: described.Source?.SourceIdentifier ?? '',
    ...(described.CreatedBy !== undefined && { createdBy: described.CreatedBy }),
  };

const maxKept = 500;

/** For so long, a Config rule is not asked about again: `PutConfigRule` can give its name another source. */
const keptFor = minutes(10);

/** `describeRule`, remembered for ten minutes by the ARN of the Config rule. What does not exist, and errors, are not remembered. */
export function describedRules(connect: (place: Place) => Aws, clock: Clock): (rule: DeployedRule) => Promise<RuleSource | undefined> {
  const kept = recentlyUsed<{ readonly at: number; readonly answer: Promise<RuleSource | undefined> }>(maxKept);

  return async (rule) => {
    const key = `${rule.partition} ${rule.account} ${rule.region} ${rule.arn ?? ''} ${rule.name}`;
    const ask = () => ({ at: clock.now().getTime(), answer: describeRule(rule.name, connect(rule)) });
    let known = kept.get(key, ask);
    if (clock.now().getTime() - known.at >= keptFor) {
      kept.forget(key, known);
      known = kept.get(key, ask);
    }
    const found = await known.answer.catch((error: unknown) => {
      kept.forget(key, known);
      throw error;
    });
    if (found === undefined) kept.forget(key, known);
    return found;
  };
}
