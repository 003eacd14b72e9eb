import type { Rule } from '../../rules/rule';
import { matchesWildcard } from '../../rules/wildcard';
import { isRegion } from '../aws/region';
import { publishedOutcomes } from '../log/published-outcomes';
import { nearest } from '../nearest';
import { quote } from '../untrusted-text';
import type { Policy } from './policy';
import type { PlacedProblem } from './problem';
import type { PlacedScope } from './scopes';

/** The metadata of a rule that a policy refers to. */
export type KnownRule = Pick<Rule, 'id' | 'detectedBy' | 'parameters'>;

/** Rules, controls, resources and regions that cannot exist: a clause about them would never match, unnoticed. */
export function* nameProblems(scopes: readonly PlacedScope[], rules: readonly KnownRule[]): Generator<PlacedProblem> {
  const ids = rules.map(({ id }) => id);
  const controls = [...new Set(rules.flatMap(({ detectedBy }) => detectedBy.securityHub))];
  for (const placed of scopes) {
    yield* problemsIn(placed, 'rules', (given) => unknown('rule', given, ids));
    yield* problemsIn(placed, 'controls', (given) => configRule(given, rules) ?? unknown('control', given, controls));
    yield* problemsIn(placed, 'resources', noArn);
    yield* problemsIn(placed, 'regions', noRegion);
  }
}

/** The errors in one list of a scope. */
function* problemsIn(
  { path, scope }: PlacedScope,
  key: 'rules' | 'controls' | 'resources' | 'regions',
  problemOf: (given: string) => string | undefined,
): Generator<PlacedProblem> {
  for (const [index, given] of (scope[key] ?? []).entries()) {
    const message = problemOf(given);
    if (message !== undefined) yield [[...path, key, index], message];
  }
}

const noArn = (given: string): string | undefined =>
  isOfArns(given) ? undefined : `${quote(given)} matches no ARN. Specify an ARN such as arn:aws:s3:::public-website.`;

const noRegion = (given: string): string | undefined =>
  hasWildcard(given) || isRegion(given) ? undefined : `${quote(given)} is not an AWS Region. Specify a Region such as eu-west-1.`;

/** Outcomes for which no notification is ever sent. */
export function* outcomeProblems({ notifications }: Policy): Generator<PlacedProblem> {
  for (const [topic, { outcomes = [] }] of notifications.topics.entries()) {
    for (const [index, given] of outcomes.entries()) {
      if ((publishedOutcomes as readonly string[]).includes(given)) continue;
      const near = nearest(given, publishedOutcomes);
      const message = `${quote(given)} is not an outcome with notifications. ${near ? `Did you mean ${near}?` : `Valid values: ${publishedOutcomes.join(', ')}.`}`;
      yield [['notifications', 'topics', topic, 'outcomes', index], message];
    }
  }
}

/** Config rules that stand for a managed rule that no rule remediates. */
export function* configRuleProblems({ configRules }: Policy, rules: readonly KnownRule[]): Generator<PlacedProblem> {
  const known = [...new Set(rules.flatMap(({ detectedBy }) => detectedBy.config))];
  for (const [name, managed] of Object.entries(configRules)) {
    if (known.includes(managed)) continue;
    const near = nearest(managed, known);
    const hint = near ? `Did you mean ${near}?` : 'List them with `posture rules`.';
    yield [['configRules', name], `no rule remediates the managed rule ${quote(managed)}. ${hint}`];
  }
}

const hasWildcard = (given: string): boolean => /[*?]/.test(given);

/** Whether an ARN can begin like the pattern, up to its first wildcard. For accounts, Security Hub uses `AWS::::Account:`. */
function isOfArns(given: string): boolean {
  const [start = ''] = given.split(/[*?]/);
  return ['arn:', 'AWS::::Account:'].some((arn) => start.startsWith(arn) || (hasWildcard(given) && arn.startsWith(start)));
}

function unknown(what: string, given: string, known: readonly string[]): string | undefined {
  if (known.some((name) => matchesWildcard(name, given))) return undefined;
  const list = `List the ${what}s with \`posture rules\`.`;
  if (hasWildcard(given)) return `the pattern ${quote(given)} matches no ${what}. ${list}`;
  const near = nearest(given, known);
  return `the ${what} ${quote(given)} does not exist. ${near ? `Did you mean ${near}?` : list}`;
}

/** The name of a Config rule would match only findings of AWS Config, not the same misconfiguration found by Security Hub. */
function configRule(given: string, rules: readonly KnownRule[]): string | undefined {
  const found = rules.filter(({ detectedBy }) => detectedBy.config.includes(given));
  if (found.length === 0) return undefined;
  return `${quote(given)} is an AWS Config rule, and a control is required. Specify ${found.flatMap(({ detectedBy }) => detectedBy.securityHub).join(', ') || 'the rule, under `rules`'}.`;
}
