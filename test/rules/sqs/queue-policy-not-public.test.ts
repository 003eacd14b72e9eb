import { CreateQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { arnOf as arnOfId } from '../../../functions/aws/arn';
import { idReported } from '../../../functions/findings/reported';
import type { JsonObject } from '../../../rules/json';
import type { Aws, AwsCommand, Change } from '../../../rules/rule';
import { queue } from '../../../rules/sqs/queue/resource';
import rule from '../../../rules/sqs/queue-policy-not-public';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

type Statements = (arn: string) => readonly JsonObject[];

const send = (arn: string, over: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 'sqs:SendMessage',
  Resource: arn,
  ...over,
});
const anybody = (arn: string) => send(arn, { Sid: 'anybody', Principal: { AWS: '*' }, Action: 'sqs:*' });
const uploads = (arn: string) => send(arn, { Sid: 'uploads', Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } } });

describeRule(rule, {
  violations: {
    'a queue open to everybody, and to a bucket': {
      seed: queueWith((arn) => [uploads(arn), anybody(arn)]),
      configId: urlOf,
      fixed: async (world, id) =>
        expect(await policyOf(world, id)).toEqual({ Version: '2012-10-17', Statement: [uploads(arnOf(world, id))] }),
      rolledBack: async (world, id) =>
        expect(await policyOf(world, id)).toEqual({
          Version: '2012-10-17',
          Statement: [uploads(arnOf(world, id)), anybody(arnOf(world, id))],
        }),
    },
    'a FIFO queue open to everybody and nobody else': {
      seed: queueWith((arn) => [anybody(arn)], '.fifo'),
      configId: urlOf,
      fixed: async (world, id) => expect(await policyOf(world, id)).toBeUndefined(),
      rolledBack: async (world, id) => expect((await policyOf(world, id))?.Statement).toEqual([anybody(arnOf(world, id))]),
    },
    'a queue that names an account beside everybody': {
      seed: queueWith((arn) => [{ ...anybody(arn), Principal: { AWS: ['444455556666', '*'] } }]),
      fixed: async (world, id) =>
        expect((await policyOf(world, id))?.Statement).toEqual([{ ...anybody(arnOf(world, id)), Principal: { AWS: ['444455556666'] } }]),
    },
    'a queue that somebody else opens to a bucket before the rollback': {
      seed: queueWith((arn) => [anybody(arn)]),
      meanwhile: async (world, id) => put(world, id, [uploads(arnOf(world, id))]),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a queue without a policy': { seed: queueWith() },
    'a queue for what a bucket sends': { seed: queueWith((arn) => [uploads(arn)]) },
    'a queue for a topic of the account': {
      seed: queueWith((arn) => [send(arn, { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111122223333:orders' } } })]),
    },
    'a queue for a service': { seed: queueWith((arn) => [send(arn, { Principal: { Service: 'events.amazonaws.com' } })]) },
  },
  obstacles: {
    'a queue for everybody but those outside of the organization': {
      seed: queueWith((arn) => [
        anybody(arn),
        send(arn, { Effect: 'Deny', Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
      ]),
      outcome: 'unfixable',
      reason: /with a Deny statement/,
    },
  },
  missing: 'no-such-queue',
});

const url = 'https://sqs.eu-west-1.amazonaws.com/111122223333/q';
const resource = {
  type: queue.type,
  id: 'q',
  arn: 'arn:aws:sqs:eu-west-1:111122223333:q',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const context = { parameters: {}, detectedBy: 'SQS.3', now: new Date(0) };

it('puts back the very text of a policy', () => {
  const policy = `{ "Statement": ${JSON.stringify(anybody(resource.arn))},\n "Id": "theirs" }`;
  const [change] = rule.plan(resource, { url, policy }, context) as readonly (Change & { readonly undo: AwsCommand })[];
  expect(change?.do.input).toEqual({ QueueUrl: url, Attributes: { Policy: '' } });
  expect(change?.undo.input).toEqual({ QueueUrl: url, Attributes: { Policy: policy } });
});

it('leaves alone a policy that it can not read', () => {
  expect(rule.plan(resource, { url, policy: '{"Statement":"Allow"}' }, context)).toEqual({
    unfixable: expect.stringContaining('cannot be parsed'),
    code: 'state-unreadable',
  });
});

it('lists the queues of all pages', async () => {
  const pages: Record<string, object> = {
    first: { QueueUrls: [url, `${url}.fifo`], NextToken: 'second' },
    second: { QueueUrls: [`${url}2`] },
    third: {},
  };
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      const { NextToken = 'first', MaxResults } = command.input as { NextToken?: string; MaxResults?: number };
      expect(MaxResults).toBe(1000);
      return pages[NextToken] as Output;
    },
  };
  expect(await rule.list?.(resource, aws)).toEqual(['q', 'q.fifo', 'q2']);
});

it.each([
  ['of another account', 'https://sqs.eu-west-1.amazonaws.com/444455556666/q'],
  ['of a name that is none', 'https://sqs.eu-west-1.amazonaws.com/111122223333/q/r'],
  ['without its host', '/111122223333/q'],
])('knows no queue by a URL %s', (_, id) => {
  expect(idReported(queue, resource, url)).toBe(resource.id);
  expect(idReported(queue, resource, id)).toBe(id);
  expect(arnOfId(queue, resource, id)).toBeUndefined();
});

const arnOf = ({ region, account }: World, id: string): string => `arn:aws:sqs:${region}:${account}:${id}`;

async function urlOf(world: World, QueueName: string): Promise<string> {
  return (await world.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
}

async function put(world: World, id: string, Statement: readonly JsonObject[]): Promise<void> {
  const Attributes = { Policy: JSON.stringify({ Version: '2012-10-17', Statement }) };
  await world.send(new SetQueueAttributesCommand({ QueueUrl: await urlOf(world, id), Attributes }));
}

async function policyOf(world: World, id: string): Promise<JsonObject | undefined> {
  const answer = await world.send(new GetQueueAttributesCommand({ QueueUrl: await urlOf(world, id), AttributeNames: ['Policy'] }));
  return answer.Attributes?.Policy === undefined ? undefined : (JSON.parse(answer.Attributes.Policy) as JsonObject);
}

function queueWith(statements?: Statements, result = '') {
  return async (world: World): Promise<string> => {
    const QueueName = `orders-${Math.random().toString(36).slice(2)}${result}`;
    await world.send(new CreateQueueCommand({ QueueName, ...(result && { Attributes: { FifoQueue: 'true' } }) }));
    if (statements) await put(world, QueueName, statements(arnOf(world, QueueName)));
    return QueueName;
  };
}
