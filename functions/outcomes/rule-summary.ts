import type { Rule } from '../../rules/rule';

/** What those who listen are told of a rule. */
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
