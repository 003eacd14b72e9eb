import { ownLogGroups } from '../../logs/own-group/own-group';
import { familyOf } from './resource';

/** A log group for each family of task definitions. */
export const familyLogGroups = ownLogGroups('/posture/ecs', familyOf);
