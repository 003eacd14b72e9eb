import type { Service } from '../request';

/** All accounts are directly below the root. */
export const organizations: Service = {
  ListParents: () => ({ Parents: [{ Id: 'r-root', Type: 'ROOT' }] }),
};
