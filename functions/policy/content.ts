import { createHash } from 'node:crypto';
import { describe } from '../aws/error';
import { firstIssueText } from '../shape-issue';
import { type Policy, policy } from './policy';

/** The policy in force can't be read; nothing is changed until it can. */
export class PolicyUnreadable extends Error {
  override readonly name = 'PolicyUnreadable';

  constructor(what: string, options?: ErrorOptions) {
    super(
      `${what} Until a valid policy is readable, no rule starts a change. Check the deployed policy (\`posture policy show\`), and publish a valid one (\`posture policy publish\`).`,
      options,
    );
  }
}

/** The policy of a content that AppConfig has deployed; undefined stands for none. Throws PolicyUnreadable. */
export function parseContent(content: string | undefined): Policy {
  if (content === undefined) throw new PolicyUnreadable('AppConfig has no policy deployed.');
  let value: unknown;
  try {
    value = JSON.parse(content, refusePrototype);
  } catch (cause) {
    const why = cause instanceof SyntaxError ? '' : `: ${describe(cause)}`;
    throw new PolicyUnreadable(`The policy deployed in AppConfig is not valid JSON${why}.`, { cause });
  }
  const parsed = policy.safeParse(value);
  if (!parsed.success) {
    throw new PolicyUnreadable(`The policy deployed in AppConfig is invalid: ${firstIssueText(parsed.error.issues)}.`);
  }
  return parsed.data;
}

/** SHA-256 of the very text that AppConfig has deployed. */
export const hashOfContent = (content: string): string => createHash('sha256').update(content).digest('hex');

/** Records drop such a key, so a clause with it would apply to more than it says. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Error('`__proto__` is not allowed as a key');
  return value;
}
