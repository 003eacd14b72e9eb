import { putHold } from '../coordination/hold';
import { days } from '../duration';
import type { Policy } from '../policy/policy';
import type { History } from './history';
import type { ControlPorts } from './ports';

interface HoldRequest {
  readonly history: Pick<History, 'rule' | 'lease'>;
  readonly policy: Policy;
  /** The ARN of the operator. */
  readonly by: string;
  readonly why: string;
}

/** Keeps the rule from changing the resource for as long as the policy says. Returns the end of the hold, ISO 8601; undefined if there is none. */
export async function holdFor(
  { history: { rule, lease }, policy, by, why }: HoldRequest,
  { dynamo, orders, clock }: Pick<ControlPorts, 'dynamo' | 'orders' | 'clock'>,
): Promise<string | undefined> {
  const { exemptDays } = policy.rollbacks;
  if (exemptDays === 0) return undefined;
  const now = clock.now();
  const until = new Date(now.getTime() + days(exemptDays)).toISOString();
  await putHold(dynamo, orders, { rule: rule.id, resource: lease, attribution: { by, at: now.toISOString(), why }, until });
  return until;
}
