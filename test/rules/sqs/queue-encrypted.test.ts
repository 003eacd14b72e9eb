import { CreateQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import rule from '../../../rules/sqs/queue-encrypted';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'a queue that stores messages in plain text': {
      seed: queueWith({ SqsManagedSseEnabled: 'false' }),
      configId: urlOf,
      fixed: async (world, id) => expect(await managed(world, id)).toBe('true'),
      rolledBack: async (world, id) => expect(await managed(world, id)).toBe('false'),
    },
    'a FIFO queue that stores messages in plain text': { seed: queueWith({ SqsManagedSseEnabled: 'false', FifoQueue: 'true' }, '.fifo') },
  },
  compliant: {
    'a new queue, which SQS encrypts by itself': { seed: queueWith({}) },
    'a queue with a KMS key': {
      seed: queueWith({ SqsManagedSseEnabled: 'false', KmsMasterKeyId: 'alias/orders' }),
    },
  },
  missing: 'no-such-queue',
});

async function urlOf(world: World, QueueName: string): Promise<string> {
  return (await world.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
}

async function managed(world: World, id: string): Promise<string | undefined> {
  const question = new GetQueueAttributesCommand({ QueueUrl: await urlOf(world, id), AttributeNames: ['SqsManagedSseEnabled'] });
  return (await world.send(question)).Attributes?.SqsManagedSseEnabled;
}

function queueWith(Attributes: Record<string, string>, result = '') {
  return async (world: World): Promise<string> => {
    const QueueName = `orders-${Math.random().toString(36).slice(2)}${result}`;
    await world.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueName;
  };
}
