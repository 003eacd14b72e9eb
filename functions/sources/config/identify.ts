import type { Policy } from '../../policy/policy';
import { quote } from '../../untrusted-text';
import type { DeployedRule, RuleSource } from './deployed-rule';
import { identifierOf } from './identifier';
import { isDeployment } from './managed-rule';

/** How the managed rule behind a Config rule is found out. */
export interface Identification {
  readonly describe: (rule: DeployedRule) => Promise<RuleSource | undefined>;
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
  const source = await describe(rule);
  const found = source?.owner === 'AWS' ? managedRule(source, rule.name, known) : undefined;
  if (found !== undefined) return { managed: found };
  if ('unreadable' in read) throw read.unreadable;
  return { problem: problemOf(rule, source) };
}

/** By its identifier. Those of some rules that only Security Hub deploys are not published: there, the name says which it is. */
function managedRule({ identifier, createdBy }: RuleSource, name: string, known: readonly string[]): string | undefined {
  const found = known.find((one) => identifierOf(one) === identifier);
  return found ?? (createdBy === 'securityhub.amazonaws.com' ? known.find((one) => isDeployment(one, name)) : undefined);
}

function problemOf({ name, account, region }: DeployedRule, source: RuleSource | undefined): string {
  const rule = `The Config rule ${quote(name)}`;
  if (!source) return `${rule} does not exist in account ${account}, ${region}.`;
  if (source.owner === 'AWS') return `${rule} is the managed rule ${quote(source.identifier)}.`;
  return `${rule} is no managed rule of AWS: its owner is ${quote(source.owner)}. The policy can map its name under configRules.`;
}
