import * as z from 'zod';
import type { Rule } from '../../rules/rule';
import { fits } from '../../rules/wildcard';
import type { Policy } from './policy';

type Values = Policy['parameters'][number]['values'];
type Parametrized = Pick<Rule, 'id' | 'parameters'>;

/** What the policy gives a rule in an account and region, as yet unchecked; without a place, what it gives everywhere. */
export function parametersFor(
  rule: Parametrized,
  { parameters }: Pick<Policy, 'parameters'>,
  place?: { readonly account: string; readonly region: string },
): Values {
  const known = knownTo(rule);
  const given = parameters.flatMap(({ values, rules, accounts, regions }) => {
    if (rules && !rules.some((one) => fits(rule.id, one))) return [];
    if (accounts && !(place && accounts.includes(place.account))) return [];
    if (regions && !regions.some((one) => place && fits(place.region, one))) return [];
    return Object.entries(values).filter(([name]) => rules !== undefined || known.includes(name));
  });
  return Object.fromEntries(given);
}

/** The parameters by the rule's own schema, defaults filled in; or what is wrong with them. */
export function readParameters(
  rule: Parametrized,
  given: Readonly<Record<string, unknown>>,
): { readonly value: unknown } | { readonly problem: string } {
  const parsed = schemaOf(rule).safeParse(given);
  if (parsed.success) return { value: parsed.data };
  return {
    problem: `The parameters of ${rule.id} do not fit, so nothing is changed. ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
  };
}

/** What is wrong with the parameters that are given; one that is missing may be given elsewhere, or wait until the rule is to fix something. */
export function parameterFaults(rule: Parametrized, given: Readonly<Record<string, unknown>>): readonly string[] {
  const { error } = schemaOf(rule).safeParse(given);
  if (!error) return [];
  const wrong = error.issues.filter(
    ({ code, path: [name] }) => code === 'unrecognized_keys' || (name !== undefined && Object.hasOwn(given, name)),
  );
  return wrong.map(
    ({ message, path }) =>
      `${path.length > 0 ? `${path.join('.')}: ` : ''}${message}. ${rule.id} knows ${knownTo(rule).join(', ') || 'no parameters'}.`,
  );
}

const schemaOf = ({ parameters }: Parametrized): z.ZodType => parameters ?? z.strictObject({});

const knownTo = (rule: Parametrized): readonly string[] => {
  const { shape } = schemaOf(rule) as { readonly shape?: object };
  return Object.keys(shape ?? {});
};
