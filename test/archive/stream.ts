import type { AttributeValue } from '@aws-sdk/client-dynamodb';

type Item = Readonly<Record<string, AttributeValue>>;

const inBase64 = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(inBase64);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inBase64(one)]));
};

/** A record as Lambda hands it over. Source: AWS Lambda Developer Guide, Using AWS Lambda with Amazon DynamoDB, Example event. */
const recordOf = (eventName: 'INSERT' | 'MODIFY' | 'REMOVE', item: Item) => ({
  eventID: 'c4ca4238a0b923820dcc509a6f75849b',
  eventName,
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'eu-west-1',
  dynamodb: {
    ApproximateCreationDateTime: 1_479_499_740,
    Keys: inBase64({ trail: item.trail, sequence: item.sequence }),
    ...(eventName !== 'REMOVE' && { NewImage: inBase64(item) }),
    SequenceNumber: '4421584500000000017450439091',
    SizeBytes: 26,
    StreamViewType: 'NEW_IMAGE',
  },
  eventSourceARN: 'arn:aws:dynamodb:eu-west-1:111122223333:table/posture-log/stream/2026-11-30T00:00:00.000',
});

/** The event that Lambda makes of new items: a stand-in, as the emulator invokes no function by a stream. */
export const streamEvent = (...items: readonly Item[]) => ({ Records: items.map((item) => recordOf('INSERT', item)) });

export const replacing = (item: Item) => ({ Records: [recordOf('MODIFY', item)] });
export const removing = (item: Item) => ({ Records: [recordOf('REMOVE', item)] });
