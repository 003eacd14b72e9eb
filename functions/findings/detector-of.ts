import { detectorsOf } from '../../rules/detectors';
import type { Rule } from '../../rules/rule';

/**
 * The detector by which a rule is named where none has reported anything: its parameters are not known, so those of the policy and the rule
 * count. Undefined for a rule without detectors.
 */
export const detectorOf = ({ detectedBy }: Pick<Rule, 'detectedBy'>): string | undefined => detectorsOf(detectedBy)[0];
