import { readDocument } from './document';
import { PolicyError, type PolicyFault, pathText } from './fault';
import { type KnownRule, nameFaults, outcomeFaults, type PlacedFault } from './name-faults';
import { parameterPolicyFaults } from './parameter-faults';
import { type Policy, policy } from './policy';
import { scopesOf } from './scopes';
import { shapeFaults } from './shape-faults';
import { expiryWarnings, freezeFaults } from './time-faults';

export interface ReadPolicy {
  readonly policy: Policy;
  /** Problems that do not make the policy invalid. */
  readonly warnings: readonly PolicyFault[];
}

const mostFaults = 100;

/**
 * The policy of a YAML or JSON text, defaults filled in, checked against the catalogue. Throws a PolicyError with all errors (the first
 * hundred): invalid YAML, unknown keys, rules, controls and parameters, invalid values, impossible times.
 */
export function readPolicy(text: string, rules: readonly KnownRule[], now: Date): ReadPolicy {
  const document = readDocument(text);
  const parsed = policy.safeParse(document.value, { reportInput: false });
  if (!parsed.success) throw new PolicyError(first(shapeFaults(parsed.error.issues, document)));
  const { data } = parsed;
  const faults = first(
    lined([nameFaults(scopesOf(data), rules), outcomeFaults(data), parameterPolicyFaults(data, rules), freezeFaults(data)]),
  );
  if (faults.length > 0) throw new PolicyError(faults);
  return { policy: data, warnings: first(lined([expiryWarnings(data, now)])) };

  function* lined(all: readonly Iterable<PlacedFault>[]): Generator<PolicyFault> {
    for (const found of all) {
      for (const [path, message] of found) yield { path: pathText(path), line: document.lineOf(path), message };
    }
  }
}

/** The first hundred errors: enough for an author, and a limit for a hostile text. */
function first(faults: Iterable<PolicyFault>): readonly PolicyFault[] {
  const kept: PolicyFault[] = [];
  for (const fault of faults) {
    if (kept.length === mostFaults)
      return [...kept, { path: '', message: `there are more than these ${mostFaults} errors. Fix these first.` }];
    kept.push(fault);
  }
  return kept;
}
