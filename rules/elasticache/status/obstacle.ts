import type { Obstacle } from '../../rule';

// These do not pass by themselves. In all others AWS is at work on it.
const stuck = /^(incompatible-.+|.+-failed)$/;

/** The status of a cache cluster or replication group, where it stands in the way of a change. */
export const hindrance = (status = 'unknown'): { readonly status?: string } => (status === 'available' ? {} : { status });

/** What a status means for a change of the cache cluster or the replication group. */
export const obstacleBy = (what: 'cluster' | 'replication group', status: string): Obstacle =>
  stuck.test(status)
    ? {
        unfixable: `The ${what} is ${status}, and Amazon ElastiCache changes nothing about it until somebody has put that right.`,
        code: 'resource-failed',
      }
    : { blocked: `The ${what} is ${status}; Amazon ElastiCache takes changes when it is available again.` };
