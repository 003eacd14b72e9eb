import { randomUUID } from 'node:crypto';
import { errorAnswer, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

/** A record of CloudTrail, as far as anybody asks for it. */
export interface TrailEvent {
  readonly eventName: string;
  /** ISO 8601. */
  readonly eventTime: string;
  readonly userIdentity: {
    readonly type?: string;
    readonly arn?: string;
    readonly userName?: string;
    readonly accessKeyId?: string;
    /** The service that made the call, such as CloudFormation. */
    readonly invokedBy?: string;
  };
  readonly userAgent: string;
  readonly eventSource?: string;
  readonly readOnly?: boolean;
  readonly errorCode?: string;
}

export interface Deed {
  readonly account: string;
  readonly region: string;
  /** As CloudTrail names it: a bucket's name, a security group's id. */
  readonly resourceName: string;
  /** Of CloudFormation; left out, that of a bucket. */
  readonly resourceType?: string;
  readonly event: TrailEvent;
}

export interface CloudTrail {
  /** Puts a call into the event history of an account and region. */
  record(deed: Deed): void;
}

interface Lookup {
  readonly LookupAttributes?: readonly { readonly AttributeKey?: string; readonly AttributeValue?: string }[];
  /** Seconds since 1970. */
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const most = 50;
const readOnly = ({ event }: Deed): string => String(event.readOnly ?? false);

/** What can be asked for, and what a record has of it. */
const attributes: Readonly<Record<string, (deed: Deed) => string | undefined>> = {
  ResourceName: ({ resourceName }) => resourceName,
  EventName: ({ event }) => event.eventName,
  EventSource: ({ event }) => event.eventSource,
  ReadOnly: readOnly,
  Username: ({ event }) => event.userIdentity.userName,
  AccessKeyId: ({ event }) => event.userIdentity.accessKeyId,
};

const seconds = (time: string): number => Date.parse(time) / 1000;

/** CloudTrail's event history, which moto lacks. It is not behind. */
export const emulateCloudTrail = () => {
  const deeds: Deed[] = [];

  const lookupEvents = (operation: Operation, { account, region }: Place): Answer => {
    const {
      LookupAttributes = [],
      StartTime = 0,
      EndTime = Number.POSITIVE_INFINITY,
      MaxResults = most,
      NextToken,
    } = operation.input as Lookup;
    const refused = (code: string, message: string): Answer => errorAnswer(operation, { status: 400, code, message });
    const [attribute, ...others] = LookupAttributes;
    const readValue = attribute && attributes[attribute.AttributeKey ?? ''];
    if (others.length > 0 || (attribute && !readValue))
      return refused('InvalidLookupAttributesException', `One attribute at a time, of these: ${Object.keys(attributes).join(', ')}.`);
    if (MaxResults < 1 || MaxResults > most) return refused('InvalidMaxResultsException', `MaxResults is 1 to ${most}.`);
    const from = Number(NextToken ?? 0);
    if (!Number.isInteger(from)) return refused('InvalidNextTokenException', 'The token is none of ours.');
    const found = deeds
      .filter((deed) => deed.account === account && deed.region === region)
      .filter((deed) => !readValue || readValue(deed) === attribute?.AttributeValue)
      .filter(({ event }) => seconds(event.eventTime) >= StartTime && seconds(event.eventTime) <= EndTime)
      .toSorted((one, other) => seconds(other.event.eventTime) - seconds(one.event.eventTime));
    const end = from + MaxResults;
    return jsonAnswer({ Events: found.slice(from, end).map(eventOf), ...(end < found.length && { NextToken: String(end) }) });
  };

  const operations: LocalOperations = { 'cloudtrail:LookupEvents': lookupEvents };
  return { cloudTrail: { record: (deed) => void deeds.push(deed) } satisfies CloudTrail, operations };
};

const eventOf = (deed: Deed): object => {
  const { account, region, resourceName, resourceType = 'AWS::S3::Bucket', event } = deed;
  const EventId = randomUUID();
  const { eventSource = 'emulator.amazonaws.com' } = event;
  return {
    EventId,
    EventName: event.eventName,
    EventTime: seconds(event.eventTime),
    EventSource: eventSource,
    ReadOnly: readOnly(deed),
    Username: event.userIdentity.userName,
    AccessKeyId: event.userIdentity.accessKeyId,
    Resources: [{ ResourceType: resourceType, ResourceName: resourceName }],
    CloudTrailEvent: JSON.stringify({
      eventVersion: '1.11',
      eventSource,
      awsRegion: region,
      recipientAccountId: account,
      eventID: EventId,
      readOnly: false,
      ...event,
    }),
  };
};
