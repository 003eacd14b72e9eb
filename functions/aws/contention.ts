import { retry } from '../backoff';
import type { Clock } from '../clock';

/** Milliseconds between two tries, where others write at the same moment. */
const pauses = [20, 40, 80, 160, 320, 640, 1000, 1000, 1000, 1000];

/** Sends to DynamoDB again what it refused only for others at the same items, or for its own load: the SDK takes that for an answer. */
export const retryContention = <Answer>(send: () => Promise<Answer>, clock: Clock): Promise<Answer> =>
  retry(send, isContention, { clock, pauses, jitter: true });

const contentionErrors = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/** Whether DynamoDB refused a write for nothing but others at the same items, or its own load. */
export function isContention(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A write of a single item, which a transaction has at the moment, if only to check it.
  if (error.name === 'TransactionConflictException') return true;
  const { CancellationReasons = [] } = error as { readonly CancellationReasons?: readonly { readonly Code?: string }[] };
  const codes = CancellationReasons.flatMap(({ Code = 'None' }) => (Code === 'None' ? [] : [Code]));
  return codes.length > 0 && codes.every((code) => contentionErrors.includes(code));
}
