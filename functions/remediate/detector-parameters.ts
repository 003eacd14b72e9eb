import type { Aws, Rule } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import { leaseKey } from '../coordination/lease-key';
import type { Attempt } from '../findings/attempt';
import type { Finding } from '../findings/finding';
import { openIntents, someMade } from '../plan/intents';
import { type Unmappable, unfixableBy } from '../policy/detector-demand';
import type { Judgement } from '../policy/judge-parameters';
import { type DeployedRule, deployedRules } from '../sources/config/deployed-rules';
import { quote } from '../untrusted-text';
import type { RemediationContext } from './context';
import type { Ports } from './ports';

type Reading = Pick<Ports, 'rule' | 'clock' | 'policy' | 'deployedRules'>;

/** What the parameters of a Config rule mean whose name the policy maps is unknown: it may be anybody's own. */
const isMapped = (name: string, { policy }: Reading): Promise<boolean> =>
  policy().then(
    ({ configRules }) => Object.hasOwn(configRules, name),
    () => false,
  );

/** Security Hub sends the parameters of a control with the finding; those of a Config rule have to be asked for. */
const deployedIn = ({ detectorParameters }: Rule, { source, detectedBy, configRule }: Finding): string | undefined =>
  source === 'config' && Object.keys(detectorParameters?.[detectedBy] ?? {}).length > 0 ? configRule : undefined;

/** The finding with the parameters that its Config rule judges by. A finding that has them keeps them. */
export async function withParameters(finding: Finding, ports: Reading, aws: Aws): Promise<Finding> {
  const name = deployedIn(ports.rule, finding);
  if (name === undefined || finding.parameters !== undefined || (await isMapped(name, ports))) return finding;
  return { ...finding, ...toldBy(await read(name, { finding, ports, aws, fresh: false })) };
}

interface Asking {
  readonly finding: Finding;
  readonly ports: Reading;
  readonly aws: Aws;
  readonly fresh: boolean;
}

const read = (name: string, { finding, ports, aws, fresh }: Asking): Promise<DeployedRule> =>
  (ports.deployedRules ?? deployedRules(ports.clock)).of(name, finding, aws, { fresh });

const toldBy = (rule: DeployedRule): Pick<Finding, 'parameters' | 'parametersBy' | 'parametersUnread'> => {
  if ('unread' in rule) return { parametersUnread: rule.unread };
  return { parameters: rule.parameters, ...(rule.by === 'anybody' && { parametersBy: rule.by }) };
};

/**
 * The attempt to come back with, if the Config rule does not judge any more by the parameters that the plan was made with. A remediation with
 * changes in effect goes on with those that it began with.
 */
export async function changedParameters({ attempt, aws, journal, ports }: RemediationContext): Promise<Attempt | undefined> {
  const { finding } = attempt;
  const name = deployedIn(ports.rule, finding);
  // The last intent is the one that is about to be carried out.
  if (name === undefined || someMade(openIntents(journal.events).slice(0, -1)) || (await isMapped(name, ports))) return undefined;
  const now = toldBy(await read(name, { finding, ports, aws, fresh: true }));
  const { parameters, parametersBy, parametersUnread: _, ...rest } = finding;
  if (sameJson(now, { ...(parameters && { parameters }), ...(parametersBy && { parametersBy }) })) return undefined;
  return { ...attempt, finding: rest };
}

/** Why the detectors of the resource can't all be satisfied. What this one demands is recorded, if not anybody can have set it. */
export async function disagreement({ attempt, ports, resource }: RemediationContext, judged: Judgement): Promise<Unmappable | undefined> {
  const { detectedBy, configRule, parametersBy } = attempt.finding;
  const values = Object.fromEntries(Object.entries(judged.demanded).filter(([name]) => Object.hasOwn(judged.exact, name)));
  if (Object.keys(values).length === 0) return undefined;
  const of = { rule: ports.rule.id, resource: leaseKey(ports.rule, resource) };
  const demand = { detector: configRule ?? detectedBy, values };
  for (const other of await ports.demands.others(of, demand, { record: parametersBy === undefined })) {
    const name = Object.entries(values).find(([one, value]) => {
      const theirs = other.values[one];
      return theirs !== undefined && judged.exact[one]?.(value, theirs) === undefined;
    })?.[0];
    if (name === undefined) continue;
    const said = ({ detector, values: all }: typeof other) => `${detector} requires ${name} = ${quote(textOf(all[name]))}`;
    const why = `${said(demand)}, and ${said(other)}.`;
    return unfixableBy('detectors-disagree', `${why} Set ${name} in the policy, or change one of them.`);
  }
  return undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
