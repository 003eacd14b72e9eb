import { AwsError } from '../error';
import type { Service } from '../request';

export interface BusEvent {
  readonly detailType: string;
  // biome-ignore lint/suspicious/noExplicitAny: each type has a detail of its own.
  readonly detail: any;
}

/** A bus that takes events of up to 256 KB. */
export function eventBridge(onEvent: (event: BusEvent) => void): Service {
  return {
    PutEvents({ input }) {
      if (input.Entries.length > 10) throw new AwsError('ValidationException', 'Member must have length less than or equal to 10');
      if (Buffer.byteLength(JSON.stringify(input.Entries)) > 256 * 1024)
        throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
      for (const { DetailType, Detail } of input.Entries) onEvent({ detailType: DetailType, detail: JSON.parse(Detail) });
      return { FailedEntryCount: 0, Entries: input.Entries.map((_: unknown, index: number) => ({ EventId: String(index) })) };
    },
  };
}
