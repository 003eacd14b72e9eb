import type * as z from 'zod';

type Issue = Pick<z.core.$ZodIssue, 'code' | 'message' | 'path'> & {
  readonly expected?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly origin?: unknown;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
};

/** What is wrong with a value, as a phrase without its path: `must be a number`. A message of our own schemas is kept. */
export function issueText(issue: Issue): string {
  if (!/^(Invalid|Too|Unrecognized|Expected)\b/.test(issue.message)) return issue.message;
  const { expected, minimum, maximum, origin, keys = [], values = [] } = issue;
  const measured = units[String(origin)] ?? '';
  if (issue.code === 'invalid_type') return `must be of the type ${String(expected)}`;
  if (issue.code === 'too_small') return `must be at least ${String(minimum)}${measured}`;
  if (issue.code === 'too_big') return `must be at most ${String(maximum)}${measured}`;
  if (issue.code === 'unrecognized_keys') return `has unknown fields (${keys.join(', ')})`;
  if (issue.code === 'invalid_value') return `must be one of ${values.map(String).join(', ')}`;
  return 'does not have the expected form';
}

const units: Readonly<Record<string, string>> = { string: ' characters', array: ' items', set: ' items' };

/** The first of the issues, as a phrase with its path. */
export function firstIssueText([issue]: readonly Issue[]): string {
  if (!issue) return 'a value does not have the expected form';
  return `${issue.path.length === 0 ? 'the value' : issue.path.map(String).join('.')} ${issueText(issue)}`;
}
