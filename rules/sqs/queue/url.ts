import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { unless } from '../../absence';
import type { Aws, Resource } from '../../rule';

/** How SQS says that there is no such queue. */
export const nonexistent = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/** The URL by which SQS wants a queue named; undefined where there is no such queue. */
export const urlOf = async ({ id, account }: Pick<Resource, 'id' | 'account'>, aws: Aws): Promise<string | undefined> =>
  (await unless(nonexistent, aws.send(new GetQueueUrlCommand({ QueueName: id, QueueOwnerAWSAccountId: account }))))?.QueueUrl;
