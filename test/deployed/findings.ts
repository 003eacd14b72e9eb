import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { names } from '../../infra/names';
import type { ReportedResource } from '../events/resources';
import { securityHubImported } from '../events/security-hub';
import { place } from './place';

export interface Reported {
  readonly control: string;
  readonly reported: ReportedResource;
}

/** An event of the log, as far as it is read here; raw, without our own readers. */
export interface Recorded {
  readonly trail: string;
  readonly rule: string;
  readonly remediation: string;
  readonly resource: string;
  readonly kind: string;
  readonly outcome?: string;
  readonly reason: string;
  readonly sequence: number;
  /** Of every event; a forged one may have none. */
  readonly time?: string;
}

/** Puts the findings on the default bus, as Security Hub does. */
export async function report(events: EventBridgeClient, findings: readonly Reported[]): Promise<void> {
  const firstObservedAt = new Date().toISOString();
  for (const { control, reported } of findings) {
    const event = securityHubImported({ control, resource: reported, ...place, firstObservedAt });
    const entry = {
      Source: event.source,
      DetailType: event['detail-type'],
      Detail: JSON.stringify(event.detail),
      Resources: event.resources,
    };
    const { Entries: [answer] = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
    if (answer?.ErrorCode) throw new Error(`${answer.ErrorCode}: ${answer.ErrorMessage}`);
  }
}

/** All items of the log, in the order of time. */
export async function recorded(dynamo: DynamoDBClient): Promise<readonly Recorded[]> {
  const found: Recorded[] = [];
  for await (const { Items = [] } of paginateScan({ client: dynamo }, { TableName: names.log, ConsistentRead: true }))
    found.push(...Items.map((item) => unmarshall(item) as Recorded));
  return found.toSorted((one, other) => (one.time ?? '').localeCompare(other.time ?? '') || one.sequence - other.sequence);
}

/** How they end, by the ARN of the resource: what is recorded after the moment, once each has come to an outcome. */
export async function outcomes(
  dynamo: DynamoDBClient,
  resources: readonly string[],
  { since = '', within = 120_000 }: { readonly since?: string; readonly within?: number } = {},
): Promise<ReadonlyMap<string, Recorded>> {
  const until = Date.now() + within;
  for (;;) {
    const ends = (await recorded(dynamo)).filter(
      (one) => (one.time ?? '') >= since && one.outcome !== undefined && one.outcome !== 'verifying',
    );
    const found = new Map(ends.map((one) => [one.resource, one]));
    if (resources.every((resource) => found.has(resource)) || Date.now() > until) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
