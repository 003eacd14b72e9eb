import * as z from 'zod';
import type { Rule } from '../../rules/rule';
import { matchesWildcard } from '../../rules/wildcard';
import { nearest } from '../nearest';
import { issueText } from '../shape-issue';
import { quote } from '../untrusted-text';
import type { Policy } from './policy';

type Values = Policy['parameters'][number]['values'];
type Parametrized = Pick<Rule, 'id' | 'parameters'>;

/** The parameters that the policy sets for a rule in an account and region, not validated; without a place, those that apply everywhere. */
export function parametersFor(
  rule: Parametrized,
  { parameters }: Pick<Policy, 'parameters'>,
  place?: { readonly account: string; readonly region: string },
): Values {
  const known = knownTo(rule);
  const given = parameters.flatMap(({ values, rules, accounts, regions }) => {
    if (rules && !rules.some((one) => matchesWildcard(rule.id, one))) return [];
    if (accounts && !(place && accounts.includes(place.account))) return [];
    if (regions && !regions.some((one) => place && matchesWildcard(place.region, one))) return [];
    return Object.entries(values).filter(([name]) => rules !== undefined || known.includes(name));
  });
  return Object.fromEntries(given);
}

/** Why a rule is not configured; stable, for software. */
type ParameterCode = 'missing-parameter' | 'invalid-parameter';

/** The parameters, validated by the rule's schema and with defaults; or what is wrong with them. */
export function readParameters(
  rule: Parametrized,
  given: Readonly<Record<string, unknown>>,
): { readonly value: unknown } | { readonly problem: string; readonly code: ParameterCode } {
  const parsed = schemaOf(rule).safeParse(given);
  if (parsed.success) return { value: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => problemsIn(issue, rule, given));
  const missing = parsed.error.issues.every((issue) => issue.code !== 'unrecognized_keys' && !Object.hasOwn(given, issue.path[0] ?? ''));
  return {
    code: missing ? 'missing-parameter' : 'invalid-parameter',
    problem: `${problems.join(' ')} The rule starts no change. Set the parameters of ${rule.id} in the policy, under \`parameters\`.`,
  };
}

function problemsIn(issue: z.core.$ZodIssue, rule: Parametrized, given: Readonly<Record<string, unknown>>): readonly string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownParameter(rule.id, key, knownTo(rule)));
  const [name = ''] = issue.path;
  if (Object.hasOwn(given, name)) return [`The parameter ${issue.path.join('.')} of ${rule.id} is invalid: ${issueText(issue)}.`];
  const { description } = shapeOf(rule)[name as string] ?? {};
  return [`${rule.id} needs the parameter ${String(name)}, which is not set${description === undefined ? '.' : `: ${description}`}`];
}

/** The errors in the given parameters. A missing one is no error here: another entry may set it, or it is needed only for a fix. */
export function parameterProblems(rule: Parametrized, given: Readonly<Record<string, unknown>>): readonly string[] {
  const { error } = schemaOf(rule).safeParse(given);
  if (!error) return [];
  const known = knownTo(rule);
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownParameter(rule.id, key, known));
    const [name] = issue.path;
    if (name === undefined || !Object.hasOwn(given, name)) return [];
    return [`${issue.path.join('.')} of ${rule.id}: ${issueText(issue)}.`];
  });
}

function unknownParameter(rule: string, key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return `${rule} has no parameter ${quote(key)}. ${near ? `Did you mean ${near}?` : `Its parameters: ${known.join(', ') || 'none'}.`}`;
}

const schemaOf = ({ parameters }: Parametrized): z.ZodType => parameters ?? z.strictObject({});

/** The names of the rule's parameters. */
export const knownTo = (rule: Parametrized): readonly string[] => Object.keys(shapeOf(rule));

const shapeOf = (rule: Parametrized): Readonly<Record<string, z.ZodType>> =>
  (schemaOf(rule) as { readonly shape?: Readonly<Record<string, z.ZodType>> }).shape ?? {};
