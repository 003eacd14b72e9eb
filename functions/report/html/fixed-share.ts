import type { Group } from '../numbers/groups';
import { count, percent } from './texts';

/** How many there were to fix: without those that are exempt, and those with nothing to fix. */
const toFix = ({ found, counts }: Pick<Group, 'found' | 'counts'>): number => found - counts.exempt - counts.compliant;

/** `83 % of 46`: the fixed ones of those that were to be fixed. */
export const fixedShare = (group: Pick<Group, 'found' | 'counts'>): string =>
  `${percent(group.counts.fixed, toFix(group))} of ${count(toFix(group))}`;
