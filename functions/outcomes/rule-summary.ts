import type { Rule } from '../../rules/rule';

/** The metadata of a rule in outcome events. */
export type RuleSummary = Pick<Rule, 'id' | 'title' | 'severity' | 'risk'> & {
  readonly impact?: string;
  readonly controls?: readonly string[];
};

export const ruleSummary = ({ id, title, impact, severity, risk, detectedBy }: Rule): RuleSummary => ({
  id,
  title,
  impact,
  severity,
  risk,
  controls: detectedBy.securityHub,
});
