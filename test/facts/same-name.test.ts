import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { lastChangeOf } from '../../functions/facts/last-change';
import { recentChanges } from '../../functions/facts/recent-changes';
import type { Aws, Resource, ResourceKind } from '../../rules/rule';
import { topic } from '../../rules/sns/topic/resource';
import { queue } from '../../rules/sqs/queue/resource';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const terraform = 'APN/1.0 HashiCorp/1.0 Terraform/1.9.0';
const clock = { now: () => new Date('2026-11-24T12:00:00Z') };
const sns = 'sns.amazonaws.com';
const sqs = 'sqs.amazonaws.com';
const dynamodb = 'dynamodb.amazonaws.com';

const arnOf = (service: string, { region, account }: Account): string => `arn:aws:${service}:${region}:${account}:orders`;

const noneSkipped = () => {
  throw new Error('No record should be skipped.');
};

interface Put {
  readonly name: string;
  readonly type?: string;
  readonly source: string;
  readonly at: string;
  readonly userAgent?: string;
}

function put(account: Account, { name, type = '', source, at, userAgent = 'console' }: Put): void {
  emulator.gateway.cloudTrail.record({
    account: account.account,
    region: account.region,
    resourceName: name,
    resourceType: type,
    event: {
      eventName: 'Change',
      eventTime: `2026-11-24T${at}:00Z`,
      eventSource: source,
      userAgent,
      userIdentity: { arn: 'arn:aws:iam::111122223333:user/ann' },
    },
  });
}

/** By the lookup under its names, and by the sixth of a burst, which reads the latest changes. */
async function bothOf(account: Account, kind: ResourceKind, arn: string) {
  const aws = { send: (command: never) => account.client(CloudTrailClient).send(command) } as unknown as Aws;
  const resource: Resource = { id: 'orders', arn, account: account.account, region: account.region, partition: 'aws', type: kind.type };
  const recent = recentChanges(clock);
  const ofPage = () => recent.of({ resource, kind }, account, aws, noneSkipped);
  for (let lookup = 0; lookup < 5; lookup += 1) expect(await ofPage()).toBeUndefined();
  return { page: (await ofPage())?.userAgent, name: (await lastChangeOf({ resource, kind }, aws, noneSkipped))?.userAgent };
}

describe('the last change of a resource', () => {
  it('is not that of a table with the name of the topic', async () => {
    const account = await emulator.account();
    const arn = arnOf('sns', account);
    put(account, { name: arn, type: topic.type, source: sns, at: '08:01', userAgent: terraform });
    put(account, { name: 'orders', type: 'AWS::DynamoDB::Table', source: dynamodb, at: '08:30' });
    expect(await bothOf(account, topic, arn)).toEqual({ page: terraform, name: terraform });
  });

  it('is not that of a table with the name of the queue, which is recorded under the same name', async () => {
    const account = await emulator.account();
    put(account, { name: 'orders', type: queue.type, source: sqs, at: '08:01', userAgent: terraform });
    put(account, { name: 'orders', type: 'AWS::DynamoDB::Table', source: dynamodb, at: '08:30' });
    expect(await bothOf(account, queue, arnOf('sqs', account))).toEqual({ page: terraform, name: terraform });
  });

  it('is found under the other name, where only a table is recorded under the one that the service uses', async () => {
    const account = await emulator.account();
    put(account, { name: arnOf('sqs', account), type: queue.type, source: sqs, at: '08:01', userAgent: terraform });
    put(account, { name: 'orders', type: 'AWS::DynamoDB::Table', source: dynamodb, at: '08:30' });
    const found = await bothOf(account, { ...queue, recordedBy: 'id' }, arnOf('sqs', account));
    expect(found).toEqual({ page: undefined, name: terraform });
  });

  it.each([
    ['has no type', '', sqs],
    ['has no type, and is of another service', '', dynamodb],
    ['has another type of the service', 'AWS::SQS::QueuePolicy', sqs],
    ['has another type, and the service was called', 'AWS::Messaging::Queue', sqs],
    ['has an unknown type', 'Queue', dynamodb],
  ])('may be one whose event %s: a page decides nothing then, and the lookup by name counts it', async (_, type, source) => {
    const account = await emulator.account();
    put(account, { name: 'orders', type: queue.type, source: sqs, at: '08:01' });
    put(account, { name: 'orders', type, source, at: '08:30', userAgent: terraform });
    expect(await bothOf(account, queue, arnOf('sqs', account))).toEqual({ page: undefined, name: terraform });
  });

  it('is one under its ARN, whatever the type', async () => {
    const account = await emulator.account();
    const arn = arnOf('sqs', account);
    put(account, { name: 'orders', type: queue.type, source: sqs, at: '08:01' });
    put(account, { name: arn, source: 'tagging.amazonaws.com', at: '08:30', userAgent: terraform });
    expect(await bothOf(account, queue, arn)).toEqual({ page: terraform, name: terraform });
  });
});
