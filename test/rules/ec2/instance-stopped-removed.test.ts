import { DescribeInstancesCommand, EC2Client, type Instance, RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { callOf } from '../../../functions/aws/call';
import rule from '../../../rules/ec2/instance-stopped-removed';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';

const day = 86_400_000;
const today = Date.now();

/** Why the instances of the seeds are stopped, by their id: moto dates that at now. */
const reasons = new Map<string, string>();

standIn(EC2Client, async (command, send) => {
  const given = await send(command);
  if (!(command instanceof DescribeInstancesCommand)) return given;
  const { Reservations = [] } = given as { Reservations?: { Instances?: Instance[] }[] };
  for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) {
    const StateTransitionReason = reasons.get(instance.InstanceId ?? '');
    if (StateTransitionReason !== undefined) Object.assign(instance, { StateTransitionReason });
  }
  return given;
});

const days = (count: number) => `User initiated (${new Date(today - count * day).toISOString().replace('T', ' ').slice(0, 19)} GMT)`;

describeRule(rule, {
  violations: {
    'an instance that has been stopped for 31 days': { seed: (world) => stopped(world, days(31)), outcome: 'awaiting-approval' },
    'an instance that has been stopped for 8 days, where the owner allows 7': {
      seed: (world) => stopped(world, days(8)),
      parameters: { allowedDays: 7 },
      outcome: 'awaiting-approval',
    },
  },
  compliant: {
    'an instance that runs': { seed: (world) => newInstance(world) },
    'an instance that has been stopped for 29 days': { seed: (world) => stopped(world, days(29)) },
  },
  obstacles: {
    'an instance that was shut down from within': {
      seed: (world) => stopped(world, ''),
      outcome: 'unfixable',
      reason: /does not say when/,
    },
  },
  missing: 'i-0123456789abcdef0',
});

async function newInstance(world: World): Promise<string> {
  const { Instances = [] } = await world.send(
    new RunInstancesCommand({ ImageId: 'ami-12c6146b', InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
  );
  return Instances[0]?.InstanceId ?? '';
}

async function stopped(world: World, reason: string): Promise<string> {
  const id = await newInstance(world);
  await world.send(new StopInstancesCommand({ InstanceIds: [id] }));
  reasons.set(id, reason);
  return id;
}

const id = 'i-0a';
const resource = {
  type: 'AWS::EC2::Instance',
  id,
  arn: `arn:aws:ec2:eu-west-1:123456789012:instance/${id}`,
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};

async function planFor(instance: object, now = new Date(today), kept = false) {
  const answers: Readonly<Record<string, object>> = {
    DescribeInstances: { Reservations: [{ Instances: [{ InstanceId: id, State: { Name: 'stopped' }, ...instance }] }] },
    DescribeInstanceAttribute: { DisableApiTermination: { Value: kept } },
  };
  const send = async (command: AwsCommand) => answers[callOf(command).operation];
  const state = await rule.inspect(resource, { send } as unknown as Aws);
  if (state === notFound) return notFound;
  return rule.plan(resource, state, { parameters: { allowedDays: 30 }, detectedBy: 'EC2.4', now });
}

describe('the plan', () => {
  const StateTransitionReason = 'User initiated (2026-10-01 12:00:00 GMT)';

  it('is to terminate, after 30 whole days and not before', async () => {
    expect(await planFor({ StateTransitionReason }, new Date('2026-10-31T12:00:00Z'))).toEqual([]);
    expect(await planFor({ StateTransitionReason }, new Date('2026-10-31T12:00:00.001Z'))).toEqual([
      { do: expect.objectContaining({ input: { InstanceIds: [id] } }), irreversible: expect.any(String) },
    ]);
  });

  it('is none where somebody has protected the instance', async () => {
    expect(await planFor({ StateTransitionReason }, new Date(today), true)).toEqual({
      unfixable: expect.stringContaining('Termination protection is enabled'),
      code: 'termination-protected',
    });
  });

  it('is none where another service runs the instance', async () => {
    const Operator = { Managed: true, Principal: 'eks.amazonaws.com' };
    expect(await planFor({ StateTransitionReason, Operator })).toEqual({
      unfixable: expect.stringContaining('eks.amazonaws.com'),
      code: 'owned-by-service',
    });
  });

  it('is none where another instance would be launched in its place', async () => {
    const Tags = [
      { Key: 'Name', Value: 'web' },
      { Key: 'aws:autoscaling:groupName', Value: 'pool' },
    ];
    expect(await planFor({ StateTransitionReason, Tags })).toEqual({
      unfixable: expect.stringContaining('the Auto Scaling group pool'),
      code: 'owned-by-service',
    });
    const spot = { InstanceLifecycle: 'spot', SpotInstanceRequestId: 'sir-0a' };
    expect(await planFor({ StateTransitionReason, ...spot })).toEqual({
      unfixable: expect.stringContaining('the Spot request sir-0a'),
      code: 'owned-by-service',
    });
    const others = { Tags: [{ Key: 'Name', Value: 'web' }], InstanceLifecycle: 'capacity-block' };
    expect(await planFor({ StateTransitionReason, ...others })).toHaveLength(1);
  });

  it.each(['shutting-down', 'terminated', 'stopping'])('is none for an instance that is %s', async (Name) => {
    expect(await planFor({ StateTransitionReason, State: { Name } })).toEqual([]);
  });
});
