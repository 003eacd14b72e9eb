import type { Rule } from '../../rules/rule';
import { fits } from '../../rules/wildcard';
import { nearest } from '../catalogue/nearest';
import { quote } from '../findings/quote';
import type { Path } from './fault';
import type { PlacedScope } from './scopes';

/** What is known of a rule without running it. */
export type KnownRule = Pick<Rule, 'id' | 'detectedBy' | 'parameters'>;

/** A fault before its line is looked up. */
export type PlacedFault = readonly [path: Path, message: string];

/** Rules and controls that the catalogue does not have: a clause about them would never hold, and nobody would notice. */
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
  }
}

function unknown(what: string, given: string, known: readonly string[]): string | undefined {
  if (known.some((name) => fits(name, given))) return undefined;
  const list = '`posture rules` lists them.';
  if (/[*?]/.test(given)) return `the pattern ${quote(given)} fits no ${what}. ${list}`;
  const near = nearest(given, known);
  return `there is no ${what} ${quote(given)}. ${near ? `Did you mean ${near}?` : list}`;
}

/** The name of a Config rule would hold for what Config finds alone, and not for the same fault found by Security Hub. */
function configRule(given: string, rules: readonly KnownRule[]): string | undefined {
  const found = rules.filter(({ detectedBy }) => detectedBy.config.includes(given));
  if (found.length === 0) return undefined;
  return `${quote(given)} is a Config rule, and a control is wanted. Write ${found.flatMap(({ detectedBy }) => detectedBy.securityHub).join(', ') || 'the rule, under `rules`'}.`;
}
