import { DescribeEventBusCommand, EventBridgeClient, ResourceNotFoundException } from '@aws-sdk/client-eventbridge';
import type { Caller } from './caller';

const bus = 'posture-requests';

export const requestBusArn = ({ partition, region, account }: Pick<Caller, 'partition' | 'region' | 'account'>): string =>
  `arn:${partition}:events:${region}:${account}:event-bus/${bus}`;

/** The resource policy of the bus for requests, as JSON text, empty if it has none; undefined if the bus does not exist. */
export async function requestBusPolicy({ region, credentials }: Pick<Caller, 'region' | 'credentials'>): Promise<string | undefined> {
  const client = new EventBridgeClient({ region, credentials, maxAttempts: 6 });
  try {
    return (await client.send(new DescribeEventBusCommand({ Name: bus }))).Policy ?? '';
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}
