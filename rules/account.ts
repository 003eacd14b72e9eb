import type { ResourceKind } from './rule';

/** An account, for what is one and the same in all its regions. */
export const account: ResourceKind = { type: 'AWS::::Account', arn: 'AWS::::Account:{account}', scope: 'global' };

/** An account in one region, for what each region has its own of. */
export const accountInRegion: ResourceKind = { ...account, scope: 'regional' };
