import { CancelKeyDeletionCommand, DescribeKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { undefinedOn } from '../absence';
import { days } from '../duration';
import { defineRule, notFound } from '../rule';
import { listing, listKeys } from './key/list';
import { key, keys } from './key/resource';

/** When AWS deletes the key, ISO 8601; null if it is not scheduled for deletion. `window`: for a primary key, the days after the deletion of its last replica. */
type State = { readonly deletion: string | null; readonly window?: number };

export default defineRule({
  id: 'kms-key-not-scheduled-for-deletion',
  title: 'KMS keys are not scheduled for deletion',
  why: 'Data that a deleted key has encrypted can never be decrypted again, not even by AWS.',
  impact:
    'The key is kept, and AWS charges for it again. It stays disabled, as it was unusable before: enable it if its data is still needed. To delete a key on purpose, exempt it by a tag.',
  severity: 'critical',
  risk: 'disruptive',
  reversible: 'nearly',
  resource: key,
  detectedBy: { securityHub: ['KMS.3'], config: ['kms-cmk-not-scheduled-for-deletion-2', 'kms-cmk-not-scheduled-for-deletion'] },
  detectorParameters: {
    'kms-cmk-not-scheduled-for-deletion': { kmsKeyIds: { irrelevant: 'It only limits which keys are reported.' } },
  },
  permissions: {
    inspect: [{ actions: ['kms:DescribeKey'], on: keys }, listing],
    change: { actions: ['kms:CancelKeyDeletion', 'kms:ScheduleKeyDeletion'], on: keys },
  },
  clients: [KMSClient],
  commands: [CancelKeyDeletionCommand, ScheduleKeyDeletionCommand],

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(['NotFoundException'], aws.send(new DescribeKeyCommand({ KeyId: id })));
    if (!answer) return notFound;
    const { KeyState, DeletionDate, PendingDeletionWindowInDays: window } = answer.KeyMetadata ?? {};
    if (KeyState !== 'PendingDeletion' && KeyState !== 'PendingReplicaDeletion') return { deletion: null };
    return { deletion: DeletionDate?.toISOString() ?? 'later', ...(window !== undefined && { window }) };
  },

  plan({ id }, { deletion, window }, { now }) {
    if (deletion === null) return [];
    const left = window ?? Math.ceil((Date.parse(deletion) - now.getTime()) / days(1));
    // AWS accepts 7 to 30 days. Without a date, 30 days are assumed.
    const PendingWindowInDays = Math.min(Math.max(Number.isNaN(left) ? 30 : left, 7), 30);
    return [
      {
        do: new CancelKeyDeletionCommand({ KeyId: id }),
        undo: new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays }),
        nearest: 'The waiting period starts again, so the key is deleted later than scheduled before.',
      },
    ];
  },

  list: listKeys,
});
