import type { Aws, Rule } from '../../rules/rule';
import { describe, isTransient } from '../aws/error';
import { sameJson } from '../canonical-json';
import { leaseKey } from '../coordination/lease-key';
import type { Attempt } from '../findings/attempt';
import type { Finding } from '../findings/finding';
import { openIntents, someMade } from '../plan/intents';
import { type Unmappable, unfixableBy } from '../policy/detector-demand';
import type { Judgement } from '../policy/judge-parameters';
import { type DeployedRule, deployedRuleOf, describeRule } from '../sources/config/deployed-rule';
import { type Judging, judgingOf } from '../sources/config/judging';
import { quote } from '../untrusted-text';
import type { RemediationContext } from './context';
import type { Ports } from './ports';

type Reading = Pick<Ports, 'rule' | 'policy' | 'describeRule'>;

/** What the parameters of a Config rule mean whose name the policy maps is unknown: it may be anybody's own. */
const isMapped = ({ name }: DeployedRule, { policy }: Reading): Promise<boolean> =>
  policy().then(
    ({ configRules }) => Object.hasOwn(configRules, name),
    () => false,
  );

/** Security Hub sends the parameters of a control with the finding; those of a Config rule have to be asked for. */
const deployedIn = ({ detectorParameters }: Rule, finding: Finding): DeployedRule | undefined =>
  Object.keys(detectorParameters?.[finding.detectedBy] ?? {}).length > 0 ? deployedRuleOf(finding) : undefined;

/** The finding with the parameters that its Config rule judges by. A finding that has them keeps them. */
export async function withParameters(finding: Finding, ports: Reading, aws: Aws): Promise<Finding> {
  const deployed = deployedIn(ports.rule, finding);
  if (deployed === undefined || finding.parameters !== undefined || (await isMapped(deployed, ports))) return finding;
  return { ...finding, ...toldBy(await read(deployed, { ports, aws, fresh: false })) };
}

interface Asking {
  readonly ports: Reading;
  readonly aws: Aws;
  readonly fresh: boolean;
}

/** Throws if AWS does not answer at the moment. */
async function read(deployed: DeployedRule, { ports, aws, fresh }: Asking): Promise<Judging> {
  const describing = ports.describeRule ?? (({ name }: DeployedRule) => describeRule(name, aws));
  try {
    const described = await describing(deployed, { fresh });
    return described ? judgingOf(described) : { unread: `AWS Config has no rule ${quote(deployed.name)}` };
  } catch (error) {
    if (isTransient(error)) throw error;
    return { unread: describe(error) };
  }
}

const toldBy = (rule: Judging): Pick<Finding, 'parameters' | 'parametersBy' | 'parametersUnread'> => {
  if ('unread' in rule) return { parametersUnread: rule.unread };
  return { parameters: rule.parameters, ...(rule.by === 'anybody' && { parametersBy: rule.by }) };
};

/**
 * The attempt to come back with, if the Config rule does not judge any more by the parameters that the plan was made with. A remediation with
 * changes in effect goes on with those that it began with.
 */
export async function changedParameters({ attempt, aws, journal, ports }: RemediationContext): Promise<Attempt | undefined> {
  const { finding } = attempt;
  const deployed = deployedIn(ports.rule, finding);
  // The last intent is the one that is about to be carried out.
  if (deployed === undefined || someMade(openIntents(journal.events).slice(0, -1)) || (await isMapped(deployed, ports))) return undefined;
  const now = toldBy(await read(deployed, { ports, aws, fresh: true }));
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
