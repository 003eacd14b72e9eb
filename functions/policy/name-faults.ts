import type { Rule } from '../../rules/rule';
import { fits } from '../../rules/wildcard';
import { partitionOf } from '../aws/region';
import { nearest } from '../nearest';
import { toldOutcomes } from '../outcomes/outcome-schema';
import { quote } from '../untrusted-text';
import type { Path } from './fault';
import type { Policy } from './policy';
import type { PlacedScope } from './scopes';

/** What is known of a rule without running it. */
export type KnownRule = Pick<Rule, 'id' | 'detectedBy' | 'parameters'>;

/** A fault before its line is looked up. */
export type PlacedFault = readonly [path: Path, message: string];

/** Rules, controls, resources and regions that there can't be: a clause about them would never hold, and nobody would notice. */
export function* nameFaults(scopes: readonly PlacedScope[], rules: readonly KnownRule[]): Generator<PlacedFault> {
  const ids = rules.map(({ id }) => id);
  const controls = [...new Set(rules.flatMap(({ detectedBy }) => detectedBy.securityHub))];
  for (const { path, scope } of scopes) {
    for (const [index, given] of (scope.rules ?? []).entries()) {
      const message = unknown('rule', given, ids);
      if (message) yield [[...path, 'rules', index], message];
    }
    for (const [index, given] of (scope.controls ?? []).entries()) {
      const message = configRule(given, rules) ?? unknown('control', given, controls);
      if (message) yield [[...path, 'controls', index], message];
    }
    for (const [index, given] of (scope.resources ?? []).entries()) {
      if (!isOfArns(given))
        yield [[...path, 'resources', index], `${quote(given)} fits no ARN. Write one, such as arn:aws:s3:::public-website.`];
    }
    for (const [index, given] of (scope.regions ?? []).entries()) {
      if (!hasWildcard(given) && partitionOf(given) === undefined)
        yield [[...path, 'regions', index], `${quote(given)} is not the name of an AWS region. Write one such as eu-west-1.`];
    }
  }
}

/** Outcomes that nobody is ever told of. */
export function* outcomeFaults({ notifications }: Policy): Generator<PlacedFault> {
  for (const [topic, { outcomes = [] }] of notifications.topics.entries()) {
    for (const [index, given] of outcomes.entries()) {
      if ((toldOutcomes as readonly string[]).includes(given)) continue;
      const near = nearest(given, toldOutcomes);
      const message = `there is no outcome ${quote(given)}. ${near ? `Did you mean ${near}?` : `There are ${toldOutcomes.join(', ')}.`}`;
      yield [['notifications', 'topics', topic, 'outcomes', index], message];
    }
  }
}

const hasWildcard = (given: string): boolean => /[*?]/.test(given);

/** Whether an ARN can begin as the pattern does, up to its first wildcard. Accounts have what Security Hub says for an ARN. */
function isOfArns(given: string): boolean {
  const [start = ''] = given.split(/[*?]/);
  return ['arn:', 'AWS::::Account:'].some((arn) => start.startsWith(arn) || (hasWildcard(given) && arn.startsWith(start)));
}

function unknown(what: string, given: string, known: readonly string[]): string | undefined {
  if (known.some((name) => fits(name, given))) return undefined;
  const list = '`posture rules` lists them.';
  if (hasWildcard(given)) return `the pattern ${quote(given)} fits no ${what}. ${list}`;
  const near = nearest(given, known);
  return `there is no ${what} ${quote(given)}. ${near ? `Did you mean ${near}?` : list}`;
}

/** The name of a Config rule would hold for what Config finds alone, and not for the same fault found by Security Hub. */
function configRule(given: string, rules: readonly KnownRule[]): string | undefined {
  const found = rules.filter(({ detectedBy }) => detectedBy.config.includes(given));
  if (found.length === 0) return undefined;
  return `${quote(given)} is a Config rule, and a control is wanted. Write ${found.flatMap(({ detectedBy }) => detectedBy.securityHub).join(', ') || 'the rule, under `rules`'}.`;
}
