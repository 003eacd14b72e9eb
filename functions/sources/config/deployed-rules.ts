import { type ConfigRule, DescribeConfigRulesCommand } from '@aws-sdk/client-config-service';
import type { Aws, Place } from '../../../rules/rule';
import { describe, isTransient } from '../../aws/error';
import { recentlyUsed } from '../../aws/recently-used';
import type { Clock } from '../../clock';
import { minutes } from '../../duration';
import { maxParameterLength, maxParameters, parameterName } from '../../findings/parameters';
import { quote } from '../../untrusted-text';

/** By what a deployed Config rule judges. */
export type DeployedRule =
  | { readonly parameters: Readonly<Record<string, string>>; readonly by: 'service' | 'anybody' }
  /** Why that can't be told, as a phrase. */
  | { readonly unread: string };

export interface DeployedRules {
  /** `fresh`: it is not taken from memory. Throws if AWS does not answer at the moment. */
  of(name: string, place: Pick<Place, 'account' | 'region'>, aws: Aws, options?: { readonly fresh: boolean }): Promise<DeployedRule>;
}

const maxAge = minutes(5);
const maxRules = 200;

/** Keeps them in the memory of the process. */
export function deployedRules(clock: Pick<Clock, 'now'>): DeployedRules {
  const kept = recentlyUsed<{ at: number; rule: DeployedRule | undefined }>(maxRules);
  return {
    async of(name, { account, region }, aws, { fresh } = { fresh: false }) {
      const entry = kept.get(JSON.stringify([account, region, name]), () => ({ at: 0, rule: undefined }));
      const now = clock.now().getTime();
      if (!fresh && entry.rule && now - entry.at <= maxAge) return entry.rule;
      const rule = await readDeployed(name, aws);
      if ('unread' in rule) return rule;
      Object.assign(entry, { at: now, rule });
      return rule;
    },
  };
}

/** The services that create Config rules for those who may set them for the account: AWS lets nobody else name one of them. */
const services = ['securityhub', 'config-conforms', 'config-multiaccountsetup'].map((name) => `${name}.amazonaws.com`);

async function readDeployed(name: string, aws: Aws): Promise<DeployedRule> {
  try {
    const { ConfigRules = [] } = await aws.send(new DescribeConfigRulesCommand({ ConfigRuleNames: [name] }));
    const rule = ConfigRules.find(({ ConfigRuleName }) => ConfigRuleName === name);
    return rule ? judgedBy(rule) : { unread: `AWS Config has no rule ${quote(name)}` };
  } catch (error) {
    if (isTransient(error)) throw error;
    return { unread: describe(error) };
  }
}

function judgedBy({ ConfigRuleName, InputParameters = '{}', CreatedBy, Source }: ConfigRule): DeployedRule {
  const by = CreatedBy !== undefined && services.includes(CreatedBy) ? 'service' : 'anybody';
  // Security Hub has some rules of its own, which no managed rule backs.
  if (Source?.Owner !== 'AWS' && CreatedBy !== services[0])
    return { unread: `${quote(ConfigRuleName)} is no managed rule of AWS (owner ${quote(Source?.Owner)})` };
  const parameters = parametersIn(InputParameters || '{}');
  return parameters ? { parameters, by } : { unread: `the parameters of ${quote(ConfigRuleName)} are no list of names and texts` };
}

function parametersIn(json: string): Readonly<Record<string, string>> | undefined {
  const entries = entriesIn(json);
  if (!entries || entries.length > maxParameters) return undefined;
  const texts = entries.map(
    ([name, value]) => [name, ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined] as const,
  );
  const valid = texts.every(([name, text]) => parameterName.test(name) && text !== undefined && text.length <= maxParameterLength);
  return valid ? (Object.fromEntries(texts) as Readonly<Record<string, string>>) : undefined;
}

function entriesIn(json: string): readonly (readonly [string, unknown])[] | undefined {
  try {
    const read: unknown = JSON.parse(json);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? Object.entries(read) : undefined;
  } catch {
    return undefined;
  }
}
