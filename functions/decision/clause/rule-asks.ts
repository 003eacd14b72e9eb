import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** What the rule leaves to a person, whatever the mode. */
export const ruleAsks = ({ changes }: Facts): readonly ClauseResult[] =>
  [...new Set(changes.flatMap(({ asks }) => asks ?? []))].map((reason) => ({ clause: 'approval', answer: 'ask', reason }));
