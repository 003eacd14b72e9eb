import { type ConfigRule, ConfigServiceClient, paginateDescribeConfigRules } from '@aws-sdk/client-config-service';
import { BatchGetSecurityControlsCommand, type ParameterConfiguration, SecurityHubClient } from '@aws-sdk/client-securityhub';
import type { Place, Rule } from '../../../rules/rule';
import type { Detector } from '../../forecast/forecast';
import type { Policy } from '../../policy/policy';
import { identify } from '../../sources/config/identify';
import { judgingOf } from '../../sources/config/judging';
import { isNotInUse } from '../../sources/security-hub/suppressed';
import { quote } from '../../untrusted-text';
import type { Caller } from '../central/caller';
import { errorText } from './error-text';

export interface Detectors {
  /** By what it judges, once for each deployment. */
  of(detectedBy: string): readonly Detector[];
  /** Who could not be asked, and why: sentences. */
  readonly unasked: readonly string[];
}

/** Those of a Region, which are asked once. */
export type DetectorsIn = (region: string) => Promise<Detectors>;

type Judging = Pick<Rule, 'detectedBy' | 'detectorParameters'>;

/** Whoever has parameters that a rule can follow: the others are not asked. */
const judges = (rules: readonly Judging[], of: 'securityHub' | 'config'): readonly string[] => [
  ...new Set(
    rules.flatMap(({ detectedBy, detectorParameters = {} }) =>
      detectedBy[of].filter((name) => Object.keys(detectorParameters[name] ?? {}).length > 0),
    ),
  ),
];

/** Asks Security Hub for the parameters of its controls, and AWS Config for those of its rules, with the credentials of the caller. */
export function detectorsFor(rules: readonly Judging[], policy: Policy, { credentials, partition, account }: Caller): DetectorsIn {
  const controls = judges(rules, 'securityHub');
  const managed = judges(rules, 'config');
  const asked = new Map<string, Promise<Detectors>>();
  const ask = async (region: string): Promise<Detectors> => {
    const client = { region, credentials, maxAttempts: 5 };
    const unasked: string[] = [];
    const failed = (who: string) => (error: unknown) => {
      unasked.push(`${who} of ${region} can't be asked (${errorText(error)}).`);
      return [];
    };
    const place = { partition, account, region };
    const found: readonly Detector[] = [
      ...(await ofSecurityHub(controls, new SecurityHubClient(client)).catch(failed('Security Hub'))),
      ...(await ofConfig(managed, { place, policy }, new ConfigServiceClient(client)).catch(failed('AWS Config'))),
    ];
    return {
      unasked,
      of(detectedBy) {
        const own = found.filter((one) => one.detectedBy === detectedBy);
        return own.length > 0 ? own : [{ detectedBy }];
      },
    };
  };
  return (region) => {
    const known = asked.get(region) ?? ask(region);
    asked.set(region, known);
    return known;
  };
}

/** Security Hub accepts so many ids at once. */
const maxIds = 100;

async function ofSecurityHub(controls: readonly string[], client: SecurityHubClient): Promise<readonly Detector[]> {
  const found: Detector[] = [];
  try {
    for (let from = 0; from < controls.length; from += maxIds) {
      const SecurityControlIds = controls.slice(from, from + maxIds);
      const { SecurityControls = [] } = await client.send(new BatchGetSecurityControlsCommand({ SecurityControlIds }));
      for (const { SecurityControlId: detectedBy = '', Parameters = {} } of SecurityControls)
        found.push({ detectedBy, ...valuesOf(Parameters) });
    }
    return found;
  } catch (error) {
    if (isNotInUse(error)) return [];
    throw error;
  }
}

/** The values as a finding has them: those of a list are joined by commas. */
function valuesOf(all: Readonly<Record<string, ParameterConfiguration>>): Pick<Detector, 'parameters' | 'parametersUnread'> {
  const parameters: Record<string, string> = {};
  for (const [name, { Value }] of Object.entries(all)) {
    if (Value === undefined) continue;
    const [value, ...others] = Object.values(Value) as readonly unknown[];
    const isValue = (one: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof one);
    if (others.length > 0 || !(isValue(value) || (Array.isArray(value) && value.every(isValue))))
      return { parametersUnread: `the value of ${quote(name)} has an unknown form` };
    parameters[name] = String(value);
  }
  return { parameters };
}

async function ofConfig(
  managed: readonly string[],
  { place, policy }: { readonly place: Place; readonly policy: Policy },
  client: ConfigServiceClient,
): Promise<readonly Detector[]> {
  if (managed.length === 0) return [];
  const rules: ConfigRule[] = [];
  for await (const { ConfigRules = [] } of paginateDescribeConfigRules({ client }, {})) rules.push(...ConfigRules);
  const detectors = rules.map(async (rule): Promise<readonly Detector[]> => {
    const { ConfigRuleName: name = '' } = rule;
    const found = await identify({ ...place, name }, managed, { describe: async () => rule, policy: async () => policy });
    if ('problem' in found) return [];
    const about = { detectedBy: found.managed, configRule: name };
    // What the parameters of a Config rule mean whose name the policy maps is unknown.
    if (Object.hasOwn(policy.configRules, name)) return [about];
    const judging = judgingOf(rule);
    if ('unread' in judging) return [{ ...about, parametersUnread: judging.unread }];
    return [{ ...about, parameters: judging.parameters, ...(judging.by === 'anybody' && { parametersBy: judging.by }) }];
  });
  return (await Promise.all(detectors)).flat();
}
