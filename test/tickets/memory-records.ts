import { leaseFor } from '../../functions/tickets/dynamo-records';
import { LeaseLost, type TicketRecord, type TicketRecords } from '../../functions/tickets/record';

export interface MemoryRecords extends TicketRecords {
  readonly records: Map<string, TicketRecord>;
}

/** The records in memory, with the leases and counters of the table: `records.test.ts` holds both to the same. */
export function memoryRecords(now: () => number): MemoryRecords {
  const records = new Map<string, TicketRecord>();
  const leases = new Map<string, { readonly holder: number; readonly expires: number }>();
  const opened = new Map<string, number>();
  let began: number | undefined;
  let holders = 0;
  const count = (of: string): number => {
    const next = (opened.get(of) ?? 0) + 1;
    opened.set(of, next);
    return next;
  };
  return {
    records,
    async acquire(mark) {
      const lease = leases.get(mark);
      if (lease && lease.expires >= now()) return 'busy';
      holders += 1;
      const holder = holders;
      leases.set(mark, { holder, expires: now() + leaseFor });
      records.set(mark, records.get(mark) ?? {});
      return {
        mark,
        get record() {
          return records.get(mark) ?? {};
        },
        async save(change) {
          if (leases.get(mark)?.holder !== holder) throw new LeaseLost(`Another worker handles ${mark} now.`);
          const given = Object.entries({ ...records.get(mark), ...change }).filter(([, value]) => value !== undefined);
          records.set(mark, structuredClone(Object.fromEntries(given)));
        },
        async release() {
          if (leases.get(mark)?.holder === holder) leases.delete(mark);
        },
      };
    },
    async admit({ perHour, firstDay }) {
      began ??= now();
      if (now() - began < 86_400_000 && count('first') > firstDay) return { shared: 'backlog' };
      const hour = new Date(now()).toISOString().slice(0, 13);
      return count(hour) > perHour ? { shared: hour } : 'own';
    },
  };
}
