import { ownLogGroups } from '../../logs/own-group/own-group';

/** The log groups that the rule makes for VPCs. */
export const flowLogGroups = ownLogGroups('/posture/vpc-flow-logs');
