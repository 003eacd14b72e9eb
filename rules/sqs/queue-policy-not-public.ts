import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { closePolicy } from '../close-policy';
import { defineRule, notFound } from '../rule';
import { readQueue } from './queue/attributes';
import { listing, listQueues } from './queue/list';
import { queue, queues } from './queue/resource';

export default defineRule({
  id: 'sqs-queue-policy-not-public',
  title: 'SQS queue policies do not allow public access',
  why: 'Anyone who knows the URL of a public queue can read and delete its messages, or send messages that your systems trust.',
  impact:
    'Senders and receivers that have access only through the public statements lose it, including AWS services such as S3 and SNS: add them to the policy first. Named principals keep access, and so do users and roles of the account that have it by an IAM policy.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: queue,
  detectedBy: { securityHub: ['SQS.3'], config: ['sqs-queue-no-public-access'], accessAnalyzer: ['PublicAccess/AWS::SQS::Queue'] },
  permissions: {
    inspect: [{ actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'], on: queues }, listing],
    change: { actions: ['sqs:SetQueueAttributes'], on: queues },
  },
  clients: [SQSClient],
  commands: [SetQueueAttributesCommand],
  // SQS documents 60 seconds.
  settle: 90,

  async inspect(resource, aws) {
    const found = await readQueue(resource, ['Policy'], aws);
    return found ? { url: found.url, policy: found.attributes.Policy ?? null } : notFound;
  },

  plan: (_, { url, policy }) =>
    // An empty string removes the policy.
    closePolicy(policy, { name: 'queue policy', put: (text) => put(url, text), remove: () => put(url, '') }),

  targets: (_, { now }) => ({ SetQueueAttributes: { QueueUrl: now.url } }),

  list: listQueues,
});

const put = (QueueUrl: string, Policy: string) => new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } });
