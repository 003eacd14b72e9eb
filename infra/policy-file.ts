import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CatalogueEntry } from '../functions/catalogue/catalogue';
import { systemClock } from '../functions/clock';
import type { Policy } from '../functions/policy/policy';
import { PolicyError, problemText } from '../functions/policy/problem';
import { readPolicy } from '../functions/policy/read';

/** The policy of this deployment is missing or invalid; the message says what to do. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
}

const root = path.resolve(__dirname, '..');

/** The policy of the file that `cdk.json` names under `context.posture.policy`. Throws a PolicyFileError with all errors. */
export function policyOf(context: unknown, entries: readonly CatalogueEntry[]): Policy {
  const file = fileOf(context);
  let text: string;
  try {
    text = readFileSync(path.resolve(root, file), 'utf8');
  } catch (cause) {
    throw new PolicyFileError(
      `The policy file ${JSON.stringify(file)} can't be read (${(cause as NodeJS.ErrnoException).code}). ${howToName}`,
      { cause },
    );
  }
  return policyIn(text, entries, file);
}

/** Parses a policy and prints its warnings. Throws a PolicyFileError with all errors. */
export function policyIn(text: string, entries: readonly CatalogueEntry[], file = 'The policy'): Policy {
  try {
    const { policy, warnings } = readPolicy(
      text,
      entries.map(({ rule }) => rule),
      systemClock.now(),
    );
    for (const warning of warnings) console.warn(`Warning: ${file}, ${problemText(warning)}`);
    return policy;
  } catch (cause) {
    if (cause instanceof PolicyError) throw new PolicyFileError(`${file}: ${cause.message}`, { cause });
    throw cause;
  }
}

const howToName = 'Specify it in `cdk.json` under `context.posture`, relative to that file: { "policy": "posture.yaml" }.';

/** `cdk --context posture='{"policy":"other.yaml"}'` gives text. */
function fileOf(context: unknown): string {
  const given = typeof context === 'string' ? fromJson(context) : context;
  const { policy, ...others } =
    typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Record<string, unknown>) : {};
  if (typeof policy === 'string' && policy !== '' && Object.keys(others).length === 0) return policy;
  throw new PolicyFileError(
    `The context \`posture\` is ${JSON.stringify(context) ?? 'missing'}, and must contain only the name of the policy file. ${howToName}`,
  );
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
