import { CreateTopicCommand, GetTopicAttributesCommand, ListTopicsCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import type { JsonObject } from '../../../rules/json';
import type { Aws, AwsCommand, Change } from '../../../rules/rule';
import { topic } from '../../../rules/sns/topic/resource';
import rule from '../../../rules/sns/topic-policy-not-public';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

type Statements = (arn: string) => readonly JsonObject[];

const publish = (arn: string, over: JsonObject): JsonObject => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 'SNS:Publish',
  Resource: arn,
  ...over,
});
const anybody = (arn: string) => publish(arn, { Sid: 'anybody' });
const alarms = (arn: string) => publish(arn, { Sid: 'alarms', Principal: { Service: 'cloudwatch.amazonaws.com' } });
const partner = (arn: string) => publish(arn, { Sid: 'partner', Principal: { AWS: ['*', 'arn:aws:iam::444455556666:root'] } });

const office = (arn: string) => publish(arn, { Sid: 'office', Condition: { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } } });

describeRule(rule, {
  violations: {
    'a topic open to everybody, and to alarms': {
      seed: topicWith((arn) => [anybody(arn), alarms(arn)]),
      fixed: async (world, id) =>
        expect(await policyOf(world, id)).toEqual({ Version: '2012-10-17', Statement: [alarms(arnOf(world, id))] }),
      rolledBack: async (world, id) =>
        expect(await policyOf(world, id)).toEqual({
          Version: '2012-10-17',
          Statement: [anybody(arnOf(world, id)), alarms(arnOf(world, id))],
        }),
    },
    'a topic open to everybody and nobody else': {
      seed: topicWith((arn) => [anybody(arn)]),
      fixed: async (world, id) => {
        const fresh = await topicWith()(world);
        const { Statement } = await policyOf(world, fresh);
        const text = JSON.stringify(Statement).replaceAll(arnOf(world, fresh), arnOf(world, id));
        expect(await policyOf(world, id)).toEqual({ Version: '2012-10-17', Statement: JSON.parse(text) });
      },
    },
    'a topic that names a partner beside everybody': {
      seed: topicWith((arn) => [partner(arn)]),
      fixed: async (world, id) =>
        expect((await policyOf(world, id)).Statement).toEqual([
          { ...partner(arnOf(world, id)), Principal: { AWS: ['arn:aws:iam::444455556666:root'] } },
        ]),
    },
    'a topic open to everybody, and to an office by its addresses, which AWS does not count': {
      seed: topicWith((arn) => [anybody(arn), office(arn)]),
      outcome: 'partly-fixed',
      fixed: async (world, id) => expect((await policyOf(world, id)).Statement).toEqual([office(arnOf(world, id))]),
    },
    'a topic that somebody else opens to a partner before the rollback': {
      seed: topicWith((arn) => [anybody(arn)]),
      meanwhile: async (world, id) => put(world, id, [alarms(arnOf(world, id))]),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a new topic, open to everybody of its account': { seed: topicWith() },
    'a topic open to whom a bucket sends': {
      seed: topicWith((arn) => [publish(arn, { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } } })]),
    },
    'a topic that refuses everybody without TLS': {
      seed: topicWith((arn) => [alarms(arn), publish(arn, { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
    },
    'a FIFO topic': { seed: topicWith(undefined, '.fifo') },
  },
  obstacles: {
    'a topic open to some addresses': {
      seed: topicWith((arn) => [publish(arn, { Sid: 'office', Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } })]),
      outcome: 'unfixable',
      reason: /public access with a condition \("office"\)/,
    },
  },
  missing: 'no-such-topic',
});

const resource = {
  type: topic.type,
  id: 't',
  arn: 'arn:aws:sns:eu-west-1:111122223333:t',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const context = { parameters: {}, detectedBy: 'SNS.4', now: new Date(0) };

it('puts back the very text of a policy', () => {
  const policy = `{ "Statement": ${JSON.stringify(anybody(resource.arn))},\n "Id": "theirs" }`;
  const [change] = rule.plan(resource, { policy }, context) as readonly (Change & { readonly undo: AwsCommand })[];
  expect(change?.undo.input).toEqual({ TopicArn: resource.arn, AttributeName: 'Policy', AttributeValue: policy });
  expect(change?.do.input).toMatchObject({
    AttributeValue: expect.stringMatching(/^\{"Statement":\[\{"Sid":"__default_statement_ID",.*\}\],"Id":"theirs"\}$/),
  });
});

it('leaves alone a policy that it can not read', () => {
  expect(rule.plan(resource, { policy: '{"Statement":"Allow"}' }, context)).toEqual({
    unfixable: expect.stringContaining('cannot be parsed'),
    code: 'state-unreadable',
  });
  expect(rule.plan(resource, { policy: null }, context)).toEqual([]);
});

it('lists the topics of all pages', async () => {
  const pages: Record<string, object> = {
    first: { Topics: [{ TopicArn: 'a' }, {}], NextToken: 'second' },
    second: { Topics: [{ TopicArn: 'b' }] },
  };
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      expect(command).toBeInstanceOf(ListTopicsCommand);
      return pages[(command.input as { NextToken?: string }).NextToken ?? 'first'] as Output;
    },
  };
  expect(await rule.list?.(resource, aws)).toEqual(['a', 'b']);
});

const arnOf = ({ region, account }: World, id: string): string => `arn:aws:sns:${region}:${account}:${id}`;

async function put(world: World, id: string, Statement: readonly JsonObject[]): Promise<void> {
  const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement });
  await world.send(new SetTopicAttributesCommand({ TopicArn: arnOf(world, id), AttributeName: 'Policy', AttributeValue }));
}

async function policyOf(world: World, id: string): Promise<JsonObject> {
  const { Attributes } = await world.send(new GetTopicAttributesCommand({ TopicArn: arnOf(world, id) }));
  return JSON.parse(Attributes?.Policy ?? '{}') as JsonObject;
}

function topicWith(statements?: Statements, result = '') {
  return async (world: World): Promise<string> => {
    const Name = `orders-${Math.random().toString(36).slice(2)}${result}`;
    await world.send(new CreateTopicCommand({ Name, ...(result && { Attributes: { FifoTopic: 'true' } }) }));
    if (statements) await put(world, Name, statements(arnOf(world, Name)));
    return Name;
  };
}
