import type { Obstacle } from '../../rule';

// These do not end by themselves. All others are temporary.
const stuck = /^(incompatible-.+|.+-failed)$/;

/** The status of a cache cluster or replication group, if it prevents a change. */
export const hindrance = (status = 'unknown'): { readonly status?: string } => (status === 'available' ? {} : { status });

/** The obstacle that a status of a cache cluster or replication group is to a change. */
export const obstacleBy = (what: 'cluster' | 'replication group', status: string): Obstacle =>
  stuck.test(status)
    ? {
        unfixable: `The ${what} is ${status}, and Amazon ElastiCache rejects changes until that is resolved.`,
        code: 'resource-failed',
      }
    : { blocked: `The ${what} is ${status}. Amazon ElastiCache accepts changes when it is available again.`, code: 'being-modified' };
