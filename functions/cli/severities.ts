import type { Severity } from '../../rules/rule';

/** The severities of rules, the highest first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const satisfies readonly Severity[];
