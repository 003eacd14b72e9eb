import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadRules } from '../../catalogue/catalogue';
import { systemClock } from '../../clock';
import type { Policy } from '../../policy/policy';
import { PolicyError, type PolicyProblem, problemText } from '../../policy/problem';
import { type ReadPolicy, readPolicy } from '../../policy/read';
import { quote } from '../../untrusted-text';
import { Unable } from '../failure';

/** The policy file of this repository. */
export const ownFile = path.resolve(__dirname, '../../../posture.yaml');

/** The policy of a file, with warnings. Throws an Unable that lists all errors. */
export function readPolicyFile(file: string): ReadPolicy {
  try {
    return readPolicy(
      textOf(file),
      loadRules().map(({ rule }) => rule),
      systemClock.now(),
    );
  } catch (error) {
    if (error instanceof PolicyError) throw new Unable(`${file} is invalid and was not applied:`, inOrder(error.problems).map(problemText));
    throw error;
  }
}

/** The policy of the file, or of this repository's. Throws an Unable that lists all errors. */
export const ownerPolicy = (file: string = ownFile): Policy => readPolicyFile(file).policy;

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Unable(
      `The policy file ${quote(file)} can't be read (${code}). Specify an existing file, such as posture.yaml at the root of the repository.`,
    );
  }
}

/** In the order of their lines; those without a line come last. */
const inOrder = (problems: readonly PolicyProblem[]): readonly PolicyProblem[] => {
  const lineOf = ({ line = Number.MAX_SAFE_INTEGER }: PolicyProblem) => line;
  return problems.toSorted((a, b) => lineOf(a) - lineOf(b));
};
