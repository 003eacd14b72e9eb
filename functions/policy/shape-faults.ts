import type * as z from 'zod';
import { nearest } from '../nearest';
import { clean, quote } from '../untrusted-text';
import { valueAt } from '../value-at';
import type { PolicyDocument } from './document';
import { type Path, type PolicyFault, pathText } from './fault';
import { policy } from './policy';
import { keysAt } from './schema-at';

const mostKeys = 20;

/** What zod finds wrong, each with its place, the value, and what is allowed. */
export function* shapeFaults(issues: readonly z.core.$ZodIssue[], { value, lineOf, sourceOf }: PolicyDocument): Generator<PolicyFault> {
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys.slice(0, mostKeys)) yield at([...issue.path, key], unknownKey(key, keysAt(policy, issue.path)));
    } else {
      yield at(issue.path, said(issue, valueAt(value, issue.path), sourceOf(issue.path)));
    }
  }

  function at(path: Path, message: string): PolicyFault {
    return { path: pathText(path), line: lineOf(path), message };
  }
}

/** There is no such key; the nearest, or all that there are. */
export function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return `there is no ${quote(key)} here. ${near ? `Did you mean ${near}?` : `There are ${known.join(', ')}.`}`;
}

type Issue = Exclude<z.core.$ZodIssue, { code: 'unrecognized_keys' }>;

function said(issue: Issue, value: unknown, source: string | undefined): string {
  const shown = typeof value === 'string' || source === undefined ? quote(value) : clean(source);
  if (value === undefined) return 'this is missing. Add it, or leave out all of which it is a part.';
  if (value === null) return 'this is empty. Write a value, or leave out the key.';
  // Numbers and booleans: YAML takes an account id, or a tag's value `true`, for one.
  if (typeof value !== 'object' && typeof value !== 'string' && wantsText(issue)) {
    return `${shown} is a ${typeof value} to YAML, and a text is wanted. Write it in quotes: "${shown}".`;
  }
  switch (issue.code) {
    case 'invalid_value': {
      const values = issue.values.map(String);
      const near = typeof value === 'string' ? nearest(value, values) : undefined;
      return `${shown} is none of ${values.join(', ')}.${near ? ` Did you mean ${near}?` : ''}`;
    }
    case 'invalid_type':
      return `${shown} does not fit: ${wanted(issue.expected)} is wanted.`;
    case 'invalid_union':
      return `${shown} does not fit: a text or a list of texts is wanted.`;
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `this is empty. Write at least one, or leave out the key.`
        : `${shown} is too small: ${issue.minimum} is the least.`;
    case 'too_big':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `${shown} is too long: ${issue.maximum} is the most.`
        : `${shown} is too large: ${issue.maximum} is the most.`;
    default:
      return `${shown} ${issue.message.startsWith('is ') ? issue.message : `does not fit: ${issue.message}`}.`;
  }
}

const wantsText = (issue: Issue): boolean =>
  (issue.code === 'invalid_type' && issue.expected === 'string') ||
  (issue.code === 'invalid_union' && issue.errors.flat().some((one) => one.code === 'invalid_type' && one.expected === 'string'));

function wanted(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    object: 'keys with values',
    record: 'keys with values',
    array: 'a list',
    string: 'a text',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  return words[expected] ?? expected;
}
