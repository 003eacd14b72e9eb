import type { Facts } from '../facts';
import type { ClauseResult } from '../verdict';

/** Whether responses have contained as much in this hour as they may by themselves. The permit counts it exactly. */
export function cap({ caps = [], recorded }: Facts): readonly ClauseResult[] {
  if ('unknown' in recorded || recorded.known.counted) return [];
  const { capped = {} } = recorded.known;
  return caps.flatMap(({ of, what, max, member }): readonly ClauseResult[] => {
    const members = capped[of];
    // Not read yet: the permit is denied, and it is read for the next decision.
    if (members === undefined || members.includes(member)) return [];
    const count = `${members.length} of ${max} ${what} this hour`;
    return [
      members.length < max
        ? { clause: 'limit', answer: 'fix', reason: count }
        : { clause: 'limit', answer: 'ask', reason: `${count}: limit of responses.caps reached` },
    ];
  });
}
