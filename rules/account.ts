import type { ResourceKind } from './rule';

/** An account, for settings that are the same in all regions. */
export const account: ResourceKind = { type: 'AWS::::Account', arn: 'AWS::::Account:{account}', scope: 'global' };

/** An account in one region, for settings that each region has. */
export const accountInRegion: ResourceKind = { ...account, scope: 'regional' };
