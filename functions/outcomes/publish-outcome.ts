import { type EventBridgeClient, PutEventsCommand, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { poll } from '../backoff';
import type { Clock } from '../clock';
import { freshPolicy, type Policy } from '../policy/policy';
import { type OutcomeNotice, outcomeEvent } from './outcome-event';
import { type OutcomeEvent, outcomeEnvelope } from './outcome-schema';
import { isWanted } from './recipients';

/** Publishes an outcome to subscribers. If the policy can't be read, only the details that depend on it are missing. */
export function publishOutcome(
  put: (event: OutcomeEvent) => Promise<void>,
  policy: () => Promise<Policy>,
): (notice: OutcomeNotice) => Promise<void> {
  return async (notice) => {
    const read = await policy().catch(() => undefined);
    const event = outcomeEvent(notice, read ?? freshPolicy);
    // The notification function is not invoked for what nobody is notified about. Without a policy, it has to decide.
    await put(read && !isWanted(event, read.notifications) ? { ...event, notify: false } : event);
  };
}

/** Milliseconds between the attempts after a transient error. */
const pauses = [100, 400, 1600];
const transientErrors = ['ThrottlingException', 'InternalFailure', 'InternalException'];

/** Puts events on the bus, given by name or ARN. Throws if EventBridge rejects one. */
export function eventBridgePublisher(client: EventBridgeClient, bus: string, clock: Clock): (event: OutcomeEvent) => Promise<void> {
  return async (event) => {
    const command = new PutEventsCommand({
      Entries: [
        {
          EventBusName: bus,
          Source: outcomeEnvelope.source,
          DetailType: outcomeEnvelope.detailType,
          Time: new Date(event.time),
          Resources: [event.resource.arn],
          Detail: JSON.stringify(event),
        },
      ],
    });
    const refusal = await poll(
      async () => refusalIn(await client.send(command)),
      (refused) => refused === undefined || !transientErrors.includes(refused.code),
      { clock, pauses },
    );
    if (refusal) {
      const { code, message } = refusal;
      throw new Error(`EventBridge rejected the ${event.outcome} event of ${event.remediation} for the bus ${bus}: ${code} ${message}`);
    }
  };
}

/** Why EventBridge rejected the entry; undefined if it did not. */
function refusalIn({ FailedEntryCount = 0, Entries: [answer] = [] }: PutEventsCommandOutput): Refusal | undefined {
  if (FailedEntryCount === 0) return undefined;
  return { code: answer?.ErrorCode ?? 'Unknown', message: answer?.ErrorMessage ?? 'EventBridge gave no reason.' };
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}
