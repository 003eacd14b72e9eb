import {
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstancesCommand,
  DisassociateIamInstanceProfileCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  AddRoleToInstanceProfileCommand,
  AttachRolePolicyCommand,
  CreateInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
} from '@aws-sdk/client-iam';
import type { Aws, AwsCommand } from '../../../rules/rule';
import rule from '../../../rules/ssm/instance-managed';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

const instanceProfileName = 'managed';
const parameters = { instanceProfileName };
const core = 'arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore';

describeRule(rule, {
  parameters,
  violations: {
    'an instance without a profile': {
      seed: running(),
      fixed: async (world, id) => expect((await instanceOf(world, id))?.IamInstanceProfile?.Arn).toMatch(/instance-profile\/managed$/),
      rolledBack: async (world, id) => expect((await instanceOf(world, id))?.IamInstanceProfile).toBeUndefined(),
    },
    'an instance that somebody gives another profile before the rollback': {
      seed: running(),
      meanwhile: (world, id) => replaceProfile(world, id, 'theirs'),
      rolledBack: async (world, id) => expect((await instanceOf(world, id))?.IamInstanceProfile?.Arn).toMatch(/instance-profile\/theirs$/),
    },
    'an instance from which somebody takes the profile before the rollback, and gives it anew': {
      seed: running(),
      meanwhile: (world, id) => replaceProfile(world, id, instanceProfileName),
      rolledBack: async (world, id) => expect((await instanceOf(world, id))?.IamInstanceProfile?.Arn).toMatch(/instance-profile\/managed$/),
    },
  },
  compliant: {
    'an instance whose agent answers': { seed: running({ associated: instanceProfileName }) },
    'an instance with another profile, whose agent answers': { seed: running({ associated: 'theirs' }) },
    'an instance that is stopped, and that Systems Manager knows': { seed: stopped({ associated: instanceProfileName }) },
  },
  obstacles: {
    'an instance that is stopped, and that Systems Manager does not know': {
      seed: stopped(),
      outcome: 'unfixable',
      reason: /is stopped and not known to Systems Manager/,
    },
    'a profile that is not there': {
      seed: running({ make: false }),
      outcome: 'unfixable',
      reason: /The instance profile managed.* does not exist/,
    },
    'a profile without a role': { seed: running({ role: null }), outcome: 'unfixable', reason: /managed has no role/ },
    'a profile with a role of another name': {
      seed: running({ role: 'admin' }),
      outcome: 'unfixable',
      reason: /does not begin with posture-ssm-/,
    },
    'a profile whose role may do nothing': {
      seed: running({ policy: false }),
      outcome: 'unfixable',
      reason: /managed does not have AmazonSSMManagedInstanceCore/,
    },
    'an instance with another profile, whose agent does not answer': {
      seed: running({ started: 'theirs' }),
      outcome: 'unfixable',
      reason: /has the profile theirs, and its agent is not connected/,
    },
    'an instance with the profile, whose agent has not answered yet': {
      seed: running({ started: instanceProfileName }),
      outcome: 'blocked',
      reason: /its agent has not connected yet/,
    },
    'an instance that was terminated': {
      seed: async (world) => {
        const id = await running()(world);
        await world.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
        return id;
      },
      outcome: 'resource-not-found',
    },
    'no profile': { seed: running(), parameters: { instanceProfileName: '' }, outcome: 'not-configured' },
  },
  missing: 'i-0123456789abcdef0',
  unexercised: { 'iam:PassRole': 'AWS asks for it where an instance is given a profile; it is no call.' },
});

interface Options {
  readonly make?: boolean;
  readonly role?: string | null;
  readonly policy?: boolean;
  /** The profile that it is started with, and that which it gets later. */
  readonly started?: string;
  readonly associated?: string;
}

function running({ make = true, role = 'posture-ssm-managed', policy = true, started, associated }: Options = {}) {
  return async (world: World): Promise<string> => {
    await world.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'theirs' }));
    if (make) await profile(world, role, policy);
    const { Instances: [{ InstanceId = '' } = {}] = [] } = await world.send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        MinCount: 1,
        MaxCount: 1,
        ...(started && { IamInstanceProfile: { Name: started } }),
      }),
    );
    if (associated) await world.send(new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name: associated } }));
    return InstanceId;
  };
}

