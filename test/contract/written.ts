import { lineOf } from '../../functions/archive/format';
import type { LogEvent } from '../../functions/log/event';
import { itemOf } from '../../functions/log/item';
import { recordOf } from '../../functions/log/record';
import type { Trail } from '../../functions/log/trail';
import { chat } from '../../functions/notify/chat';
import { email } from '../../functions/notify/email';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { publishOutcome } from '../../functions/outcomes/publish-outcome';
import { freshPolicy } from '../../functions/policy/policy';
import type { Result } from '../../functions/remediate/context';
import type { Ports } from '../../functions/remediate/ports';
import { collect } from '../../functions/report/collect';
import { draftOf } from '../../functions/tickets/content';
import { askingMessage } from '../../functions/tickets/slack-message';
import type { Call } from '../emulator/gateway';

/** What was written, by where it goes. */
type Written = Readonly<Record<string, unknown>>;

/** The services of the central account in which our functions write. Rules whose resources may hold secrets change none of theirs. */
const stores: readonly string[] = ['dynamodb', 'events', 'scheduler', 'securityhub', 'config', 'sqs', 'sns'];

const central = { partition: 'aws', region: 'eu-west-1' };

/** Ports that keep what they are given, and what of it everybody else writes. */
export function keepingPorts() {
  const published: OutcomeEvent[] = [];
  const lines: unknown[] = [];
  const over: Partial<Ports> = {
    publishOutcome: publishOutcome(
      async (event) => void published.push(event),
      async () => freshPolicy,
    ),
    warn: (message, details) => void lines.push({ message, details }),
    count: (values) => void lines.push(values),
  };

  /** All that is written of a remediation: by its function, and by those that read its log and its events. */
  async function everything(result: Result, events: readonly LogEvent[], calls: readonly Call[]): Promise<Written> {
    const [{ rule = '' } = {}] = events;
    const trail: Trail = { by: 'rule', rule, remediation: result.remediation };
    const items = events.map((event) => itemOf(event, `${rule}/${result.remediation}`));
    const changes = events.flatMap((event) => event.changes ?? []);
    const record = recordOf({ rule, remediation: result.remediation }, [{ trail, events, forged: [] }]);
    const details = { changes, central, answers: true };
    return {
      log: items,
      'coordination and orders': calls.filter(({ service }) => stores.includes(service)).map(({ input }) => input),
      'log lines': [...lines, result],
      events: published,
      archive: items.map((item) => lineOf(item)),
      emails: published.map((event) => email(event, central)),
      chats: published.map((event) => chat(event, central, 'id')),
      tickets: published.map((event) => draftOf(event, { owners: { tags: {}, accounts: {} } }, details)),
      'chats with buttons': published.map((event) => askingMessage(event, 'posture-0000000000000000', true)),
      // A report is made of nothing else.
      reports: await collect([record], { until: Number.POSITIVE_INFINITY, severityOf: () => 'high' }),
    };
  }

  return { over, everything };
}
