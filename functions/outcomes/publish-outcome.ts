import { type EventBridgeClient, PutEventsCommand, type PutEventsCommandOutput } from '@aws-sdk/client-eventbridge';
import { poll } from '../backoff';
import type { Clock } from '../clock';
import { freshPolicy, type Policy } from '../policy/policy';
import { outcomeEvent, type OutcomeNotice } from './outcome-event';
import { type OutcomeEvent, outcomeEnvelope } from './outcome-schema';

/** Tells how it ended to everybody who listens. A policy that can't be read keeps nothing back: only what it would add is missing. */
export function publishOutcome(put: (event: OutcomeEvent) => Promise<void>, policy: () => Promise<Policy>): (told: OutcomeNotice) => Promise<void> {
  return async (told) => put(outcomeEvent(told, await policy().catch(() => freshPolicy)));
}

/** Milliseconds before an entry that EventBridge could not take at the moment is sent again. */
const pauses = [100, 400, 1600];
const passing = ['ThrottlingException', 'InternalFailure', 'InternalException'];

/** Puts events on the bus, by its name or ARN. Throws where EventBridge does not take one. */
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
      (refused) => refused === undefined || !passing.includes(refused.code),
      { clock, pauses },
    );
    if (refusal) {
      const { code, message } = refusal;
      throw new Error(`The bus ${bus} did not take the ${event.outcome} event of ${event.remediation}: ${code} ${message}`);
    }
  };
}

/** Why EventBridge did not take the entry; undefined where it did. */
function refusalIn({ FailedEntryCount = 0, Entries: [answer] = [] }: PutEventsCommandOutput): Refusal | undefined {
  if (FailedEntryCount === 0) return undefined;
  return { code: answer?.ErrorCode ?? 'Unknown', message: answer?.ErrorMessage ?? 'EventBridge gave no reason.' };
}

interface Refusal {
  readonly code: string;
  readonly message: string;
}
