import type { Rule } from '../../rules/rule';

/** The metadata of a rule in outcome events. */
export type RuleSummary = Pick<Rule, 'id' | 'title' | 'severity' | 'risk'> & {
  readonly impact?: string;
  readonly controls?: readonly string[];
  readonly property?: string;
  /** Anybody may reach the resource. */
  readonly exposes?: true;
  /** It responds to a threat. */
  readonly response?: true;
};

export const ruleSummary = ({ id, title, impact, severity, risk, detectedBy, property, exposes, response }: Rule): RuleSummary => ({
  id,
  title,
  impact,
  severity,
  risk,
  controls: detectedBy.securityHub,
  ...(property !== undefined && { property }),
  ...(exposes && { exposes }),
  ...(response && { response }),
});
