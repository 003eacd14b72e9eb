import { ownLogGroups } from '../../logs/own-group/own-group';

/** The log groups that the rule creates for VPCs. */
export const flowLogGroups = ownLogGroups('/posture/vpc-flow-logs');
