import { CreateQueueCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { JsonObject } from '../../../rules/json';
import type { World } from '../../contract/scenario';
import type { ReportedResource } from '../../events/resources';
import type { Piece } from './piece';

const encrypted =
  (QueueName: string, SqsManagedSseEnabled: 'true' | 'false') =>
  async (world: World): Promise<ReportedResource> => {
    const { QueueUrl = '' } = await world.send(new CreateQueueCommand({ QueueName, Attributes: { SqsManagedSseEnabled } }));
    return { type: 'AWS::SQS::Queue', arn: `arn:${world.partition}:sqs:${world.region}:${world.account}:${QueueName}`, configId: QueueUrl };
  };

/** A queue with one statement for everybody in its policy. */
const queue =
  (QueueName: string, over: JsonObject) =>
  async (world: World): Promise<ReportedResource> => {
    const { QueueUrl = '' } = await world.send(new CreateQueueCommand({ QueueName }));
    const arn = `arn:${world.partition}:sqs:${world.region}:${world.account}:${QueueName}`;
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: arn, ...over }];
    const Attributes = { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) };
    await world.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    return { type: 'AWS::SQS::Queue', arn, configId: QueueUrl };
  };

export const sqs: readonly Piece[] = [
  { control: 'SQS.3', words: 'public', resource: queue('orders', {}), ends: 'fixed' },
  {
    control: 'sqs-queue-no-public-access',
    words: 'all principals, restricted to one bucket by a condition',
    resource: queue('uploads', { Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } } }),
    ends: 'already-compliant',
  },
  { control: 'SQS.1', words: 'messages are not encrypted', resource: encrypted('invoices', 'false'), ends: 'fixed' },
  { control: 'SQS.1', words: 'already encrypted with SSE-SQS', resource: encrypted('shipments', 'true'), ends: 'already-compliant' },
];
