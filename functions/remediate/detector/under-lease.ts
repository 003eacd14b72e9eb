import { describe } from '../../aws/error';
import type { Result } from '../context';
import { askAgain, endOutdated, endQuietly } from './ends';
import { type Hearing, readHearing } from './trail';

/** Goes on with what the log has under the lease: a rollback can have begun meanwhile. */
export async function underLease<Answer>(hearing: Hearing, act: (held: Hearing) => Promise<Answer>): Promise<Answer | Result> {
  const { attempt, ports } = hearing.context;
  const { rule, leases, secondsLeft, warn } = ports;
  const lease = await leases.acquire({ resource: hearing.lease, rule: rule.id, seconds: secondsLeft() + 5 });
  if ('heldBy' in lease) return askAgain(hearing, 'Another worker is changing this resource.');
  try {
    const held = await readHearing(attempt, ports);
    if (!held) return endQuietly(attempt);
    return held.later === undefined ? await act(held) : await endOutdated(held, held.later);
  } finally {
    // A lease that is not released expires.
    await lease.release().catch((error: unknown) => warn('The lease was not released', { error: describe(error) }));
  }
}
