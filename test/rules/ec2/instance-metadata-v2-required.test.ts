import type { Datapoint } from '@aws-sdk/client-cloudwatch';
import {
  DescribeInstancesCommand,
  type Instance,
  type InstanceMetadataOptionsRequest,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { callOf } from '../../../functions/aws/call';
import { loggedChange } from '../../../functions/plan/change';
import rule from '../../../rules/ec2/instance-metadata-v2-required';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { noteUntokened } from './instance/untokened';

describeRule(rule, {
  violations: {
    'an instance that answers with or without a token, over two hops and with its tags': {
      seed: (world) => instanceWith(world, { HttpTokens: 'optional', HttpPutResponseHopLimit: 2, InstanceMetadataTags: 'enabled' }),
      async fixed(world, id) {
        expect(await optionsOf(world, id)).toMatchObject({
          HttpTokens: 'required',
          HttpEndpoint: 'enabled',
          HttpPutResponseHopLimit: 2,
          InstanceMetadataTags: 'enabled',
        });
      },
    },
    'a stopped instance, where the policy sets the hops': {
      async seed(world) {
        const id = await instanceWith(world, {});
        await world.send(new StopInstancesCommand({ InstanceIds: [id] }));
        return id;
      },
      parameters: { hopLimit: 3 },
      async fixed(world, id) {
        expect(await optionsOf(world, id)).toMatchObject({ HttpTokens: 'required', HttpPutResponseHopLimit: 3 });
      },
    },
    'an instance on which nothing has asked without a token for a week, and on another something has': {
      async seed(world) {
        const id = await instanceWith(world, {});
        await noteUntokened(world, { of: { InstanceId: id }, count: 5, days: 9 });
        await noteUntokened(world, { of: { InstanceId: id }, count: 0, days: 1 });
        await noteUntokened(world, { of: { InstanceId: await instanceWith(world, {}) }, count: 5, days: 1 });
        return id;
      },
    },
    'an instance on which something asks without a token, where that does not matter to the owner of the policy': {
      seed: untokened,
      parameters: { quietDays: 0 },
    },
  },
  compliant: {
    'an instance that asks for tokens, over other hops than the policy sets': {
      seed: (world) => instanceWith(world, { HttpTokens: 'required', HttpPutResponseHopLimit: 2 }),
      parameters: { hopLimit: 1 },
    },
  },
  obstacles: {
    'an instance that was terminated': {
      async seed(world) {
        const id = await instanceWith(world, {});
        await world.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
        return id;
      },
      outcome: 'resource-not-found',
    },
    'an instance whose metadata service is turned off': {
      seed: (world) => instanceWith(world, { HttpTokens: 'optional', HttpEndpoint: 'disabled' }),
      outcome: 'unfixable',
      reason: /is disabled/,
    },
    'an instance on which something has asked without a token': { seed: untokened, outcome: 'unfixable', reason: /last 7 days/ },
    'an instance on which something has asked without a token for a while': {
      async seed(world) {
        const id = await instanceWith(world, {});
        await noteUntokened(world, { of: { InstanceId: id }, count: 1, days: 29 });
        return id;
      },
      parameters: { quietDays: 30 },
      outcome: 'unfixable',
      reason: /last 30 days/,
    },
  },
  missing: 'i-0123456789abcdef0',
});

async function instanceWith(world: World, MetadataOptions: InstanceMetadataOptionsRequest): Promise<string> {
  const { Instances = [] } = await world.send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, MetadataOptions }),
  );
  return Instances[0]?.InstanceId ?? '';
}

async function untokened(world: World): Promise<string> {
  const id = await instanceWith(world, {});
  await noteUntokened(world, { of: { InstanceId: id }, count: 5, days: 2 });
  return id;
}

async function optionsOf(world: World, id: string) {
  const { Reservations = [] } = await world.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations[0]?.Instances?.[0]?.MetadataOptions;
}

const id = 'i-0a';
const resource = {
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
  type: 'AWS::EC2::Instance',
  id,
  arn: `arn:aws:ec2:eu-west-1:123456789012:instance/${id}`,
};

const chosen = { quietDays: 7 };

/** What is planned for an instance as `DescribeInstances` shows it, and CloudWatch. */
async function planFor(shown: Instance, Datapoints: readonly Datapoint[] = []) {
  const answers: Readonly<Record<string, object>> = {
    DescribeInstances: { Reservations: [{ Instances: [{ InstanceId: id, ...shown }] }] },
    GetMetricStatistics: { Datapoints },
  };
  const send = async (command: AwsCommand) => answers[callOf(command).operation];
  const state = await rule.inspect(resource, { send } as unknown as Aws, chosen);
  if (state === notFound) return notFound;
  return rule.plan(resource, state, { parameters: chosen, detectedBy: 'EC2.8', now: new Date(0) });
}

