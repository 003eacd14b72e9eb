import { createHash } from 'node:crypto';
import type { HandedOn } from '../coordination/handed-on';
import type { Attempt } from '../findings/attempt';
import { type RetryMessage, retryMessage } from '../findings/retry-message';

export interface HandingOn {
  /** Invokes this function asynchronously. */
  readonly invokeSelf: (message: RetryMessage) => Promise<void>;
  readonly handedOn: HandedOn;
}

/** The maximum number of simultaneous requests to Lambda. */
const maxSimultaneous = 10;

/**
 * Gives each finding of an event an invocation of its own, so that none waits for another. If some of them fail, it throws after all were
 * tried: the next delivery of the event repeats only those. Returns how many this delivery has handed on.
 */
export async function handOn(event: unknown, findings: readonly Attempt[], { invokeSelf, handedOn }: HandingOn): Promise<number> {
  const hash = createHash('sha256').update(JSON.stringify(event)).digest('hex');
  const before = await handedOn.read(hash);
  const left = findings.flatMap((attempt, index) => (before.has(index) ? [] : [{ attempt, index }]));
  const done: number[] = [];
  const errors: unknown[] = [];
  await Promise.all(Array.from({ length: Math.min(maxSimultaneous, left.length) }, work));
  if (done.length > 0) await handedOn.record(hash, done);
  if (errors.length > 0)
    throw new AggregateError(errors, `${errors.length} of ${findings.length} findings could not be handed on to invocations of their own.`);
  return done.length;

  async function work(): Promise<void> {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      try {
        await invokeSelf(retryMessage(next.attempt));
        done.push(next.index);
      } catch (error) {
        errors.push(error);
      }
    }
  }
}
