import { describe } from '../aws/error';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import type { Tickets } from '../policy/tickets';
import type { Effect } from '../ticket-records/effect';
import type { TicketPorts } from './ports';
import type { Held } from './record';
import { RetryLater } from './retry-later';

/** An event with what its policy says of it. */
export interface Occasion {
  readonly id: string;
  readonly event: OutcomeEvent;
  readonly effect: Exclude<Effect, 'nothing'>;
  readonly tickets: Tickets;
  readonly ports: TicketPorts;
}

/** The seconds after which a misconfiguration that another worker handles is looked at again. */
const busyFor = 10;

/** Does the work with the record held by nobody else, and releases it whatever happens. */
export async function holding<Result>(
  { records, warn }: Pick<TicketPorts, 'records' | 'warn'>,
  mark: string,
  work: (held: Held) => Promise<Result>,
): Promise<Result> {
  const held = await records.acquire(mark);
  if (held === 'busy') throw new RetryLater(busyFor, `Another worker handles ${mark}.`);
  try {
    return await work(held);
  } finally {
    // It expires by itself.
    await held.release().catch((error: unknown) => warn('A lease was not released', { mark, error: describe(error) }));
  }
}
