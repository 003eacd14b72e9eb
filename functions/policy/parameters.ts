import * as z from 'zod';
import type { Rule } from '../../rules/rule';
import { fits } from '../../rules/wildcard';
import { nearest } from '../nearest';
import { quote } from '../untrusted-text';
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
  const faults = parsed.error.issues.flatMap((issue) => faultsIn(issue, rule, given));
  return {
    problem: `The parameters of ${rule.id} do not fit, so nothing is changed. ${faults.join(' ')} Set them in the policy, under \`parameters\`.`,
  };
}

function faultsIn(issue: z.core.$ZodIssue, rule: Parametrized, given: Readonly<Record<string, unknown>>): readonly string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownParameter(rule.id, key, knownTo(rule)));
  const [name = ''] = issue.path;
  if (Object.hasOwn(given, name)) return [`${issue.path.join('.')}: ${issue.message}.`];
  const { description } = shapeOf(rule)[name as string] ?? {};
  return [`It needs ${String(name)}${description === undefined ? '.' : `: ${description}`}`];
}

/** What is wrong with the parameters that are given; one that is missing may be given elsewhere, or wait until the rule is to fix something. */
export function parameterFaults(rule: Parametrized, given: Readonly<Record<string, unknown>>): readonly string[] {
  const { error } = schemaOf(rule).safeParse(given);
  if (!error) return [];
  const known = knownTo(rule);
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownParameter(rule.id, key, known));
    const [name] = issue.path;
    if (name === undefined || !Object.hasOwn(given, name)) return [];
    return [`${issue.path.join('.')} of ${rule.id}: ${issue.message}.`];
  });
}

function unknownParameter(rule: string, key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return `${rule} has no parameter ${quote(key)}. ${near ? `Did you mean ${near}?` : `It knows ${known.join(', ') || 'none'}.`}`;
}

const schemaOf = ({ parameters }: Parametrized): z.ZodType => parameters ?? z.strictObject({});

/** The names of the rule's parameters. */
export const knownTo = (rule: Parametrized): readonly string[] => Object.keys(shapeOf(rule));

const shapeOf = (rule: Parametrized): Readonly<Record<string, z.ZodType>> =>
  (schemaOf(rule) as { readonly shape?: Readonly<Record<string, z.ZodType>> }).shape ?? {};
