import type { Obstacle } from '../../rule';

// These are not transitional: somebody has to act. All others end without action.
const stuck = /^(paused|storage-full|hardware-failure|incompatible-.+)$/;

const codes: Readonly<Record<string, string>> = { paused: 'cluster-paused', 'storage-full': 'storage-full' };

/** The status of a cluster, if it prevents a change. */
export const hindrance = (status = 'unknown'): { readonly status?: string } => (status === 'available' ? {} : { status });

/** The obstacle that a status is to a change of the cluster. */
export const obstacleBy = (status: string): Obstacle =>
  stuck.test(status)
    ? {
        unfixable: `The cluster is ${status}, and Amazon Redshift rejects changes to it until that is resolved.`,
        code: codes[status] ?? 'resource-failed',
      }
    : { blocked: `The cluster is ${status}. Amazon Redshift accepts changes when it is available again.`, code: 'being-modified' };
