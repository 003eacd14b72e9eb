import { matchOf, mayHold, unreadIn } from '../../policy/scope';
import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Whether the member roles of the account only read, by the policy: then nothing can be changed there. */
export const grants = ({ policy, about }: Facts): readonly ClauseResult[] =>
  policy.grants.flatMap((entry, index): readonly ClauseResult[] => {
    if (!mayHold(entry, about)) return [];
    const doubt = matchOf(entry, about) === 'unknown' ? `, which may match, because this can't be read: ${unreadIn(entry, about)}` : '';
    const reason = `the roles in account ${about.account} only read, by grants[${index}]${doubt}`;
    return [{ clause: 'grants', answer: 'observe', reason }];
  });
