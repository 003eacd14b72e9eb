import type { Rule } from '../../../rules/rule';

const words = {
  exactly: 'exactly',
  nearly: 'to the nearest state',
  partly: 'in part; the rest waits for an approval',
  never: 'no; waits for an approval',
};

/** How far a rollback leads back, in words. */
export const rolledBack = ({ reversible }: Pick<Rule, 'reversible'>): string => words[reversible ?? 'exactly'];
