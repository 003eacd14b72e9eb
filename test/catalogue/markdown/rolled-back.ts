import type { Rule } from '../../../rules/rule';

const words = {
  exactly: 'to the exact state',
  nearly: 'to the closest possible state',
  partly: 'in part; irreversible changes require an approval',
  never: 'not possible; always requires an approval',
};

/** How far a rollback restores the previous state, in words. */
export const rolledBack = ({ reversible }: Pick<Rule, 'reversible'>): string => words[reversible ?? 'exactly'];
