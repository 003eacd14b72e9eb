import type { Resource } from '../../rules/rule';
import { describe } from '../aws/error';
import { leaseKey } from '../coordination/lease-key';
import { days as milliseconds } from '../duration';
import type { RollbackPorts } from './ports';

/** Used if the policy can't be read: the default of the policy. */
const usual = { days: 90, rollbacks: 3 };

/** Exempts the resource from the rule, and counts the first rollback of a remediation for the breaker. Returns a sentence about it. */
export async function holdAfterRollback(
  { remediation, resource, counts }: { readonly remediation: string; readonly resource: Resource; readonly counts: boolean },
  { rule, actor, store, policy, clock, warn, count }: RollbackPorts,
): Promise<string> {
  const { days, rollbacks } = await policy().then(
    (read) => ({ days: read.rollbacks.exemptDays, rollbacks: read.breaker.rollbacks }),
    () => usual,
  );
  try {
    if (counts && (await store.rolledBack({ rule: rule.id, remediation, max: rollbacks }))) {
      warn('The breaker of the rule opened', { rule: rule.id, rollbacks });
      count({ BreakerOpened: 1 });
    }
    if (days === 0) return '';
    const now = clock.now();
    const until = new Date(now.getTime() + milliseconds(days)).toISOString();
    const attribution = { by: actor, at: now.toISOString(), why: `remediation ${remediation}` };
    await store.hold({ rule: rule.id, resource: leaseKey(rule, resource), attribution, until });
    return ` The rule does not change the resource until ${until}, or until an approver releases it.`;
  } catch (error) {
    warn('The resource is not exempt after its rollback', { remediation, error: describe(error) });
    return ' The exemption could not be recorded: the next finding may fix the resource again.';
  }
}
