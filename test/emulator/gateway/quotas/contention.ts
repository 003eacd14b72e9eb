import { setTimeout as sleep } from 'node:timers/promises';
import { errorAnswer } from '../error';
import type { Operation } from '../operation';
import type { Answer } from '../upstream';
import { type KeysOf, touchedItems } from './touched-items';

/** How much longer a transaction has its items than the emulator takes for it: AWS publishes no number; it takes two rounds of writes. */
const usual = 10;

const transactions = ['TransactWriteItems', 'TransactGetItems', 'ExecuteTransaction'];
const message = 'Transaction is ongoing for the item';

export interface Conflict {
  readonly conflict: Answer;
}

/** Refuses what DynamoDB refuses while a transaction has an item: other transactions, and writes. */
export const emulateContention = () => {
  const until = new Map<string, number>();
  let transactionMilliseconds = usual;

  return {
    /** Sends the request in its turn, unless a transaction has one of its items. The answer to a transaction is for `end`. */
    async attempt(
      operation: Operation,
      { account, region }: { readonly account: string; readonly region: string },
      keysOf: KeysOf,
      send: () => Promise<Answer>,
    ): Promise<Answer | Conflict> {
      const items = touchedItems(operation, keysOf).map((item) => item && `${account} ${region} ${item}`);
      const now = performance.now();
      const taken = items.map((item) => item !== undefined && (until.get(item) ?? 0) > now);
      const isTransaction = transactions.includes(operation.name);
      if (taken.includes(true)) return { conflict: isTransaction ? cancelled(operation, taken) : refused(operation) };
      if (!isTransaction) return send();
      const hold = (end: number) => {
        for (const item of items) if (item) until.set(item, end);
      };
      hold(Number.POSITIVE_INFINITY);
      try {
        return await send();
      } finally {
        hold(performance.now() + transactionMilliseconds);
      }
    },
    /** Waits until a transaction has given its items back: its caller hears of it then. */
    async end({ name }: Operation): Promise<void> {
      if (transactions.includes(name)) await sleep(transactionMilliseconds + 1);
    },
    begin(milliseconds = usual): void {
      transactionMilliseconds = milliseconds;
      until.clear();
    },
  };
};

const refused = (operation: Operation): Answer => errorAnswer(operation, { status: 400, code: 'TransactionConflictException', message });

const cancelled = (operation: Operation, taken: readonly boolean[]): Answer => {
  const code = 'TransactionCanceledException';
  const CancellationReasons = taken.map((is) => (is ? { Code: 'TransactionConflict', Message: message } : { Code: 'None' }));
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  const error = errorAnswer(operation, { status: 400, code, message: Message });
  return { ...error, body: Buffer.from(JSON.stringify({ __type: code, Message, CancellationReasons })) };
};
