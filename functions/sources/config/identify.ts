import type { Policy } from '../../policy/policy';
import { quote } from '../../untrusted-text';
import type { DeployedRule, DescribedRule, DescribeRule } from './deployed-rule';
import { identifierOf } from './identifier';
import { isDeployment } from './managed-rule';

/** How the managed rule behind a Config rule is found out. */
export interface Identification {
  readonly describe: DescribeRule;
  readonly policy: () => Promise<Pick<Policy, 'configRules'>>;
}

/** The default name of the managed rule, one of `known`; or a sentence why the Config rule is none of them. */
export type Identified = { readonly managed: string } | { readonly problem: string };

/**
 * Identifies a Config rule by its source, whatever its name: anybody who may create Config rules chooses the name. A name that the policy
 * maps is not asked about. Throws if AWS Config can't be asked, or if it can't be known whether the policy maps the name.
 */
export async function identify(rule: DeployedRule, known: readonly string[], { describe, policy }: Identification): Promise<Identified> {
  const read = await policy().catch((unreadable: unknown) => ({ unreadable }));
  const mapped = 'configRules' in read && Object.hasOwn(read.configRules, rule.name) ? read.configRules[rule.name] : undefined;
  if (mapped !== undefined)
    return known.includes(mapped) ? { managed: mapped } : { problem: `The policy maps the Config rule ${quote(rule.name)} to ${mapped}.` };
  const described = await describe(rule);
  const found = described?.Source?.Owner === 'AWS' ? managedRule(described, rule.name, known) : undefined;
  if (found !== undefined) return { managed: found };
  if ('unreadable' in read) throw read.unreadable;
  return { problem: problemOf(rule, described) };
}

/** By its identifier. Those of some rules that only Security Hub deploys are not published: there, the name says which it is. */
function managedRule({ Source, CreatedBy }: DescribedRule, name: string, known: readonly string[]): string | undefined {
  const found = known.find((one) => identifierOf(one) === Source?.SourceIdentifier);
  return found ?? (CreatedBy === 'securityhub.amazonaws.com' ? known.find((one) => isDeployment(one, name)) : undefined);
}

function problemOf({ name, account, region }: DeployedRule, described: DescribedRule | undefined): string {
  const rule = `The Config rule ${quote(name)}`;
  if (!described) return `${rule} does not exist in account ${account}, ${region}.`;
  const { Owner, SourceIdentifier } = described.Source ?? {};
  if (Owner === 'AWS') return `${rule} is the managed rule ${quote(SourceIdentifier)}.`;
  return `${rule} is no managed rule of AWS: its owner is ${quote(Owner)}. The policy can map its name under configRules.`;
}
