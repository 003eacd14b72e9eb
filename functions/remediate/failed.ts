import { describe } from '../aws/error';
import type { Outcome } from '../log/event';
import type { Policy } from '../policy/policy';
import { type EventBody, end, type OutcomeDetails, type RemediationContext, type Result } from './context';
import type { Ports } from './ports';

/** Ends with a failure, and counts it: consecutive failures open the breaker of the rule. */
export async function endFailed(
  context: RemediationContext,
  policy: Pick<Policy, 'breaker'>,
  bodies: readonly [...EventBody[], EventBody & { readonly outcome: Outcome }],
  details: OutcomeDetails,
): Promise<Result> {
  const result = await end(context, bodies, details);
  await countFailure(context.ports, policy);
  return result;
}

export async function countFailure({ rule, store, warn, count }: Ports, { breaker }: Pick<Policy, 'breaker'>): Promise<void> {
  try {
    if (await store.failed(rule.id, breaker.failures)) {
      warn('The breaker of the rule opened', { rule: rule.id, failures: breaker.failures });
      count({ BreakerOpened: 1 });
    }
  } catch (error) {
    warn('The failure was not counted', { rule: rule.id, error: describe(error) });
  }
}
