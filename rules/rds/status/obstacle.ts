import type { Obstacle } from '../../rule';

// In these it is at work, and takes changes other than to its storage.
const open = ['available', 'storage-optimization', 'storage-initialization'];

// These do not pass by themselves. In all others AWS is at work on it.
const stuck = /([-_]failed|-error)$|^(failed|stopped|insufficient-capacity)$|^(inaccessible|incompatible)-/;

/** The status of a DB instance or cluster, where it stands in the way of a change. */
export const hindrance = (status = 'unknown'): { readonly status?: string } => (open.includes(status) ? {} : { status });

/** What a status means for a change of the instance or the cluster. */
export const obstacleBy = (what: 'instance' | 'cluster', status: string): Obstacle =>
  stuck.test(status)
    ? { unfixable: `The ${what} is ${status}, and AWS RDS changes nothing about it until somebody has put that right.` }
    : { blocked: `The ${what} is ${status}; AWS RDS takes changes when it is available again.` };
