import type { Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import { holdEffect } from '../decision/hold-effect';
import type { RollbackPorts } from './ports';

/** Used if the policy can't be read: the default of the policy. */
const usual = { rollbacks: 3, accounts: 3 };

/** Counts the first rollback of a remediation for the breaker of the rule in the account. */
export async function countRollback(
  { remediation, account }: { readonly remediation: string; readonly account: string },
  { rule, store, policy, warn, count }: RollbackPorts,
): Promise<void> {
  const breaker = await policy().then(
    (read) => read.breaker,
    () => usual,
  );
  try {
    const opened = await store.rolledBack({ rule: rule.id, account, remediation, breaker });
    if (opened === undefined) return;
    warn('The breaker of the rule opened', { rule: rule.id, account, opened, rollbacks: breaker.rollbacks });
    count({ BreakerOpened: 1 });
  } catch (error) {
    warn('The rollback was not counted', { remediation, error: describe(error) });
  }
}

/** Whether the rule can fix the resource again. The control function puts the hold when an operator requests the rollback. */
export const holdSentence = (rule: Pick<Rule, 'response'>, held: string | undefined): string =>
  held === undefined ? ' No exemption is recorded: the next finding may fix the resource again.' : ` The ${holdEffect(rule, held)}.`;
