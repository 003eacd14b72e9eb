import { everyRegion } from './every-region';
import type { ResourceKind } from './rule';

const type = 'AWS::::Account';
const arn = 'AWS::::Account:{account}';

/** An account, for settings that are the same in all regions. */
export const account: ResourceKind = { type, arn, scope: 'global', reportedIn: everyRegion };

/** The setting of S3 for a whole account, as AWS Config names it by the id of the account. */
export const accountPublicAccessBlock: ResourceKind = { ...account, type: 'AWS::S3::AccountPublicAccessBlock' };

/** An account in one region, for settings that each region has. */
export const accountInRegion: ResourceKind = { type, arn, scope: 'regional' };
