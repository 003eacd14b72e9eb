import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { callOf } from '../../../functions/aws/call';
import { SetDefaultVersionCommand, unseen } from '../../../rules/ec2/launch-template/version';
import rule from '../../../rules/ec2/launch-template-addresses-private';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { secret } from '../../contract/secrets';
import { standIn } from '../../contract/stand-in';

/** Templates and versions that are deleted: moto deletes no versions. */
const deleted = new Set<string>();

standIn(EC2Client, async (command, send) => {
  if (command instanceof DeleteLaunchTemplateVersionsCommand) {
    const { LaunchTemplateId, Versions = [] } = command.input;
    for (const version of Versions) deleted.add(`${LaunchTemplateId} ${version}`);
    return {};
  }
  const given = await send(command);
  if (!(command instanceof DescribeLaunchTemplateVersionsCommand)) return given;
  const { LaunchTemplateVersions = [] } = given as { LaunchTemplateVersions?: { LaunchTemplateId: string; VersionNumber: number }[] };
  const left = LaunchTemplateVersions.filter((one) => !deleted.has(`${one.LaunchTemplateId} ${one.VersionNumber}`));
  return { ...given, LaunchTemplateVersions: left };
});

const open = {
  UserData: Buffer.from(`#!/bin/sh\nexport KEY=${secret}\n`).toString('base64'),
  NetworkInterfaces: [
    { DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: ['sg-0a'], DeleteOnTermination: true },
    { DeviceIndex: 1, SubnetId: 'subnet-0a' },
  ],
};
const closed = { NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: false }] };

describeRule(rule, {
  violations: {
    'a launch template that gives one of its network interfaces a public address': {
      seed: (world) => templateWith(world, open),
      async fixed(world, id) {
        const [before, after] = await versionsOf(world, id);
        expect(before).toMatchObject({ DefaultVersion: false, LaunchTemplateData: open });
        const [first, second] = open.NetworkInterfaces;
        expect(after).toMatchObject({
          DefaultVersion: true,
          VersionDescription: 'Created by ec2-launch-template-addresses-private',
          LaunchTemplateData: { NetworkInterfaces: [{ ...first, AssociatePublicIpAddress: false }, second] },
        });
      },
      rolledBack: async (world, id) =>
        expect(await versionsOf(world, id)).toMatchObject([{ DefaultVersion: true, LaunchTemplateData: open }]),
    },
    'a launch template whose image is named by a public parameter': {
      seed: (world) =>
        templateWith(world, { ...open, ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64' }),
      rolledBack: async (world, id) => expect(await versionsOf(world, id)).toHaveLength(1),
    },
    'a launch template of which somebody uses the new version before the rollback': {
      seed: (world) => templateWith(world, open),
      meanwhile: async (world, LaunchTemplateId) => {
        await world.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData: closed }));
        await world.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: '3' }));
      },
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a launch template without network interfaces': { seed: (world) => templateWith(world, { InstanceType: 't3.micro' }) },
    'a launch template that gives no public address': { seed: (world) => templateWith(world, closed) },
    'a launch template whose latest version gives one, but not the default': { seed: (world) => templateWith(world, closed, open) },
  },
  obstacles: {
    'a launch template whose image is named by a parameter of its owner': {
      seed: (world) => templateWith(world, { ...open, ImageId: 'resolve:ssm:golden-image:3' }),
      outcome: 'unfixable',
      reason: /image of the launch template is resolve:ssm:golden-image:3/,
    },
    'a launch template whose default version is not its latest': {
      seed: (world) => templateWith(world, open, closed),
      outcome: 'unfixable',
      reason: /default version \(1\) is not the latest \(2\)/,
    },
  },
  missing: 'lt-0123456789abcdef0',
  unexercised: { 'ssm:GetParameters': 'EC2 asks for it where the image is named by a parameter; it is no call of the rule.' },
});

async function templateWith(world: World, data: RequestLaunchTemplateData, latest?: RequestLaunchTemplateData): Promise<string> {
  const { LaunchTemplate } = await world.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData: data }));
  const LaunchTemplateId = LaunchTemplate?.LaunchTemplateId ?? '';
  if (latest) await world.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData: latest }));
  return LaunchTemplateId;
}

async function versionsOf(world: World, LaunchTemplateId: string) {
  return (await world.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId }))).LaunchTemplateVersions ?? [];
}

const id = 'lt-0a';
const resource = {
  type: 'AWS::EC2::LaunchTemplate',
  id,
  arn: `arn:aws:ec2:eu-west-1:123456789012:launch-template/${id}`,
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};

