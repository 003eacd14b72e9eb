import { approverWarnings } from './approver-warnings';
import { readDocument } from './document';
import { limitWarnings } from './limit-problems';
import { configRuleProblems, type KnownRule, nameProblems, outcomeProblems } from './name-problems';
import { parameterPolicyProblems } from './parameter-problems';
import { type Policy, policy } from './policy';
import { type PlacedProblem, PolicyError, type PolicyProblem, pathText } from './problem';
import { requesterProblems, requesterWarnings } from './requester-problems';
import { scopesOf } from './scopes';
import { shapeProblems } from './shape-problems';
import { ticketProblems, ticketWarnings } from './ticket-problems';
import { expiryWarnings, freezeProblems } from './time-problems';

export interface ReadPolicy {
  readonly policy: Policy;
  /** Problems that do not make the policy invalid. */
  readonly warnings: readonly PolicyProblem[];
}

const maxErrors = 100;

/**
 * The policy of a YAML or JSON text, defaults filled in, checked against the catalogue. Throws a PolicyError with all errors (the first
 * hundred): invalid YAML, unknown keys, rules, controls and parameters, invalid values, impossible times.
 */
export function readPolicy(text: string, rules: readonly KnownRule[], now: Date): ReadPolicy {
  const document = readDocument(text);
  const parsed = policy.safeParse(document.value, { reportInput: false });
  if (!parsed.success) throw new PolicyError(first(shapeProblems(parsed.error.issues, document)));
  const { data } = parsed;
  const problems = first(
    lined([
      nameProblems(scopesOf(data), rules),
      configRuleProblems(data, rules),
      outcomeProblems(data),
      parameterPolicyProblems(data, rules),
      freezeProblems(data),
      requesterProblems(data),
      ticketProblems(data),
    ]),
  );
  if (problems.length > 0) throw new PolicyError(problems);
  return {
    policy: data,
    warnings: first(
      lined([expiryWarnings(data, now), approverWarnings(data), limitWarnings(data), requesterWarnings(data), ticketWarnings(data)]),
    ),
  };

  function* lined(all: readonly Iterable<PlacedProblem>[]): Generator<PolicyProblem> {
    for (const found of all) {
      for (const [path, message] of found) yield { path: pathText(path), line: document.lineOf(path), message };
    }
  }
}

/** The first hundred errors: enough for an author, and a limit for a hostile text. */
function first(problems: Iterable<PolicyProblem>): readonly PolicyProblem[] {
  const kept: PolicyProblem[] = [];
  for (const problem of problems) {
    if (kept.length === maxErrors)
      return [...kept, { path: '', message: `there are more than these ${maxErrors} errors. Fix these first.` }];
    kept.push(problem);
  }
  return kept;
}
