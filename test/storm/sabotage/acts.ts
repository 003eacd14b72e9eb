import type { Sabotage } from './apply';

/** The engine broken in ways that an honest mistake could break it, each with the checks that have to find it. */
export const acts: readonly Sabotage[] = [];