describe('an instance', () => {
  const optional = { HttpTokens: 'optional', HttpEndpoint: 'enabled', State: 'applied' } as const;
  const required = { ...optional, HttpTokens: 'required' } as const;
  const pending = { State: 'pending' } as const;

  it.each(['pending', 'stopping'] as const)('is left for later while it is %s', async (Name) => {
    expect(await planFor({ State: { Name }, MetadataOptions: optional })).toEqual({
      blocked: `The instance i-0a cannot be changed now: it is ${Name}.`,
      code: 'being-modified',
    });
    expect(await planFor({ State: { Name }, MetadataOptions: required })).toEqual([]);
  });

  it.each(['shutting-down', 'terminated'] as const)('is gone when it is %s', async (Name) => {
    expect(await planFor({ State: { Name }, MetadataOptions: optional })).toBe(notFound);
  });

  it('is not put right before its options are applied, unless it is stopped, when they are applied at its start', async () => {
    const blocked = expect.stringContaining('being applied');
    expect(await planFor({ State: { Name: 'running' }, MetadataOptions: { ...required, ...pending } })).toEqual({
      blocked,
      code: 'being-modified',
    });
    expect(await planFor({ State: { Name: 'running' }, MetadataOptions: { ...optional, ...pending } })).toEqual({
      blocked,
      code: 'being-modified',
    });
    expect(await planFor({ State: { Name: 'stopped' }, MetadataOptions: { ...required, ...pending } })).toEqual([]);
    expect(await planFor({ State: { Name: 'stopped' }, MetadataOptions: { ...optional, ...pending } })).toHaveLength(1);
  });

  it('is not changed where another service runs it', async () => {
    const Operator = { Managed: true, Principal: 'eks.amazonaws.com' };
    expect(await planFor({ State: { Name: 'running' }, MetadataOptions: optional, Operator })).toEqual({
      unfixable: 'eks.amazonaws.com manages the instance i-0a, and its owner cannot change it.',
      code: 'owned-by-service',
    });
    expect(await planFor({ State: { Name: 'running' }, MetadataOptions: required, Operator })).toEqual([]);
  });

  it('is not changed where something on it asks without a token, whatever else is done to it', async () => {
    const used = [{ Sum: 0 }, { Sum: 3 }];
    const unfixable = expect.stringContaining('used IMDSv1 in the last 7 days');
    expect(await planFor({ State: { Name: 'running' }, MetadataOptions: optional }, used)).toEqual({ unfixable, code: 'imds-v1-in-use' });
    expect(await planFor({ State: { Name: 'stopping' }, MetadataOptions: optional }, used)).toEqual({ unfixable, code: 'imds-v1-in-use' });
    expect(await planFor({ State: { Name: 'running' }, MetadataOptions: required }, used)).toEqual([]);
    expect(await planFor({ State: { Name: 'running' }, MetadataOptions: optional }, [{ Sum: 0 }, {}])).toHaveLength(1);
  });

  it('keeps what is enabled, and names nothing that is not', async () => {
    const plan = await planFor({
      State: { Name: 'running' },
      MetadataOptions: { ...optional, HttpPutResponseHopLimit: 5, HttpProtocolIpv6: 'enabled', InstanceMetadataTags: 'disabled' },
    });
    const kept = { InstanceId: id, HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 5, HttpProtocolIpv6: 'enabled' };
    expect(Array.isArray(plan) && plan.map(loggedChange)).toEqual([
      {
        do: { service: 'ec2', operation: 'ModifyInstanceMetadataOptions', input: { ...kept, HttpTokens: 'required' } },
        undo: { service: 'ec2', operation: 'ModifyInstanceMetadataOptions', input: { ...kept, HttpTokens: 'optional' } },
      },
    ]);
  });
});

it('lists the instances of all pages, but those that are leaving', async () => {
  const pages: Record<string, object> = {
    first: { Reservations: [{ Instances: [{ InstanceId: 'i-0a', State: { Name: 'running' } }] }], NextToken: 'second' },
    second: {
      Reservations: [
        {
          Instances: [
            { InstanceId: 'i-0b', State: { Name: 'terminated' } },
            { InstanceId: 'i-0c', State: { Name: 'stopped' } },
          ],
        },
      ],
    },
  };
  const aws = { send: async ({ input }: { input: { NextToken?: string } }) => pages[input.NextToken ?? 'first'] } as unknown as Aws;
  expect(await rule.list?.(resource, aws)).toEqual(['i-0a', 'i-0c']);
});
