import type { Place, Rule } from '../../rules/rule';
import { parametersFor } from '../policy/parameters';
import type { Policy } from '../policy/policy';
import { expectKnown } from './choose-rules';
import { sentence, Unable } from './failure';

type Parameters = Policy['parameters'][number]['values'];

/** The parameters of the policy, overridden by `--parameters`, which are for one rule or keyed by rule id. */
export function parametersBy(
  option: string | undefined,
  rules: readonly string[],
  policy: Policy,
): (rule: Rule, place: Place) => Parameters {
  const own = (rule: Rule, place: Place) => parametersFor(rule, policy, place);
  if (option === undefined) return own;
  const given = readObject(option);
  const [only] = rules;
  if (rules.length === 1 && only && !Object.hasOwn(given, only))
    return (rule, place) => ({ ...own(rule, place), ...(rule.id === only ? given : {}) });
  for (const [rule, value] of Object.entries(given)) {
    expectKnown(
      'rule',
      rule,
      rules,
      `With several rules, --parameters must be keyed by rule id: {"${only}": {...}}; or specify one rule with --rule`,
    );
    if (!isObject(value)) throw new Unable(`The parameters of ${rule} in --parameters are not a JSON object.`);
  }
  return (rule, place) => ({ ...own(rule, place), ...(given[rule.id] as Parameters | undefined) });
}

function readObject(text: string): Parameters {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {}
  throw new Unable(`--parameters is not a JSON object: ${sentence(text)}. Specify one such as '{"maxAge": 45}'.`);
}

const isObject = (value: unknown): value is Parameters => typeof value === 'object' && value !== null && !Array.isArray(value);
