import { describe } from '../aws/fault';
import type { Outcome } from '../log/event';
import type { Policy } from '../policy/policy';
import { type Beside, type Ending, end, type Story, type Told } from './context';

/** Ends with a failure of what was begun, and counts it: so many in a row open the rule's breaker. */
export async function endFailed(
  story: Story,
  { breaker }: Pick<Policy, 'breaker'>,
  told: readonly [...Told[], Told & { readonly outcome: Outcome }],
  beside: Beside,
): Promise<Ending> {
  const ending = await end(story, told, beside);
  const { rule, register, warn, count } = story.tools;
  try {
    if (await register.failed(rule.id, breaker.failures)) {
      warn('The breaker of the rule opened', { rule: rule.id, failures: breaker.failures });
      count({ Tripped: 1 });
    }
  } catch (error) {
    warn('The failure was not counted', { rule: rule.id, error: describe(error) });
  }
  return ending;
}
