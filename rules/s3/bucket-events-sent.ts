import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { allOf, exactly } from '../detector-parameters';
import { sameJson } from '../json';
import { defineRule, type Json, notFound, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucket } from './bucket/resource';

const parameters = z.strictObject({
  destinationArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:(sns|sqs|lambda):[a-z0-9-]+:\d{12}:[\w:.$-]{1,300}$/)
    .describe(
      'The ARN of the SNS topic, SQS queue or Lambda function that receives the events, in the Region of the bucket. Its policy must allow s3.amazonaws.com to send to it.',
    ),
  eventTypes: z
    .array(z.string().regex(/^s3:[A-Za-z]+(:[A-Za-z*]+)?$/))
    .min(1)
    .default(['s3:ObjectCreated:*', 's3:ObjectRemoved:*'])
    .describe('The types of the events to send.'),
});

type Parameters = z.infer<typeof parameters>;

/** The notification configuration. An empty `EventBridgeConfiguration` sends all events to EventBridge. */
type Receivers = {
  readonly TopicConfigurations?: Json | undefined;
  readonly QueueConfigurations?: Json | undefined;
  readonly LambdaFunctionConfigurations?: Json | undefined;
  readonly EventBridgeConfiguration?: Json | undefined;
};

const own = 'posture-events';

export default defineRule({
  id: 's3-bucket-events-sent',
  title: 'S3 buckets have event notifications enabled',
  why: 'Without event notifications, added, changed or deleted objects go unnoticed.',
  impact:
    'The bucket sends its events to the topic, queue or function of the parameter, which is charged by requests. S3 sends a test message first, and rejects the change if the receiver does not allow it to send.',
  severity: 'medium',
  risk: 'safe',
  resource: bucket,
  marksOwnPart: true,
  property: 'NotificationConfiguration',
  detectedBy: { securityHub: ['S3.11'], config: ['s3-event-notifications-enabled'] },
  detectorParameters: {
    'S3.11': { eventTypes: allOf('eventTypes') },
    's3-event-notifications-enabled': { eventTypes: allOf('eventTypes'), destinationArn: exactly('destinationArn') },
  },
  permissions: {
    inspect: [{ actions: ['s3:GetBucketNotification'], on: 'arn:{partition}:s3:::*' }, listing],
    change: { actions: ['s3:PutBucketNotification'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client],
  commands: [PutBucketNotificationConfigurationCommand],
  parameters,
  // AWS documents five minutes.
  settle: 300,

  async inspect(resource, aws): Promise<Receivers | typeof notFound> {
    const found = await undefinedOn(['NoSuchBucket'], aws.send(new GetBucketNotificationConfigurationCommand(named(resource))));
    if (!found) return notFound;
    const { TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations, EventBridgeConfiguration } = found;
    const all = { TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations, EventBridgeConfiguration };
    return JSON.parse(JSON.stringify(all)) as Receivers;
  },

  // The Config rule knows topics, queues and functions: EventBridge alone does not satisfy it.
  plan(resource, receivers, { parameters: chosen, demanded = {} }) {
    const existing = configurationsIn(receivers);
    if (existing.length === 0) {
      const sent = { ...receivers, ...receiverFor(chosen) };
      return [{ do: put(resource, sent), undo: put(resource, receivers) }];
    }
    const lacking = (demanded.eventTypes ?? []).filter((type) => !existing.some(({ events }) => events.includes(type)));
    const { destinationArn: wanted } = demanded;
    if (lacking.length === 0 && (wanted === undefined || existing.some(({ arn }) => arn === wanted))) return [];
    return {
      unfixable: `The bucket sends events to ${existing.map(({ arn }) => arn).join(', ')}, and the detector requires ${[...lacking, ...(wanted ? [wanted] : [])].join(', ')}. Only its owner knows who relies on the present receivers: add it there.`,
      code: 'other-receivers',
    };
  },

  revertOwnPart(resource, now, { before, after }) {
    const ours = configurationsIn(after).find(({ id }) => id === own);
    const seen = configurationsIn(now).find(({ id }) => id === own);
    if (seen === undefined) return [];
    if (ours === undefined || !sameJson(seen.whole, ours.whole)) return undefined;
    const kept = Object.fromEntries(
      Object.entries(now).flatMap(([name, value]) => {
        const left = isList(value) ? value.filter((one) => !sameJson(one, seen.whole)) : value;
        return isList(left) && left.length === 0 ? [] : [[name, left]];
      }),
    );
    return [put(resource, sameJson(kept, before) ? before : kept)];
  },

  list: listBuckets,
});

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

interface Configuration {
  readonly id: string | undefined;
  readonly arn: string;
  readonly events: readonly string[];
  readonly whole: Json;
}

function configurationsIn({ TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations }: Receivers): readonly Configuration[] {
  const all = [TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations].flatMap((list) => (isList(list) ? list : []));
  return (all as readonly Readonly<Record<string, Json>>[]).map((one) => ({
    id: one.Id as string | undefined,
    arn: String(one.TopicArn ?? one.QueueArn ?? one.LambdaFunctionArn),
    events: (one.Events ?? []) as readonly string[],
    whole: one,
  }));
}

function receiverFor({ destinationArn, eventTypes: Events }: Parameters): Receivers {
  const service = destinationArn.split(':')[2];
  if (service === 'sns') return { TopicConfigurations: [{ Id: own, TopicArn: destinationArn, Events }] };
  if (service === 'sqs') return { QueueConfigurations: [{ Id: own, QueueArn: destinationArn, Events }] };
  return { LambdaFunctionConfigurations: [{ Id: own, LambdaFunctionArn: destinationArn, Events }] };
}

// Only a receiver that is new is validated, and gets a test message.
const put = (resource: Resource, receivers: Receivers) =>
  new PutBucketNotificationConfigurationCommand({
    ...named(resource),
    NotificationConfiguration: receivers as NotificationConfiguration,
    ...(Object.keys(receivers).length > 0 &&
      !configurationsIn(receivers).some(({ id }) => id === own) && { SkipDestinationValidation: true }),
  });
