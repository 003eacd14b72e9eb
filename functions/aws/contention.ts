import { retry } from '../backoff';
import type { Clock } from '../clock';

/** Milliseconds between two attempts, if others write at the same time. */
const pauses = [20, 40, 80, 160, 320, 640, 1000, 1000, 1000, 1000];

/** Retries a write that DynamoDB refused because of contention or its own load, which the SDK doesn't retry. */
export const retryContention = <Answer>(send: () => Promise<Answer>, clock: Clock): Promise<Answer> =>
  retry(send, isContention, { clock, pauses, jitter: true });

const contentionErrors = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/** Whether DynamoDB refused a write only because of contention or its own load. */
export function isContention(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, CancellationReasons = [] } = error as {
    readonly name?: string;
    readonly CancellationReasons?: readonly { readonly Code?: string }[];
  };
  // A write of a single item that a concurrent transaction writes or checks.
  if (name === 'TransactionConflictException') return true;
  const codes = CancellationReasons.flatMap(({ Code = 'None' }) => (Code === 'None' ? [] : [Code]));
  return codes.length > 0 && codes.every((code) => contentionErrors.includes(code));
}
