import { AssociateIamInstanceProfileCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateInstanceProfileCommand, IAMClient } from '@aws-sdk/client-iam';
import { PutInventoryCommand } from '@aws-sdk/client-ssm';
import type * as z from 'zod';
import type { Aws, AwsCommand } from '../../../rules/rule';
import rule from '../../../rules/ssm/instance-patched';
import { instanceIn } from '../../../rules/ssm/patch-compliance/resource';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  clients: [IAMClient],
  violations: {
    'an instance that lacks patches': { seed: lacking(2), outcome: 'awaiting-approval' },
  },
  compliant: {
    'an instance with all its patches': { seed: lacking(0) },
    "an instance with all its patches, by AWS Config's name of it": {
      seed: async (world) =>
        `arn:aws:ssm:${world.region}:${world.account}:patch-compliance/AWS::EC2::Instance/${await idOf(await lacking(0)(world))}`,
    },
  },
  obstacles: { 'an instance whose agent does not answer': { seed: lacking(2, false), outcome: 'unfixable', reason: /Fix SSM.1 first/ } },
  missing: 'i-0123456789abcdef0',
});

function lacking(count: number, online = true) {
  return async (world: World): Promise<string> => {
    const { Instances: [{ InstanceId = '' } = {}] = [] } = await world.send(
      new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }),
    );
    if (online) {
      await world.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'managed' }));
      await world.send(new AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name: 'managed' } }));
    }
    const Content = Array.from({ length: count }, (_, index) => ({ Patch: `KB${index}` }));
    const Items = [{ TypeName: 'Custom:MissingPatches', SchemaVersion: '1.0', CaptureTime: '2026-01-01T00:00:00Z', Content }];
    await world.send(new PutInventoryCommand({ InstanceId, Items }));
    return `arn:aws:ec2:${world.region}:${world.account}:instance/${InstanceId}`;
  };
}

const idOf = (arn: string) => instanceIn(arn) ?? '';

it.each([
  ['i-0123456789abcdef0', 'i-0123456789abcdef0'],
  ['instance/i-0123456789abcdef0', 'i-0123456789abcdef0'],
  ['AWS::SSM::ManagedInstanceInventory/i-01234567', 'i-01234567'],
  ['managed-instance/mi-0123456789abcdef0', 'mi-0123456789abcdef0'],
  ['ami-0123456789abcdef0', undefined],
  ['i-0123456789abcdef0/patch', undefined],
  ['i-xyz', undefined],
])('takes %s for the patch compliance of %s', (id, instance) => {
  expect(instanceIn(id)).toBe(instance);
});

describe('a plan', () => {
  type Parameters = z.infer<NonNullable<typeof rule.parameters>>;
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const id = 'i-0123456789abcdef0';
  const resource = { ...place, type: 'AWS::SSM::PatchCompliance', id, arn: `arn:aws:ssm:eu-west-1:111122223333:${id}` };
  const planFor = async (states: object, { commands = [] as readonly object[], parameters = {} } = {}) => {
    const aws: Aws = {
      async send<Output>({ constructor: { name } }: AwsCommand<Output>) {
        if (name === 'ListCommandsCommand') return { Commands: commands } as Output;
        if (name === 'DescribeInstancePatchStatesCommand') return { InstancePatchStates: [{ InstanceId: id, ...states }] } as Output;
        return { InstanceInformationList: [{ InstanceId: id, PingStatus: 'Online' }] } as Output;
      },
    };
    const chosen = rule.parameters?.parse(parameters) as Parameters;
    const state = await rule.inspect(resource, aws, chosen);
    return planOf(rule, resource, state, { parameters: chosen, detectedBy: 'SSM.2', now: new Date(0) });
  };

  it.each([[{ MissingCount: 1 }], [{ FailedCount: 1 }], [{ InstalledPendingRebootCount: 1 }]])(
    'installs patches for %j',
    async (states) => {
      const command = { DocumentName: 'AWS-RunPatchBaseline', InstanceIds: [id] };
      expect(await planFor(states)).toMatchObject([
        {
          do: { input: { ...command, Parameters: { Operation: ['Install'], RebootOption: ['RebootIfNeeded'] } } },
          irreversible: 'Installed patches are not removed, and a restart cannot be undone.',
        },
      ]);
    },
  );

  it('restarts nothing where that is not wished', async () => {
    expect(await planFor({ MissingCount: 1 }, { parameters: { rebootOption: 'NoReboot' } })).toMatchObject([
      { do: { input: { Parameters: { RebootOption: ['NoReboot'] } } } },
    ]);
  });

  it('installs nothing again where patches wait for a restart alone, and that is not wished', async () => {
    const parameters = { rebootOption: 'NoReboot' };
    expect(await planFor({ InstalledPendingRebootCount: 1 }, { parameters })).toEqual({
      blocked: expect.stringContaining('take effect at its next restart'),
      code: 'restart-pending',
    });
    expect(await planFor({ InstalledPendingRebootCount: 1, FailedCount: 1 }, { parameters })).toHaveLength(1);
  });

  it('does not take an instance for compliant that Systems Manager does not', async () => {
    expect(await planFor({ SecurityNonCompliantCount: 3 })).toEqual({
      unfixable: expect.stringContaining('3 patches'),
      code: 'patches-not-approved',
    });
    expect(await planFor({ CriticalNonCompliantCount: 1, OtherNonCompliantCount: 1 })).toEqual({
      unfixable: expect.stringContaining('2 patches'),
      code: 'patches-not-approved',
    });
    expect(await planFor({ SecurityNonCompliantCount: 3, MissingCount: 3 })).toHaveLength(1);
  });

  it('waits for an installation that is under way', async () => {
    expect(await planFor({ MissingCount: 1 }, { commands: [{ Status: 'Success' }, { Status: 'InProgress' }] })).toEqual({
      blocked: `Patches are being installed on ${id}.`,
      code: 'being-modified',
    });
    expect(await planFor({ MissingCount: 1 }, { commands: [{ Status: 'Success' }] })).toHaveLength(1);
  });

  it('takes off no patch', async () => {
    expect(await planFor({ InstalledRejectedCount: 2 })).toMatchObject({
      unfixable: expect.stringContaining('2 patches that the baseline rejects are installed'),
      code: 'rejected-patches-installed',
    });
    expect(await planFor({ InstalledCount: 9 })).toEqual([]);
  });
});

it('lists the instances of all pages, and no machines elsewhere', async () => {
  const aws: Aws = {
    async send<Output>({ input }: AwsCommand<Output>) {
      const { NextToken } = input as { NextToken?: string };
      const page = NextToken
        ? { InstanceInformationList: [{ InstanceId: 'i-0b' }] }
        : { InstanceInformationList: [{ InstanceId: 'mi-0a' }], NextToken: '2' };
      return page as Output;
    },
  };
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  expect(await rule.list?.(place, aws)).toEqual(['arn:aws:ec2:eu-west-1:111122223333:instance/i-0b']);
});
