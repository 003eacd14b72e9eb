import type { Obstacle } from '../../rule';

// In these, AWS is optimizing the storage and accepts other changes.
const open = ['available', 'storage-optimization', 'storage-initialization'];

// These are not transitional: somebody has to act. All others end without action.
const stuck = /([-_]failed|-error)$|^(failed|stopped|storage-full|insufficient-capacity)$|^(inaccessible|incompatible)-/;

/** The status of a DB instance or cluster, if it prevents a change. */
export const hindrance = (status = 'unknown'): { readonly status?: string } => (open.includes(status) ? {} : { status });

/** The obstacle that a status is to a change of the instance or the cluster, by the pages "DB instance status" and "DB cluster status" of the user guides. */
export const obstacleBy = (what: 'instance' | 'cluster' | 'global database', status: string): Obstacle =>
  stuck.test(status)
    ? {
        unfixable: `The ${what} is ${status}, and Amazon RDS rejects changes to it until that is resolved.`,
        code: codeOf(what, status),
      }
    : { blocked: `The ${what} is ${status}. Amazon RDS accepts changes when it is available again.`, code: 'being-modified' };

const codeOf = (what: string, status: string): string => {
  if (status === 'stopped') return `${what}-stopped`;
  return status === 'storage-full' ? status : 'resource-failed';
};
