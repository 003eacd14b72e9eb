import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { undefinedOn } from '../absence';
import { sameJson } from '../json';
import { defineRule, type Json, notFound, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucket } from './bucket/resource';

/** The notification configuration. An empty `EventBridgeConfiguration` sends all events to EventBridge. */
type Receivers = {
  readonly TopicConfigurations?: Json | undefined;
  readonly QueueConfigurations?: Json | undefined;
  readonly LambdaFunctionConfigurations?: Json | undefined;
  readonly EventBridgeConfiguration?: Json | undefined;
};

const certainEvents = { unmappable: 'The rule does not choose the types of events.' };

export default defineRule({
  id: 's3-bucket-events-sent',
  title: 'S3 buckets have event notifications enabled',
  why: 'Without event notifications, added, changed or deleted objects go unnoticed.',
  impact:
    'The bucket sends its events to the default event bus of Amazon EventBridge. EventBridge charges for them by the million. Its rules that match all events of the account receive them too.',
  severity: 'medium',
  risk: 'safe',
  resource: bucket,
  property: 'NotificationConfiguration.EventBridgeConfiguration',
  detectedBy: { securityHub: ['S3.11'], config: ['s3-event-notifications-enabled'] },
  detectorParameters: {
    'S3.11': { eventTypes: certainEvents },
    's3-event-notifications-enabled': {
      eventTypes: certainEvents,
      destinationArn: { unmappable: 'The rule does not choose the receiver of the events.' },
    },
  },
  permissions: {
    inspect: [{ actions: ['s3:GetBucketNotification'], on: 'arn:{partition}:s3:::*' }, listing],
    change: { actions: ['s3:PutBucketNotification'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client],
  commands: [PutBucketNotificationConfigurationCommand],
  // AWS documents five minutes.
  settle: 300,

  async inspect(resource, aws): Promise<Receivers | typeof notFound> {
    const found = await undefinedOn(['NoSuchBucket'], aws.send(new GetBucketNotificationConfigurationCommand(named(resource))));
    if (!found) return notFound;
    const { TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations, EventBridgeConfiguration } = found;
    const all = { TopicConfigurations, QueueConfigurations, LambdaFunctionConfigurations, EventBridgeConfiguration };
    return JSON.parse(JSON.stringify(all)) as Receivers;
  },

  plan(resource, receivers) {
    if (Object.keys(receivers).length > 0) return [];
    return [{ do: put(resource, { EventBridgeConfiguration: {} }), undo: put(resource, receivers) }];
  },

  revertOwnPart(resource, { EventBridgeConfiguration, ...others }) {
    if (EventBridgeConfiguration === undefined) return [];
    return sameJson(EventBridgeConfiguration, {}) ? [put(resource, others)] : undefined;
  },

  list: listBuckets,
});

// Existing destinations were validated before. Validating them again would send each a test message.
const put = (resource: Resource, receivers: Receivers) =>
  new PutBucketNotificationConfigurationCommand({
    ...named(resource),
    NotificationConfiguration: receivers as NotificationConfiguration,
    ...(Object.keys(receivers).length > 0 && { SkipDestinationValidation: true }),
  });
