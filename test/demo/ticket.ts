import { systemClock } from '../../functions/clock';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { policy } from '../../functions/policy/policy';
import { handleOutcome, type TicketResult } from '../../functions/tickets/handle-outcome';
import { trackerOf } from '../../functions/tickets/vendors/tracker-of';
import type { Gateway } from '../emulator/gateway';
import { memoryRecords } from '../tickets/memory-records';
import { startGitHub } from '../tickets/stand-ins/github';

/** What became of the ticket of a misconfiguration, in a stand-in of GitHub on this machine. */
export interface ShownTicket {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  /** What each outcome did to it, in their order. */
  readonly steps: readonly { readonly outcome: string; readonly result: TicketResult; readonly state: 'open' | 'closed' | 'none' }[];
  /** How many tickets there are. */
  readonly tickets: number;
}

const token = 'of the demo';

/** Has the outcomes of a remediation, which the functions published, open and close a ticket. Closed when fixed: no detector looks again here. */
export async function showTicket({ calls }: Pick<Gateway, 'calls'>, remediation: string): Promise<ShownTicket> {
  const outcomes = calls
    .filter(({ operation }) => operation === 'PutEvents')
    .flatMap(({ input }) => input.Entries as readonly { readonly Detail: string }[])
    .map(({ Detail }) => JSON.parse(Detail) as OutcomeEvent)
    .filter((event) => event.remediation === remediation);
  const server = await startGitHub({ token, now: Date.now, searchLag: 0 });
  try {
    const tracker = { vendor: 'github', url: server.url, project: 'acme/security', secret: 'posture/tracker', searchLag: 0 };
    const given = policy.parse({ tickets: { tracker, comment: ['approved'], close: ['fixed'] } });
    const secret = { read: async () => ({ token }), refused: () => false, seen: () => [token] };
    const ports = {
      policy: async () => given,
      trackerFor: (settings: Parameters<typeof trackerOf>[0]) => trackerOf(settings, secret, { clock: systemClock }),
      records: memoryRecords(Date.now),
      changesOf: async () => [],
      logTicket: async () => undefined,
      slackFor: () => unused('Slack'),
      pagerDutyFor: () => unused('PagerDuty'),
      central: { partition: 'aws', region: outcomes[0]?.region ?? '' },
      clock: systemClock,
      warn: () => undefined,
      countDropped: () => undefined,
    };
    const steps: ShownTicket['steps'][number][] = [];
    for (const [index, event] of outcomes.entries()) {
      const result = await handleOutcome(`event-${index}`, event, ports);
      if (result !== 'ignored') steps.push({ outcome: event.outcome, result, state: server.issues[0]?.state ?? 'none' });
    }
    const { number = 0, title = '', body = '', state = 'open' } = server.issues[0] ?? {};
    return { key: `#${number}`, title, body, state, steps, tickets: server.issues.length };
  } finally {
    await server.stop();
  }
}

function unused(vendor: string): never {
  throw new Error(`The demo has no ${vendor}.`);
}