describe('a launch template', () => {
  const planFor = async (template: object) => {
    const answers: Readonly<Record<string, object>> = {
      DescribeLaunchTemplates: { LaunchTemplates: [{ DefaultVersionNumber: 4, LatestVersionNumber: 4, ...template }] },
      DescribeLaunchTemplateVersions: { LaunchTemplateVersions: [{ VersionNumber: 4, LaunchTemplateData: open }] },
    };
    const send = async (command: AwsCommand) => answers[callOf(command).operation];
    const state = await rule.inspect(resource, { send } as unknown as Aws);
    if (state === notFound) throw new Error('It is gone.');
    return rule.plan(resource, state, { parameters: {}, detectedBy: 'EC2.25', now: new Date(0) });
  };

  it('gets a version made from its default one, which becomes the default whatever its number', async () => {
    expect(await planFor({})).toMatchObject([
      { do: { input: { LaunchTemplateId: id, SourceVersion: '4', VersionDescription } }, undo: 'revert-own-part' },
      {
        do: { input: { LaunchTemplateId: id, VersionDescription, after: 4 } },
        undo: { input: { DefaultVersion: '4' } },
        retryOn: [unseen, 'InvalidLaunchTemplateId.VersionNotFound'],
      },
    ]);
  });

  it('is not gone where AWS does not show its default version', async () => {
    await expect(planFor({ DefaultVersionNumber: 3 })).rejects.toThrow('version 3 of lt-0a');
  });

  it.each([
    [{ Operator: { Managed: true, Principal: 'ecs.amazonaws.com' } }, 'ecs.amazonaws.com'],
    [{ LaunchTemplateName: 'eks-0a', Tags: [{ Key: 'Name' }, { Key: 'eks:nodegroup-name', Value: 'nodes' }] }, 'eks.amazonaws.com'],
  ])('is left to the service that made it: %j', async (template, service) => {
    expect(await planFor(template)).toEqual({ unfixable: expect.stringContaining(service), code: 'owned-by-service' });
  });

  it("of the owner's own for a node group is not left", async () => {
    expect(await planFor({ LaunchTemplateName: 'web', Tags: [{ Key: 'eks:nodegroup-name', Value: 'nodes' }] })).toHaveLength(2);
  });
});

it('takes back its own version alone', () => {
  const before = { version: 4, interfaces: [], latest: 4, own: [2] };
  const revertOwnPart = (now: Partial<typeof before>) =>
    rule.revertOwnPart?.(resource, { ...before, ...now }, { before, after: before, parameters: {} })?.map(({ input }) => input);
  const removal = { LaunchTemplateId: id, Versions: ['5'] };
  expect(revertOwnPart({ version: 5, own: [2, 5] })).toEqual([{ LaunchTemplateId: id, DefaultVersion: '4' }, removal]);
  expect(revertOwnPart({ own: [2, 5] })).toEqual([removal]);
  expect(revertOwnPart({})).toEqual([]);
  expect(revertOwnPart({ version: 6, own: [2, 5] })).toBeUndefined();
  expect(revertOwnPart({ version: 6 })).toBeUndefined();
});

it('reads all pages of versions and templates', async () => {
  const page = (number: number) => ({
    LaunchTemplates: [{ LaunchTemplateId: `lt-${number}`, DefaultVersionNumber: 2, LatestVersionNumber: 2 }],
    LaunchTemplateVersions: [{ VersionNumber: number, VersionDescription: `Created by ${rule.id}`, LaunchTemplateData: {} }],
  });
  const send = async ({ input }: { input: { NextToken?: string } }) => (input.NextToken ? page(2) : { ...page(1), NextToken: 'more' });
  const aws = { send } as unknown as Aws;
  expect(await rule.inspect(resource, aws)).toEqual({ version: 2, interfaces: [], latest: 2, own: [1, 2] });
  expect(await rule.list?.(resource, aws)).toEqual(['lt-1', 'lt-2']);
});

const VersionDescription = `Created by ${rule.id}`;
const own = (VersionNumber: number) => ({ VersionNumber, VersionDescription });
const foreign = (VersionNumber: number) => ({ VersionNumber, VersionDescription: 'nightly' });

/** What AWS is asked to make the default version of a launch template that has these. */
async function sentFor(choice: ConstructorParameters<typeof SetDefaultVersionCommand>[0], versions: readonly object[]): Promise<object[]> {
  const sent: object[] = [];
  const describing = jest
    .spyOn(DescribeLaunchTemplateVersionsCommand.prototype, 'resolveMiddleware')
    .mockImplementation(() => async () => ({ output: { LaunchTemplateVersions: [...versions], $metadata: {} }, response: {} }));
  const modifying = jest.spyOn(ModifyLaunchTemplateCommand.prototype, 'resolveMiddleware').mockImplementation(function (
    this: ModifyLaunchTemplateCommand,
  ) {
    sent.push(this.input);
    return async () => ({ output: { $metadata: {} }, response: {} });
  });
  try {
    await new SetDefaultVersionCommand(choice).resolveMiddleware(undefined as never, undefined as never)(undefined as never);
  } finally {
    describing.mockRestore();
    modifying.mockRestore();
  }
  return sent;
}

describe('the default version', () => {
  const made = { LaunchTemplateId: id, VersionDescription, after: 4 };

  it('is one by its number', async () => {
    expect(await sentFor({ LaunchTemplateId: id, DefaultVersion: '3' }, [own(5)])).toEqual([{ LaunchTemplateId: id, DefaultVersion: '3' }]);
  });

  it('is the new one, also where AWS has left out a number', async () => {
    expect(await sentFor(made, [own(5), foreign(4), own(2)])).toEqual([{ LaunchTemplateId: id, DefaultVersion: '5' }]);
    expect(await sentFor(made, [own(7), foreign(4)])).toEqual([{ LaunchTemplateId: id, DefaultVersion: '7' }]);
  });

  it('is looked for again where AWS does not show it yet', async () => {
    await expect(sentFor(made, [own(4), own(2)])).rejects.toMatchObject({ name: unseen });
  });

  it.each([[[foreign(5)]], [[own(6), foreign(5)]], [[own(5), foreign(6)]]])(
    'is none where somebody else has made one since: %j',
    async (versions) => {
      await expect(sentFor(made, versions)).rejects.toThrow('Another version of');
    },
  );
});
