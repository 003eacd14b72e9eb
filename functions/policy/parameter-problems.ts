import { matchesWildcard } from '../../rules/wildcard';
import { canonicalJson } from '../canonical-json';
import type { KnownRule } from './name-problems';
import { knownTo, parameterProblems, parametersFor } from './parameters';
import type { Policy } from './policy';
import type { PlacedProblem } from './problem';
import { unknownKey } from './shape-problems';

type Entry = Policy['parameters'][number];

/** Parameters that no rule has, or that are invalid for a rule that receives them, alone or combined with others in one place. */
export function* parameterPolicyProblems(
  { parameters }: Pick<Policy, 'parameters'>,
  rules: readonly KnownRule[],
): Generator<PlacedProblem> {
  if (parameters.length === 0) return;
  yield* unknownNames(parameters, rules);
  for (const rule of rules) yield* problemsFor(rule, parameters);
}

/** Names that no rule knows, in entries for all rules. */
function* unknownNames(parameters: readonly Entry[], rules: readonly KnownRule[]): Generator<PlacedProblem> {
  const names = new Set(rules.flatMap(knownTo));
  for (const [index, { values, rules: named }] of parameters.entries()) {
    for (const name of named ? [] : Object.keys(values).filter((one) => !names.has(one)))
      yield [['parameters', index, 'values', name], `no rule has this parameter: ${unknownKey(name, [...names])}`];
  }
}

/** What is invalid for one rule: each entry alone, then what only a combination does. */
function* problemsFor(rule: KnownRule, parameters: readonly Entry[]): Generator<PlacedProblem> {
  const own = parameters.flatMap((entry, index) => (concerns(entry, rule) ? [{ entry, index }] : []));
  const alone = own.flatMap(({ entry: { values, rules }, index }) =>
    parameterProblems(rule, parametersFor(rule, { parameters: [{ values, rules }] })).map((message) => ({ message, index })),
  );
  for (const { message, index } of alone) yield [['parameters', index, 'values'], message];

  const entries = own.map(({ entry }) => entry);
  const combined = new Set([...combinations(rule, entries)].flatMap((given) => parameterProblems(rule, given)));
  for (const { message } of alone) combined.delete(message);
  for (const message of combined) yield [['parameters'], `the combination for ${rule.id} is invalid: ${message}`];
}

const concerns = ({ rules, values }: Entry, rule: KnownRule): boolean =>
  rules ? rules.some((one) => matchesWildcard(rule.id, one)) : knownTo(rule).some((name) => Object.hasOwn(values, name));

/** The distinct combinations that the rule receives, in each listed place and elsewhere. */
function combinations(rule: KnownRule, entries: readonly Entry[]): Iterable<ReturnType<typeof parametersFor>> {
  if (entries.length < 2) return [];
  const given = new Map<string, ReturnType<typeof parametersFor>>();
  for (const account of representatives(entries.map(({ accounts }) => accounts))) {
    for (const region of representatives(entries.map(({ regions }) => regions))) {
      const values = parametersFor(rule, { parameters: [...entries] }, { account, region });
      given.set(canonicalJson(values), values);
    }
  }
  return given.values();
}

/** One name for each set of lists that contain it, and one in no list. A pattern represents itself. */
function representatives(lists: readonly (readonly string[] | undefined)[]): readonly string[] {
  const bySignature = new Map<string, string>();
  for (const name of new Set(['', ...lists.flatMap((list) => list ?? [])]))
    bySignature.set(lists.map((list) => (list?.some((one) => matchesWildcard(name, one)) ? 1 : 0)).join(''), name);
  return [...bySignature.values()];
}
