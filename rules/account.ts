import { everyRegion } from './every-region';
import type { ResourceKind } from './rule';

const type = 'AWS::::Account';
const arn = 'AWS::::Account:{account}';

/** An account, for settings that are the same in all regions. */
export const account: ResourceKind = { type, arn, scope: 'global', reportedIn: everyRegion };

/** An account in one region, for settings that each region has. */
export const accountInRegion: ResourceKind = { type, arn, scope: 'regional' };
