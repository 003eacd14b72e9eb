import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { defineRule, gone } from '../rule';
import { readQueue } from './queue/attributes';
import { listing, listQueues } from './queue/list';
import { queue, queues } from './queue/resource';

export default defineRule({
  id: 'sqs-queue-encrypted',
  title: 'SQS queues encrypt their messages',
  why: 'Messages that are stored in plain text can be read by whoever gets at the storage.',
  impact:
    'New messages are encrypted with a key of SQS, at no cost; clients need no permission for it. Requests without TLS or without a signature of version 4 are refused, anonymous ones among them.',
  severity: 'medium',
  risk: 'disruptive',
  resource: queue,
  property: 'SqsManagedSseEnabled',
  detectedBy: { securityHub: ['SQS.1'], config: ['sqs-queue-encrypted'] },
  permissions: {
    inspect: [{ actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'], on: queues }, listing],
    change: { actions: ['sqs:SetQueueAttributes'], on: queues },
  },
  clients: [SQSClient],
  commands: [SetQueueAttributesCommand],
  // SQS says 60 seconds.
  settle: 90,

  async inspect(resource, aws) {
    const found = await readQueue(resource, ['SqsManagedSseEnabled', 'KmsMasterKeyId'], aws);
    if (!found) return gone;
    const { SqsManagedSseEnabled, KmsMasterKeyId } = found.attributes;
    return { url: found.url, encrypted: SqsManagedSseEnabled === 'true' || Boolean(KmsMasterKeyId) };
  },

  plan: (_, { url, encrypted }) => (encrypted ? [] : [{ do: encryption(url, true), undo: encryption(url, false) }]),

  list: listQueues,
});

const encryption = (QueueUrl: string, enabled: boolean) =>
  new SetQueueAttributesCommand({ QueueUrl, Attributes: { SqsManagedSseEnabled: String(enabled) } });
