import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readPolicy, writePolicy } from '../policy';
import { close } from '../public-statements';
import { defineRule, gone } from '../rule';
import { readQueue } from './queue/attributes';
import { listing, listQueues } from './queue/list';
import { queue, queues } from './queue/resource';

export default defineRule({
  id: 'sqs-queue-policy-not-public',
  title: 'SQS queues are not open to everybody',
  why: 'Whoever knows the URL of a public queue can read and delete its messages, or send ones that your systems trust.',
  impact:
    'Senders and receivers that only the public statements let in are refused, AWS services such as S3 and SNS too: name them in the policy first. Whoever is named keeps access, and so do users and roles of the account with a policy of their own.',
  severity: 'critical',
  risk: 'disruptive',
  resource: queue,
  detectedBy: { securityHub: ['SQS.3'], config: ['sqs-queue-no-public-access'] },
  permissions: {
    inspect: [{ actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'], on: queues }, listing],
    change: { actions: ['sqs:SetQueueAttributes'], on: queues },
  },
  clients: [SQSClient],
  commands: [SetQueueAttributesCommand],
  // SQS says 60 seconds.
  settle: 90,

  async inspect(resource, aws) {
    const found = await readQueue(resource, ['Policy'], aws);
    return found ? { url: found.url, policy: found.attributes.Policy ?? null } : gone;
  },

  plan(_, { url, policy: text }) {
    if (text === null) return [];
    const policy = readPolicy(text);
    if (!policy)
      return { unfixable: 'The queue policy is not a policy in JSON that can be written again without loss. Write it anew by hand.' };
    const closing = close(policy.statements);
    if (closing === 'closed') return [];
    if ('unfixable' in closing) return closing;
    // An empty text takes the policy away.
    const closed = closing.left.length > 0 ? writePolicy(policy, closing.left) : '';
    return [{ do: put(url, closed), undo: put(url, text) }];
  },

  list: listQueues,
});

const put = (QueueUrl: string, Policy: string) => new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } });
