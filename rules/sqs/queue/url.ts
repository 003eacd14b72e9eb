import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { undefinedOn } from '../../absence';
import type { Aws, Resource } from '../../rule';

/** The errors by which SQS reports that a queue does not exist. */
export const nonexistent = ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'];

/** The URL of a queue, which SQS requires in its calls; undefined if the queue does not exist. */
export const urlOf = async ({ id, account }: Pick<Resource, 'id' | 'account'>, aws: Aws): Promise<string | undefined> =>
  (await undefinedOn(nonexistent, aws.send(new GetQueueUrlCommand({ QueueName: id, QueueOwnerAWSAccountId: account }))))?.QueueUrl;
