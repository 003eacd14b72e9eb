import type { DetectorParameter, Json, MappedParameter, Rule } from '../../rules/rule';
import type { Finding } from '../findings/finding';
import { quote } from '../untrusted-text';

/** What a detector demands, in terms of the rule. */
export interface Demand {
  /** By parameter of the rule. */
  readonly values: Readonly<Record<string, Json>>;
  /** How each value was read, by parameter of the rule. */
  readonly mappings: Readonly<Record<string, MappedParameter>>;
}

/** Why the rule cannot follow the parameters of a detector; stable, for software. */
type DemandCode =
  | 'detector-parameters-unreadable'
  | 'detector-parameter-unknown'
  | 'detector-parameter-unmappable'
  | 'detector-parameter-invalid'
  | 'detectors-disagree';

export interface Unmappable {
  readonly unfixable: string;
  readonly code: DemandCode;
}

type Judging = Pick<Rule, 'id' | 'detectorParameters'>;
type Told = Pick<Finding, 'detectedBy' | 'parameters' | 'parametersUnread'>;

export const unfixableBy = (code: DemandCode, why: string): Unmappable => ({
  unfixable: `${why} The rule changes nothing, because the detector would still report the resource.`,
  code,
});

/** Pure: what the detector of a finding demands. It demands nothing where it says nothing of its parameters. */
export function demandOf(rule: Judging, { detectedBy, parameters, parametersUnread }: Told): Demand | Unmappable {
  if (parametersUnread !== undefined)
    return unfixableBy('detector-parameters-unreadable', `The parameters of ${detectedBy} can't be read: ${parametersUnread}.`);
  if (parameters === undefined) return { values: {}, mappings: {} };
  const known = Object.entries(rule.detectorParameters?.[detectedBy] ?? {});
  const given = Object.entries(parameters);
  for (const [name] of given) {
    if (!known.some(([own]) => isNamed(own, name)))
      return unfixableBy(
        'detector-parameter-unknown',
        `${detectedBy} judges by its parameter ${quote(name)}, which ${rule.id} does not know.`,
      );
  }
  let demand: Demand = { values: {}, mappings: {} };
  for (const [name, parameter] of known) {
    const text = given.find(([other]) => isNamed(name, other))?.[1];
    const next = withParameter(demand, parameter, { detectedBy, name, text });
    if ('unfixable' in next) return next;
    demand = next;
  }
  return demand;
}

/** Neither the case nor the order of a list matters. */
const asSet = (text: string): string =>
  text
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .toSorted()
    .join(',');

/** AWS's own pages do not agree on the case of some names. */
const isNamed = (own: string, name: string): boolean => own.toLowerCase() === name.toLowerCase();

interface Given {
  readonly detectedBy: string;
  readonly name: string;
  readonly text: string | undefined;
}

function withParameter({ values, mappings }: Demand, parameter: DetectorParameter, given: Given): Demand | Unmappable {
  const { detectedBy, name, text } = given;
  const same = { values, mappings };
  if ('irrelevant' in parameter) return same;
  if ('unmappable' in parameter) {
    const asksNothing = ['', ...(parameter.except ?? [])].some((one) => asSet(one) === asSet(text ?? ''));
    if (asksNothing) return same;
    return unfixableBy('detector-parameter-unmappable', `${detectedBy} judges by ${name} = ${quote(text)}. ${parameter.unmappable}`);
  }
  const said = text ?? parameter.absent;
  if (said === undefined) return same;
  const value = parameter.read(said);
  if (value === undefined)
    return unfixableBy('detector-parameter-invalid', `${detectedBy} judges by ${name} = ${quote(said)}, which the rule cannot read.`);
  const { sets } = parameter;
  const before = values[sets];
  const joint = before === undefined ? value : parameter.strictest(before, value);
  if (joint === undefined)
    return unfixableBy('detector-parameter-invalid', `${detectedBy} judges by ${name} = ${quote(said)}, which contradicts another one.`);
  return { values: { ...values, [sets]: joint }, mappings: { ...mappings, [sets]: parameter } };
}
