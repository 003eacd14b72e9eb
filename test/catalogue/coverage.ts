import type { Rule } from '../../rules/rule';
import type { Control } from './controls';
import { inScope } from './scope';

/** What the catalogue answers of all controls, and what is wrong with that. */
export interface Coverage {
  readonly controls: readonly Control[];
  /** Those that some rule answers. */
  readonly fixed: readonly Control[];
  /** In scope, and left out on purpose. */
  readonly omitted: readonly Control[];
  /** In scope, and neither answered nor left out on purpose. */
  readonly missing: readonly Control[];
  /** Controls that rules or omissions name wrongly, in sentences. */
  readonly mistakes: readonly string[];
}

export function coverage(
  rules: readonly Pick<Rule, 'id' | 'detectedBy'>[],
  controls: readonly Control[],
  omissions: Readonly<Record<string, string>>,
): Coverage {
  const answered = new Set(rules.flatMap(({ detectedBy }) => detectedBy.securityHub));
  const known = new Set(controls.map(({ id }) => id));
  const omitting = Object.keys(omissions);
  const scope = controls.filter(inScope);
  const ofScope = new Set(scope.map(({ id }) => id));
  return {
    controls,
    fixed: controls.filter(({ id }) => answered.has(id)),
    omitted: scope.filter(({ id }) => !answered.has(id) && omitting.includes(id)),
    missing: scope.filter(({ id }) => !answered.has(id) && !omitting.includes(id)),
    mistakes: [
      ...rules.flatMap(({ id, detectedBy }) =>
        detectedBy.securityHub
          .filter((control) => !known.has(control))
          .map((control) => `The rule ${id} names ${control}, and Security Hub has no such control.`),
      ),
      ...omitting.filter((id) => !ofScope.has(id)).map((id) => `The omissions name ${id}, which is not in scope anyway.`),
      ...omitting.filter((id) => answered.has(id)).map((id) => `The omissions name ${id}, which a rule answers after all.`),
    ],
  };
}
