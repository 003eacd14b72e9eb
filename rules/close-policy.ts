import { readPolicy, writePolicy } from './policy';
import { close } from './public-statements';
import type { AwsCommand, Plan } from './rule';

export interface PolicyCommands {
  /** What AWS calls the policy: `repository policy`. */
  readonly name: string;
  readonly put: (text: string) => AwsCommand;
  /** For a policy of which no statement is left. */
  readonly remove: () => AwsCommand;
}

/** Removes the public statements from a resource policy, and leaves all others as they are; its undo restores the very text. Null: there is no policy. */
export function closePolicy(text: string | null, { name, put, remove }: PolicyCommands): Plan {
  if (text === null) return [];
  const policy = readPolicy(text);
  if (!policy)
    return { unfixable: `The ${name} cannot be parsed as JSON and rewritten without loss. Rewrite it manually.`, code: 'state-unreadable' };
  const closing = close(policy.statements);
  if (closing === 'closed') return [];
  if ('unfixable' in closing) return closing;
  const closed = closing.left.length > 0 ? put(writePolicy(policy, closing.left)) : remove();
  return [{ do: closed, undo: put(text) }];
}
