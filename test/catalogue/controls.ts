import type { Severity } from '../../rules/rule';
import all from './controls.json';

/**
 * How a control can be put right: without anybody noticing, by a setting of the account, with somebody noticing, by making something, by what
 * only the owner can say; or not in place (`replace-only`), or by no call at all (`detect-only`).
 */
export type ControlClass =
  | 'auto-safe'
  | 'account-setting'
  | 'auto-disruptive'
  | 'create-resource'
  | 'needs-input'
  | 'replace-only'
  | 'detect-only';

/** A control of AWS Security Hub CSPM. */
export interface Control {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** CloudFormation type of what it is about. */
  readonly resource: string;
  /** The standards it belongs to, with the number of the requirement where there is one: `FSBP`, `CIS3.0:1.2`. */
  readonly standards: readonly string[];
  readonly class: ControlClass;
  /** Left out where it is active. */
  readonly status?: 'retiring' | 'retired';
  /** Whether it asks for tags, and nothing else. */
  readonly tagging?: true;
  /** Whether Automated Security Response on AWS, 3.1.5, fixes it. */
  readonly peer?: true;
}

/** All controls of Security Hub, as of autumn 2026. */
export const controls = all as readonly Control[];
