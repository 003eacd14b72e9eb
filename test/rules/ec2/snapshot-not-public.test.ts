import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSnapshotAttributeCommand,
  ModifySnapshotAttributeCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import rule from '../../../rules/ec2/snapshot-not-public';
import type { Aws } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const friends = ['111122223333', '444455556666'];

describeRule(rule, {
  violations: {
    'an account with public snapshots, one of which is also shared by name': {
      async seed(world) {
        await snapshotSharedWith(world, { everybody: true, accounts: friends });
        await snapshotSharedWith(world, { everybody: true });
        await snapshotSharedWith(world, { accounts: friends });
        await snapshotSharedWith(world, { everybody: true, tags: [{ Key: 'posture:exempt', Value: 'all' }] });
        await snapshotSharedWith(world.in('us-east-1'), { everybody: true });
        return world.account;
      },
    },
    'an account, one of whose snapshots somebody makes public again before the rollback': {
      async seed(world) {
        const ids = [await snapshotSharedWith(world, { everybody: true }), await snapshotSharedWith(world, { everybody: true })];
        made.set(world.account, ids);
        return world.account;
      },
      async meanwhile(world) {
        const [first = ''] = made.get(world.account) ?? [];
        await share(world, first, { everybody: true });
      },
      async rolledBack(world) {
        for (const id of made.get(world.account) ?? []) expect(await grantsOf(world, id)).toEqual(['all']);
      },
    },
    'a public snapshot that is also shared by name': {
      seed: async (world) => arnOf(world, await snapshotSharedWith(world, { everybody: true, accounts: friends })),
      async fixed(world, arn) {
        expect(await grantsOf(world, idIn(arn))).toEqual(friends);
      },
      async rolledBack(world, arn) {
        expect(await grantsOf(world, idIn(arn))).toEqual([...friends, 'all']);
      },
    },
  },
  compliant: {
    'an account with a public snapshot in another region': {
      async seed(world) {
        await snapshotSharedWith(world.in('us-east-1'), { everybody: true });
        return world.account;
      },
    },
    'a snapshot shared by name': { seed: async (world) => arnOf(world, await snapshotSharedWith(world, { accounts: friends })) },
    'a private snapshot': { seed: async (world) => arnOf(world, await snapshotSharedWith(world, {})) },
  },
  obstacles: {
    'an account with a snapshot that is meant to be public': {
      async seed(world) {
        await snapshotSharedWith(world, { everybody: true, tags: [{ Key: 'posture:exempt', Value: 'ec2-snapshot-not-public' }] });
        return world.account;
      },
      outcome: 'exempt',
      reason: /the snapshot snap-\w+ is left: the tag posture:exempt names this rule/,
    },
  },
  missing: 'arn:aws:ec2:eu-west-1::snapshot/snap-0123456789abcdef0',
});

const made = new Map<string, readonly string[]>();

interface Sharing {
  readonly everybody?: boolean;
  readonly accounts?: readonly string[];
}

async function snapshotSharedWith(world: World, { tags = [], ...sharing }: Sharing & { readonly tags?: readonly Tag[] }): Promise<string> {
  const { VolumeId } = await world.send(new CreateVolumeCommand({ AvailabilityZone: `${world.region}a`, Size: 1 }));
  const { SnapshotId = '' } = await world.send(
    new CreateSnapshotCommand({ VolumeId, ...(tags.length > 0 && { TagSpecifications: [{ ResourceType: 'snapshot', Tags: [...tags] }] }) }),
  );
  await share(world, SnapshotId, sharing);
  return SnapshotId;
}

async function share(world: World, SnapshotId: string, { everybody = false, accounts = [] }: Sharing): Promise<void> {
  const add = { SnapshotId, Attribute: 'createVolumePermission', OperationType: 'add' } as const;
  if (accounts.length > 0) await world.send(new ModifySnapshotAttributeCommand({ ...add, UserIds: [...accounts] }));
  if (everybody) await world.send(new ModifySnapshotAttributeCommand({ ...add, GroupNames: ['all'] }));
}

async function grantsOf(world: World, SnapshotId: string): Promise<readonly string[]> {
  const { CreateVolumePermissions = [] } = await world.send(
    new DescribeSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }),
  );
  return CreateVolumePermissions.map(({ Group, UserId }) => Group ?? UserId ?? '').sort();
}

const arnOf = ({ partition, region }: World, id: string): string => `arn:${partition}:ec2:${region}::snapshot/${id}`;
const idIn = (arn: string): string => arn.slice(arn.indexOf('/') + 1);

const account = '123456789012';
const resource = { partition: 'aws', account, region: 'eu-west-1', type: 'AWS::::Account', id: account, arn: `AWS::::Account:${account}` };

it('takes back no more than what it closed and what is closed still', () => {
  const state = (...ids: readonly string[]) => ({ publicSnapshots: ids.map((id) => ({ id, tags: {} })) });
  const states = { before: state('snap-0a', 'snap-0b', 'snap-0c'), after: state('snap-0c') };
  const commands = rule.revertOwnPart?.(resource, state('snap-0b'), { ...states, parameters: {} }) ?? [];
  expect(commands.map(({ input }) => input)).toEqual([
    { SnapshotId: 'snap-0a', Attribute: 'createVolumePermission', OperationType: 'add', GroupNames: ['all'] },
  ]);
});

it('reads all pages of the public snapshots, and asks AWS for no others', async () => {
  const asked: object[] = [];
  const pages: Record<string, object> = {
    first: { Snapshots: [{ SnapshotId: 'snap-0b', OwnerId: account }], NextToken: 'second' },
    second: {
      Snapshots: [
        { SnapshotId: 'snap-0a', OwnerId: account },
        { SnapshotId: 'snap-0c', OwnerId: account },
        { SnapshotId: 'snap-0d', OwnerId: '999999999999' },
      ],
    },
  };
  const aws = {
    async send({ input }: { input: { NextToken?: string; SnapshotId?: string } }) {
      if (input.SnapshotId) return { CreateVolumePermissions: input.SnapshotId === 'snap-0c' ? [] : [{ Group: 'all' }] };
      asked.push(input);
      return pages[input.NextToken ?? 'first'];
    },
  } as unknown as Aws;
  const resource = {
    partition: 'aws',
    account,
    region: 'eu-west-1',
    type: 'AWS::::Account',
    id: account,
    arn: `AWS::::Account:${account}`,
  };
  expect(await rule.inspect(resource, aws)).toEqual({
    publicSnapshots: [
      { id: 'snap-0a', tags: {} },
      { id: 'snap-0b', tags: {} },
    ],
  });
  expect(asked).toEqual([
    { OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: 1000 },
    { OwnerIds: ['self'], RestorableByUserIds: ['all'], MaxResults: 1000, NextToken: 'second' },
  ]);
});