function stopped(options: Options = {}) {
  return async (world: World): Promise<string> => {
    const id = await running(options)(world);
    await world.send(new StopInstancesCommand({ InstanceIds: [id] }));
    return id;
  };
}

async function profile(world: World, RoleName: string | null, policy: boolean): Promise<void> {
  await world.send(new CreateInstanceProfileCommand({ InstanceProfileName: instanceProfileName }));
  if (RoleName === null) return;
  await world.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{"Version":"2012-10-17","Statement":[]}' }));
  await world.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: instanceProfileName, RoleName }));
  if (!policy) return;
  // moto has none of AWS's own policies.
  const PolicyDocument =
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:UpdateInstanceInformation","Resource":"*"}]}';
  const { Policy } = await world.send(new CreatePolicyCommand({ PolicyName: 'AmazonSSMManagedInstanceCore', PolicyDocument }));
  await world.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: Policy?.Arn }));
}

async function associationOf(world: World, id: string): Promise<string | undefined> {
  const Filters = [{ Name: 'instance-id', Values: [id] }];
  const { IamInstanceProfileAssociations = [] } = await world.send(new DescribeIamInstanceProfileAssociationsCommand({ Filters }));
  return IamInstanceProfileAssociations[0]?.AssociationId;
}

async function replaceProfile(world: World, id: string, Name: string): Promise<void> {
  await world.send(new DisassociateIamInstanceProfileCommand({ AssociationId: await associationOf(world, id) }));
  await world.send(new AssociateIamInstanceProfileCommand({ InstanceId: id, IamInstanceProfile: { Name } }));
}

async function instanceOf(world: World, id: string) {
  return (await world.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations?.[0]?.Instances?.[0];
}

it('waits for an instance that is starting, and reads all pages', async () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::EC2::Instance', id: 'i-0a', arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0a' };
  const aws: Aws = {
    async send<Output>({ input, constructor: { name } }: AwsCommand<Output>) {
      const { NextToken, Marker } = input as { NextToken?: string; Marker?: string };
      if (name === 'GetInstanceProfileCommand')
        return {
          InstanceProfile: { Roles: [{ RoleName: 'posture-ssm-a', Arn: 'arn:aws:iam::111122223333:role/posture-ssm-a' }] },
        } as Output;
      if (name === 'ListAttachedRolePoliciesCommand')
        return (Marker ? { AttachedPolicies: [{ PolicyArn: core }] } : { AttachedPolicies: [], Marker: '2' }) as Output;
      const page = { Reservations: [{ Instances: [{ InstanceId: NextToken ? 'i-0b' : 'i-0a', State: { Name: 'pending' } }] }] };
      return (NextToken || 'InstanceIds' in input ? page : { ...page, NextToken: '2' }) as Output;
    },
  };
  const state = await rule.inspect(resource, aws, parameters);
  expect(state).toEqual({ status: 'pending', agent: 'unknown', profile: null, partner: 'ready' });
  const context = { parameters, detectedBy: 'SSM.1', now: new Date(0) };
  expect(planOf(rule, resource, state, context)).toEqual({ blocked: 'The instance is pending.', code: 'being-modified' });
  expect(await rule.list?.(place, aws)).toEqual(['i-0a', 'i-0b']);
});

describe('an agent whose connection is lost', () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::EC2::Instance', id: 'i-0a', arn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0a' };
  const planFor = async (status: string) => {
    const IamInstanceProfile = { Arn: 'arn:aws:iam::111122223333:instance-profile/theirs' };
    const answer = {
      Reservations: [{ Instances: [{ InstanceId: 'i-0a', State: { Name: status }, IamInstanceProfile }] }],
      InstanceInformationList: [{ InstanceId: 'i-0a', PingStatus: 'ConnectionLost' }],
    };
    const state = await rule.inspect(resource, { send: async () => answer } as unknown as Aws, parameters);
    return planOf(rule, resource, state, { parameters, detectedBy: 'SSM.1', now: new Date(0) });
  };

  it('is no fault of an instance that is stopped: Systems Manager knows it', async () => {
    expect(await planFor('stopped')).toEqual([]);
  });

  it('is one of an instance that runs', async () => {
    expect(await planFor('running')).toHaveProperty('unfixable');
  });
});
