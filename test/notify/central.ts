import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type NotifyPorts, notify, sendDigest } from '../../functions/notify/notify';
import { dynamoOnce } from '../../functions/notify/once';
import { snsPublish } from '../../functions/notify/publish';
import { remind } from '../../functions/notify/remind';
import { dynamoStorm } from '../../functions/notify/storm';
import type { OutcomeEvent } from '../../functions/outcomes/outcome-schema';
import { type Policy, policy } from '../../functions/policy/policy';
import type { Account } from '../emulator/account';
import { schedulesOf } from '../emulator/scheduler';

const COORDINATION = 'posture-coordination';

export interface Published {
  readonly subject: string;
  readonly body: string;
}

/** What the function that tells people needs, in an account of the emulator, with a clock that stands still unless it is set. */
export async function notifyHub(account: Account) {
  const [dynamo, sns, sqs, scheduler] = [
    account.client(DynamoDBClient),
    account.client(SNSClient),
    account.client(SQSClient),
    account.client(SchedulerClient),
  ];
  await dynamo.send(
    new CreateTableCommand({
      TableName: COORDINATION,
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await scheduler.send(new CreateScheduleGroupCommand({ Name: 'posture' }));

  let now = new Date('2026-11-24T09:00:30.000Z');
  let given: Policy | Error = policy.parse({});
  const clock = { now: () => now, sleep: async () => undefined };
  const arnOf = (name: string) => `arn:aws:sns:${account.region}:${account.account}:${name}`;
  const warnings: string[] = [];
  const refused: string[] = [];
  const publish = snsPublish(sns);
  const ports: NotifyPorts = {
    policy: async () => {
      if (given instanceof Error) throw given;
      return given;
    },
    centralTopic: arnOf('posture-notifications'),
    central: { partition: 'aws', region: account.region },
    publish,
    once: dynamoOnce(dynamo, COORDINATION, clock),
    storm: dynamoStorm(dynamo, COORDINATION, clock),
    remind: (reminder) =>
      remind(
        {
          client: scheduler,
          group: 'posture',
          role: `arn:aws:iam::${account.account}:role/posture-function-notify`,
          target: `arn:aws:lambda:${account.region}:${account.account}:function:posture-notify`,
          undelivered: `arn:aws:sqs:${account.region}:${account.account}:posture-undelivered`,
        },
        reminder,
      ),
    warn: (message) => warnings.push(message),
    countRefused: (rule) => refused.push(rule),
  };

  return {
    ports,
    warnings,
    refused,
    arnOf,
    set: (time: string) => {
      now = new Date(time);
    },
    /** A clock that goes on each time somebody looks at it. */
    stormAt: (...times: readonly string[]) => {
      const left = [...times];
      return dynamoStorm(dynamo, COORDINATION, { ...clock, now: () => new Date(left.shift() ?? now) });
    },
    owner: (says: object | Error) => {
      given = says instanceof Error ? says : policy.parse(says);
    },
    tell: (id: string, event: OutcomeEvent, over: Partial<NotifyPorts> = {}) => notify(id, event, { ...ports, ...over }),
    schedules: schedulesOf(account),
    /** Has EventBridge Scheduler do what is due. */
    fire: () => schedulesOf(account).fire(now, async ({ input }) => void (await sendDigest(JSON.parse(input), ports))),
    /** A topic with a reader: what was published since the last time, in order. */
    async topic(name: string): Promise<() => Promise<readonly Published[]>> {
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
      return async () => {
        const all: Published[] = [];
        for (;;) {
          const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
          if (Messages.length === 0) return all;
          for (const { Body = '' } of Messages) {
            const { Subject: subject, Message: body } = JSON.parse(Body);
            all.push({ subject, body });
          }
          const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
          await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
        }
      };
    },
  };
}
