import type { Json, MappedParameter, Rule } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import type { Finding } from '../findings/finding';
import { quote } from '../untrusted-text';
import { type Demand, demandOf, type Unmappable, unfixableBy } from './detector-demand';
import { knownTo, readParameters } from './parameters';

/** Where the value of a parameter comes from. */
export type Origin = 'policy' | 'detector' | 'default';

/** The parameters by which a finding is judged. */
export interface Judgement {
  /** Those of the policy, then of the detector, then the defaults; validated by the rule. */
  readonly parameters: unknown;
  readonly from: Readonly<Record<string, Origin>>;
  /** What the detector demands, in terms of the rule. */
  readonly demanded: Readonly<Record<string, Json>>;
  /** The parameters that the detector sets and that may satisfy it alone: the value for two detectors, undefined if there is none. */
  readonly exact: Readonly<Record<string, MappedParameter['strictest']>>;
  readonly comparisons: readonly Comparison[];
}

/**
 * Another set of parameters, whose plan is compared. `cuts`: with it, the detector would take no more away than the rule by itself. `anybody`:
 * without the detector, whose parameters anybody in the account can set. `unmet`: as the detector demands, and the policy does not.
 */
export interface Comparison {
  readonly about: 'cuts' | 'anybody' | 'unmet';
  /** For `cuts`, those of `usual` are compared with those in effect as far as they are stricter. */
  readonly parameters: unknown;
  readonly against: unknown;
  /** What the detector demands, as a phrase. */
  readonly text: string;
}

type Judging = Pick<Rule, 'id' | 'parameters' | 'detectorParameters'>;
type Told = Pick<Finding, 'detectedBy' | 'parameters' | 'parametersUnread' | 'parametersBy'>;
type Values = Readonly<Record<string, Json>>;
type Problem = Extract<ReturnType<typeof readParameters>, { readonly problem: string }>;

/** Pure: the parameters of the policy over those of the detector over the defaults, or why there are none. */
export function judgeParameters(rule: Judging, policy: Values, finding: Told): Judgement | Unmappable | Problem {
  const demand = demandOf(rule, finding);
  if ('unfixable' in demand) return demand;
  const { values } = demand;
  const read = readParameters(rule, { ...values, ...policy });
  if ('problem' in read) {
    const rejected = rejectedIn(rule, policy, values);
    return Object.keys(rejected).length > 0 ? invalid(rule, finding, rejected) : read;
  }
  const from = Object.fromEntries(knownTo(rule).map((name) => [name, originOf(name, policy, values)]));
  const exact = Object.fromEntries(
    Object.entries(demand.mappings).flatMap(([name, mapping]) =>
      from[name] === 'detector' && mapping.exact ? [[name, mapping.strictest] as const] : [],
    ),
  );
  return { parameters: read.value, from, demanded: values, exact, comparisons: comparisonsOf(rule, policy, { demand, finding }) };
}

const originOf = (name: string, policy: Values, detector: Values): Origin => {
  if (Object.hasOwn(policy, name)) return 'policy';
  return Object.hasOwn(detector, name) ? 'detector' : 'default';
};

/** The values of the detector in effect that the rule does not allow. */
function rejectedIn(rule: Judging, policy: Values, detector: Values): Values {
  const { error } = rule.parameters?.safeParse({ ...detector, ...policy }) ?? {};
  const names = new Set((error?.issues ?? []).map(({ path: [name = ''] }) => name));
  return only(detector, ([name]) => names.has(name) && !Object.hasOwn(policy, name));
}

const invalid = (rule: Judging, { detectedBy }: Told, values: Values): Unmappable =>
  unfixableBy('detector-parameter-invalid', `${detectedBy} judges by ${phrase(values)}, which ${rule.id} does not allow.`);

const phrase = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} = ${quote(typeof value === 'string' ? value : JSON.stringify(value))}`)
    .join(', ');

interface Sources {
  readonly demand: Demand;
  readonly finding: Told;
}

function comparisonsOf(rule: Judging, policy: Values, { demand, finding }: Sources): readonly Comparison[] {
  const { values } = demand;
  const text = `${finding.detectedBy} requires`;
  const own = Object.fromEntries(Object.entries(values).filter(([name]) => !Object.hasOwn(policy, name)));
  const found: Comparison[] = [];
  const bare = valuesOr(rule, policy);
  const cutting = only(own, ([name]) => demand.mappings[name]?.cuts === true);
  if (Object.keys(cutting).length > 0) {
    const usual = usualOf(rule, policy, demand);
    const others = only(own, ([name]) => !Object.hasOwn(cutting, name));
    const joint = Object.fromEntries(Object.entries(cutting).map(([name, value]) => [name, strictest(demand, name, usual[name], value)]));
    const base = only(usual, ([name]) => Object.hasOwn(cutting, name));
    found.push({
      about: 'cuts',
      parameters: valuesOr(rule, { ...others, ...joint, ...policy }),
      against: valuesOr(rule, { ...others, ...base, ...policy }),
      text: `${text} ${phrase(cutting)}`,
    });
  }
  if (finding.parametersBy === 'anybody' && Object.keys(own).length > 0)
    found.push({ about: 'anybody', parameters: valuesOr(rule, { ...own, ...policy }), against: bare, text: `${text} ${phrase(own)}` });
  const unmet = only(values, ([name, value]) => Object.hasOwn(policy, name) && !isMet(demand, name, policy[name] as Json, value));
  if (Object.keys(unmet).length > 0) {
    const set = only(policy, ([name]) => Object.hasOwn(unmet, name));
    found.push({
      about: 'unmet',
      parameters: valuesOr(rule, { ...own, ...policy, ...unmet }),
      against: undefined,
      text: `The policy sets ${phrase(set)}, but ${text} ${phrase(unmet)}`,
    });
  }
  return found;
}

/** What the rule requires by itself for this detector, as far as that is known. */
function usualOf(rule: Judging, policy: Values, { mappings }: Demand): Values {
  const defaults = valuesOr(rule, policy);
  const known = typeof defaults === 'object' && defaults !== null ? (defaults as Values) : {};
  return Object.fromEntries(
    Object.entries(mappings).flatMap(([name, { usual }]) => {
      const value = known[name] ?? usual;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

const strictest = ({ mappings }: Demand, name: string, one: Json | undefined, other: Json): Json =>
  one === undefined ? other : (mappings[name]?.strictest(one, other) ?? other);

const isMet = ({ mappings }: Demand, name: string, policy: Json, demanded: Json): boolean => {
  const of = mappings[name]?.strictest;
  const joint = of?.(policy, demanded);
  return joint !== undefined && sameJson(joint, of?.(policy, policy));
};

const only = (values: Values, keep: (entry: readonly [string, Json]) => boolean): Values =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => keep([name, value as Json]))) as Values;

/** Undefined if the rule can do nothing with these values: then it would plan nothing. */
function valuesOr(rule: Judging, given: Values): unknown {
  const read = readParameters(rule, given);
  return 'value' in read ? read.value : undefined;
}
