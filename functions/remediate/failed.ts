import { describe } from '../aws/error';
import type { Outcome } from '../log/event';
import type { Policy } from '../policy/policy';
import { type AttemptContext, type EventBody, end, type OutcomeDetails, type RemediationContext, type Result } from './context';

/** Ends with a failure, and counts it: consecutive failures in an account open the breaker of the rule there. */
export async function endFailed(
  context: RemediationContext,
  policy: Pick<Policy, 'breaker'>,
  bodies: readonly [...EventBody[], EventBody & { readonly outcome: Outcome }],
  details: OutcomeDetails,
): Promise<Result> {
  const result = await end(context, bodies, details);
  await countFailure(context, policy);
  return result;
}

export async function countFailure({ journal, ports }: AttemptContext, { breaker }: Pick<Policy, 'breaker'>): Promise<void> {
  const { rule, store, warn, count } = ports;
  const { account } = journal.subject;
  try {
    const opened = await store.failed({ rule: rule.id, account, breaker });
    if (opened !== undefined) {
      warn('The breaker of the rule opened', { rule: rule.id, account, opened, failures: breaker.failures });
      count({ BreakerOpened: 1 });
    }
  } catch (error) {
    warn('The failure was not counted', { rule: rule.id, error: describe(error) });
  }
}
