import type { Rule } from '../../rules/rule';

/** The metadata of a rule in outcome events. */
export type RuleSummary = Pick<Rule, 'id' | 'title' | 'severity' | 'risk'> & {
  readonly impact?: string;
  readonly controls?: readonly string[];
  readonly property?: string;
};

export const ruleSummary = ({ id, title, impact, severity, risk, detectedBy, property }: Rule): RuleSummary => ({
  id,
  title,
  impact,
  severity,
  risk,
  controls: detectedBy.securityHub,
  ...(property !== undefined && { property }),
});
