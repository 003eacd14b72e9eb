import { IAMClient } from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  ListEventSourceMappingsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { callOf } from '../../../functions/aws/call';
import { idReported } from '../../../functions/findings/reported';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/lambda/function-stopped';
import { type Aws, type AwsCommand, notFound, toArray } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { newFunction } from './new-function';

describeRule(rule, {
  clients: [IAMClient, S3Client, SQSClient],
  violations: {
    'a function without reserved concurrency, with an enabled and a disabled event source': {
      async seed(world) {
        const id = await newFunction(world);
        await source(world, id, 'orders', true);
        await source(world, id, 'returns', false);
        await source(world, await newFunction(world), 'others', true);
        return id;
      },
      fixed: async (world, id) => expect(await lookAt(world, id)).toEqual({ reserved: 0, enabled: [] }),
      meanwhile: (world, id) => source(world, id, 'late', false),
      rolledBack: async (world, id) => expect(await lookAt(world, id)).toEqual({ reserved: undefined, enabled: ['orders'] }),
    },
    'a function with reserved concurrency, whose alias has an event source': {
      async seed(world) {
        const id = await newFunction(world);
        const { Version } = await world.send(new PublishVersionCommand({ FunctionName: id }));
        await world.send(new CreateAliasCommand({ FunctionName: id, Name: 'live', FunctionVersion: Version }));
        await world.send(new PutFunctionConcurrencyCommand({ FunctionName: id, ReservedConcurrentExecutions: 7 }));
        await source(world, `${id}:live`, 'orders', true);
        return id;
      },
      fixed: async (world, id) => expect(await lookAt(world, id)).toEqual({ reserved: 0, enabled: [] }),
    },
    'a function that is throttled already, with an event source': {
      async seed(world) {
        const id = await newFunction(world);
        await world.send(new PutFunctionConcurrencyCommand({ FunctionName: id, ReservedConcurrentExecutions: 0 }));
        await source(world, id, 'orders', true);
        return id;
      },
      fixed: async (world, id) => expect(await lookAt(world, id)).toEqual({ reserved: 0, enabled: [] }),
    },
  },
  compliant: {
    'a function that is throttled, whose event source is disabled': {
      async seed(world) {
        const id = await newFunction(world);
        await world.send(new PutFunctionConcurrencyCommand({ FunctionName: id, ReservedConcurrentExecutions: 0 }));
        await source(world, id, 'orders', false);
        return id;
      },
    },
  },
  missing: 'no-such-function',
});

async function source(world: World, FunctionName: string, queue: string, enabled: boolean): Promise<void> {
  await world.send(new CreateQueueCommand({ QueueName: queue }));
  const EventSourceArn = `arn:aws:sqs:${world.region}:${world.account}:${queue}`;
  const { UUID } = await world.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, Enabled: true }));
  if (!enabled) await world.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
}

/** What lets the function run, as Lambda shows it. */
async function lookAt(world: World, id: string) {
  const { ReservedConcurrentExecutions: reserved } = await world.send(new GetFunctionConcurrencyCommand({ FunctionName: id }));
  const { EventSourceMappings = [] } = await world.send(new ListEventSourceMappingsCommand({}));
  const own = EventSourceMappings.filter(({ FunctionArn, State }) => FunctionArn?.includes(id) && State !== 'Disabled');
  return { reserved, enabled: own.map(({ EventSourceArn = '' }) => EventSourceArn.split(':')[5]) };
}

const resource = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  type: 'AWS::Lambda::Function',
  id: 'resize',
  arn: 'arn:aws:lambda:eu-west-1:111122223333:function:resize',
};

describe('an event source mapping that Lambda is changing', () => {
  const planFor = async (reserved: number, status: string) => {
    const answers: Readonly<Record<string, object>> = {
      GetFunctionConcurrency: { ReservedConcurrentExecutions: reserved },
      ListEventSourceMappings: { EventSourceMappings: [{ UUID: 'a', FunctionArn: resource.arn, State: status }] },
    };
    const aws = { send: async (command: AwsCommand) => answers[callOf(command).operation] } as unknown as Aws;
    const state = await rule.inspect(resource, aws);
    if (state === notFound) throw new Error('The function is not there.');
    return rule.plan(resource, state, { parameters: {}, detectedBy: '', now: new Date(0) });
  };

  it.each(['Creating', 'Updating'])('is waited for while it is %s, and delays no throttling', async (status) => {
    expect(await planFor(0, status)).toEqual({ blocked: expect.stringContaining('a'), code: 'being-modified' });
    const plan = await planFor(5, status);
    expect(isChanges(plan) && plan.map(({ do: command }) => callOf(command).operation)).toEqual(['PutFunctionConcurrency']);
  });

  it.each([
    ['Enabled', 1],
    ['Enabling', 1],
    ['Disabling', 0],
    ['Disabled', 0],
    ['Deleting', 0],
  ])('needs a change or none while it is %s', async (status, count) => {
    expect(await planFor(0, status)).toHaveLength(count);
  });
});

it.each(['', ':$LATEST', ':7', ':live'])('is the whole function, if GuardDuty names it with %s at its end', (qualifier) => {
  const [kind] = toArray(rule.resource);
  expect(kind && idReported(kind, resource, `${resource.arn}${qualifier}`)).toBe('resize');
});
