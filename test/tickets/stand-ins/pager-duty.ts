import * as z from 'zod';
import { type Answer, type Operation, type Request, type StandIn, type StandInOptions, standIn } from './stand-in';

// Written from developer.pagerduty.com/docs/events-api-v2 (Send an alert event). The shapes are written by hand from that page and from the
// description that PagerDuty publishes (github.com/PagerDuty/api-schema, reference/events-v2/openapiv3.json), which is open to further fields.

export interface PagerDutyOptions extends StandInOptions {
  readonly routingKey: string;
}

export interface PagerDutyServer extends StandIn {
  /** The state of each incident, by its key, and how many there were. */
  readonly incidents: Map<string, 'triggered' | 'acknowledged' | 'resolved'>;
  /** As they were sent. */
  readonly events: unknown[];
}

const payload = z.strictObject({
  summary: z.string().min(1).max(1024),
  source: z.string().min(1),
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  timestamp: z.iso.datetime({ offset: true }).optional(),
  component: z.string().optional(),
  group: z.string().optional(),
  class: z.string().optional(),
  custom_details: z.record(z.string(), z.unknown()).optional(),
});
const common = { routing_key: z.string(), dedup_key: z.string().max(255) };
const eventShape = z.discriminatedUnion('event_action', [
  z.strictObject({ ...common, event_action: z.literal('trigger'), payload }),
  z.strictObject({ ...common, event_action: z.enum(['acknowledge', 'resolve']) }),
]);

/** The Events API with one service. An event with the key of an open incident is added to it. */
export async function startPagerDuty(options: PagerDutyOptions): Promise<PagerDutyServer> {
  const incidents: PagerDutyServer['incidents'] = new Map();
  const events: unknown[] = [];
  const operations: readonly Operation[] = [{ method: 'POST', path: /^\/v2\/enqueue$/, body: eventShape, answer: enqueue }];
  const server = await standIn(
    {
      operations,
      unauthorized: () => undefined,
      wrongHeaders: ({ headers }) => (headers['content-type'] === 'application/json' ? undefined : 'Content-Type must be application/json'),
      throttled: (retryAfter) => ({ status: 429, body: '', headers: { 'retry-after': String(retryAfter) } }),
      unavailable: { status: 503, body: '' },
    },
    options,
  );
  return Object.assign(server, { incidents, events });

  function enqueue({ body }: Request): Answer {
    const { routing_key, event_action, dedup_key } = body as z.infer<typeof eventShape>;
    if (routing_key !== options.routingKey)
      return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors: ['Invalid routing key'] } };
    events.push(body);
    const before = incidents.get(dedup_key);
    if (event_action === 'trigger') incidents.set(dedup_key, before === 'acknowledged' ? before : 'triggered');
    else if (before !== undefined && before !== 'resolved')
      incidents.set(dedup_key, event_action === 'acknowledge' ? 'acknowledged' : 'resolved');
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key } };
  }
}
