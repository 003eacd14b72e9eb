import { setTimeout } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { freshPolicy, type Policy } from '../policy/policy';
import { outcomeEvent, type Told } from './outcome-event';
import { type OutcomeEvent, outcomeEnvelope } from './outcome-schema';

/** Tells how it ended to everybody who listens. A policy that can't be read keeps nothing back: only what it would add is missing. */
export function tellOutcome(put: (event: OutcomeEvent) => Promise<void>, policy: () => Promise<Policy>): (told: Told) => Promise<void> {
  return async (told) => put(outcomeEvent(told, await policy().catch(() => freshPolicy)));
}

/** Milliseconds before an entry that EventBridge could not take at the moment is sent again. */
const pauses = [100, 400, 1600];
const passing = ['ThrottlingException', 'InternalFailure', 'InternalException'];

/** Puts events on the bus, by its name or ARN. Throws where EventBridge does not take one. */
export function eventBridgeTelling(client: EventBridgeClient, bus: string): (event: OutcomeEvent) => Promise<void> {
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
    for (const pause of [...pauses, undefined]) {
      const { FailedEntryCount = 0, Entries: [answer] = [] } = await client.send(command);
      if (FailedEntryCount === 0) return;
      const { ErrorCode = 'Unknown', ErrorMessage = 'EventBridge gave no reason.' } = answer ?? {};
      if (pause === undefined || !passing.includes(ErrorCode)) {
        throw new Error(`The bus ${bus} did not take the ${event.outcome} event of ${event.remediation}: ${ErrorCode} ${ErrorMessage}`);
      }
      await setTimeout(pause);
    }
  };
}
