import { CancelKeyDeletionCommand, DescribeKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { unless } from '../absence';
import { defineRule, gone } from '../rule';
import { listing, listKeys } from './key/list';
import { key, keys } from './key/resource';

/** When the key would be deleted, ISO 8601; null where it would not. `window`: it is a primary key, and its days begin when its last replica is deleted. */
type State = { readonly deletion: string | null; readonly window?: number };

export default defineRule({
  id: 'kms-key-not-scheduled-for-deletion',
  title: 'KMS keys do not wait for their deletion',
  why: 'What a deleted key has encrypted can never be read again, not even by AWS.',
  impact:
    'The key stays, and is billed again. It is disabled after that, as it could not be used before: enable it where its data is still needed. Who means to delete it exempts it by a tag.',
  severity: 'critical',
  risk: 'safe',
  reversible: 'nearly',
  resource: key,
  detectedBy: { securityHub: ['KMS.3'], config: ['kms-cmk-not-scheduled-for-deletion-2', 'kms-cmk-not-scheduled-for-deletion'] },
  permissions: {
    inspect: [{ actions: ['kms:DescribeKey'], on: keys }, listing],
    change: { actions: ['kms:CancelKeyDeletion', 'kms:ScheduleKeyDeletion'], on: keys },
  },
  clients: [KMSClient],
  commands: [CancelKeyDeletionCommand, ScheduleKeyDeletionCommand],

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const answer = await unless(['NotFoundException'], aws.send(new DescribeKeyCommand({ KeyId: id })));
    if (!answer) return gone;
    const { KeyState, DeletionDate, PendingDeletionWindowInDays: window } = answer.KeyMetadata ?? {};
    if (KeyState !== 'PendingDeletion' && KeyState !== 'PendingReplicaDeletion') return { deletion: null };
    return { deletion: DeletionDate?.toISOString() ?? 'later', ...(window !== undefined && { window }) };
  },

  plan({ id }, { deletion, window }, { now }) {
    if (deletion === null) return [];
    const days = window ?? Math.ceil((Date.parse(deletion) - now.getTime()) / 86_400_000);
    // AWS takes 7 to 30 days. Without a date, it is as if all were left.
    const PendingWindowInDays = Math.min(Math.max(Number.isNaN(days) ? 30 : days, 7), 30);
    return [
      {
        do: new CancelKeyDeletionCommand({ KeyId: id }),
        undo: new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays }),
        nearest: 'The days until the deletion begin anew, so the key is deleted later than was planned.',
      },
    ];
  },

  list: listKeys,
});
