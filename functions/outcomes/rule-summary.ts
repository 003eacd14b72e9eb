import type { Rule } from '../../rules/rule';

/** What those who listen are told of a rule. */
export type ToldRule = Pick<Rule, 'id' | 'title' | 'severity' | 'risk'> & {
  readonly impact?: string;
  readonly controls?: readonly string[];
};

export const toldRule = ({ id, title, impact, severity, risk, detectedBy }: Rule): ToldRule => ({
  id,
  title,
  impact,
  severity,
  risk,
  controls: detectedBy.securityHub,
});
