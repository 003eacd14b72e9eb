import { type ConfigRule, DescribeConfigRulesCommand } from '@aws-sdk/client-config-service';
import type { Aws, Place } from '../../../rules/rule';
import { recentlyUsed } from '../../aws/recently-used';
import type { Clock } from '../../clock';
import { minutes } from '../../duration';
import type { Finding } from '../../findings/finding';

/** A Config rule as it is deployed in an account and Region. */
export interface DeployedRule extends Place {
  readonly name: string;
  /** As the event states it; two deployments under one name have different ARNs. */
  readonly arn?: string;
}

/** What AWS Config says of a Config rule. */
export type DescribedRule = Pick<ConfigRule, 'ConfigRuleName' | 'Source' | 'CreatedBy' | 'InputParameters'>;

/** Undefined if no such Config rule exists; any other error is thrown. `fresh`: not from memory. */
export type DescribeRule = (rule: DeployedRule, options?: { readonly fresh: boolean }) => Promise<DescribedRule | undefined>;

/** The Config rule that reported the finding; undefined if none did. */
export function deployedRuleOf({ source, id, configRule: name, partition, account, region }: Finding): DeployedRule | undefined {
  if (source !== 'config' || name === undefined) return undefined;
  // The id begins with it.
  const [arn] = /^arn:[^:]+:config:[^:]*:\d{12}:config-rule\/.*?config-rule-[^/]+/.exec(id) ?? [];
  return { partition, account, region, name, ...(arn !== undefined && { arn }) };
}

/** Asks AWS Config of the account and Region. */
export async function describeRule(name: string, aws: Aws): Promise<DescribedRule | undefined> {
  try {
    const { ConfigRules = [] } = await aws.send(new DescribeConfigRulesCommand({ ConfigRuleNames: [name] }));
    return ConfigRules.find(({ ConfigRuleName }) => ConfigRuleName === name);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchConfigRuleException') return undefined;
    throw error;
  }
}

const maxKept = 500;

/** For so long, a Config rule is not asked about again: `PutConfigRule` can give its name another source, and other parameters. */
const keptFor = minutes(5);

/** Remembers for five minutes, by the ARN of the Config rule. What does not exist, and errors, are not remembered. */
export function describedRules(connect: (place: Place) => Aws, clock: Pick<Clock, 'now'>): DescribeRule {
  const kept = recentlyUsed<{ readonly at: number; readonly answer: Promise<DescribedRule | undefined> }>(maxKept);

  return async (rule, { fresh } = { fresh: false }) => {
    const key = `${rule.partition} ${rule.account} ${rule.region} ${rule.arn ?? ''} ${rule.name}`;
    const ask = () => ({ at: clock.now().getTime(), answer: describeRule(rule.name, connect(rule)) });
    let known = kept.get(key, ask);
    if (fresh || clock.now().getTime() - known.at >= keptFor) {
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
