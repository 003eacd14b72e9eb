import {
  CreateAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { key } from '../../../rules/kms/key/resource';
import rule from '../../../rules/kms/key-not-scheduled-for-deletion';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { newKey } from './new-key';

describeRule(rule, {
  violations: {
    'a key that is to be deleted in a month': {
      seed: scheduled(30),
      fixed: async (world, id) => expect(await stateOf(world, id)).toBe('Disabled'),
      rolledBack: async (world, id) => expect(await stateOf(world, id)).toBe('PendingDeletion'),
    },
    'a key of several regions that is to be deleted in a week': {
      seed: scheduled(7, true),
      rolledBack: async (world, id) => expect(await stateOf(world, id)).toBe('PendingDeletion'),
    },
    'a key that somebody uses again before the rollback': {
      seed: scheduled(10),
      meanwhile: async (world, id) => void (await world.send(new EnableKeyCommand({ KeyId: id }))),
      rolledBack: async (world, id) => expect(await stateOf(world, id)).toBe('PendingDeletion'),
    },
  },
  compliant: {
    'a key in use': { seed: newKey() },
    'a disabled key': {
      seed: async (world) => {
        const KeyId = await newKey()(world);
        await world.send(new DisableKeyCommand({ KeyId }));
        return KeyId;
      },
    },
    'a key with an alias': {
      seed: async (world) => {
        const TargetKeyId = await newKey()(world);
        await world.send(new CreateAliasCommand({ AliasName: 'alias/deletion', TargetKeyId }));
        return TargetKeyId;
      },
    },
  },
  missing: '00000000-0000-4000-8000-000000000000',
});

const resource = { type: key.type, id: 'k', arn: 'arn:aws:kms:eu-west-1:1:key/k', partition: 'aws', account: '1', region: 'eu-west-1' };
const now = new Date('2026-11-01T12:00:00Z');

it.each([
  ['half a day', 7, { KeyState: 'PendingDeletion', DeletionDate: new Date('2026-11-02T00:00:00Z') }],
  ['eleven days and a half', 12, { KeyState: 'PendingDeletion', DeletionDate: new Date('2026-11-13T00:00:00Z') }],
  ['more than AWS takes', 30, { KeyState: 'PendingDeletion', DeletionDate: new Date('2027-11-13T00:00:00Z') }],
  ['an unknown time', 30, { KeyState: 'PendingDeletion' }],
  ['a fortnight from the deletion of its replicas', 14, { KeyState: 'PendingReplicaDeletion', PendingDeletionWindowInDays: 14 }],
])('is put back to be deleted no earlier than before, with %s left', async (_left, days, KeyMetadata) => {
  const aws: Aws = {
    async send<Output>(command: AwsCommand<Output>) {
      expect(command).toBeInstanceOf(DescribeKeyCommand);
      return { KeyMetadata } as Output;
    },
  };
  const state = await rule.inspect(resource, aws);
  const plan = state === notFound ? [] : rule.plan(resource, state, { parameters: {}, detectedBy: 'KMS.3', now });
  expect(isChanges(plan) && plan.map(loggedChange)).toEqual([
    {
      do: { service: 'kms', operation: 'CancelKeyDeletion', input: { KeyId: 'k' } },
      undo: { service: 'kms', operation: 'ScheduleKeyDeletion', input: { KeyId: 'k', PendingWindowInDays: days } },
      nearest: expect.stringContaining('later than scheduled before'),
    },
  ]);
});

async function stateOf(world: World, KeyId: string): Promise<string | undefined> {
  return (await world.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
}

function scheduled(PendingWindowInDays: number, MultiRegion = false) {
  return async (world: World): Promise<string> => {
    const KeyId = await newKey({ MultiRegion })(world);
    await world.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
    return KeyId;
  };
}
