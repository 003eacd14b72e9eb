import { setTimeout } from 'node:timers/promises';

/** Milliseconds between two tries, where others write at the same moment. */
const pauses = [20, 40, 80, 160, 320, 640, 1000, 1000, 1000, 1000];

/** Sends to DynamoDB again what it refused only for others at the same items, or for its own load: the SDK takes that for an answer. */
export async function throughCrowd<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  for (const pause of pauses) {
    try {
      return await send();
    } catch (error) {
      if (!isCrowded(error)) throw error;
    }
    await setTimeout(pause * (0.5 + Math.random()));
  }
  return send();
}

const crowding = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];

/** Whether DynamoDB refused a write for nothing but others at the same items, or its own load. */
export function isCrowded(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A write of a single item, which a transaction has at the moment, if only to check it.
  if (error.name === 'TransactionConflictException') return true;
  const { CancellationReasons = [] } = error as { readonly CancellationReasons?: readonly { readonly Code?: string }[] };
  const codes = CancellationReasons.flatMap(({ Code = 'None' }) => (Code === 'None' ? [] : [Code]));
  return codes.length > 0 && codes.every((code) => crowding.includes(code));
}
