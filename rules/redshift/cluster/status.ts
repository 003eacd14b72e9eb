import type { Obstacle } from '../../rule';

// These do not pass by themselves. In all others AWS is at work on it.
const stuck = /^(paused|storage-full|hardware-failure|incompatible-.+)$/;

/** The status of a cluster, where it stands in the way of a change. */
export const hindrance = (status = 'unknown'): { readonly status?: string } => (status === 'available' ? {} : { status });

/** What a status means for a change of the cluster. */
export const obstacleBy = (status: string): Obstacle =>
  stuck.test(status)
    ? { unfixable: `The cluster is ${status}, and Amazon Redshift changes nothing about it until somebody has put that right.` }
    : { blocked: `The cluster is ${status}; Amazon Redshift takes changes when it is available again.` };
