import { type AccessKeyMetadata, GetAccessKeyLastUsedCommand, ListAccessKeysCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** ISO 8601 times. `used` is the last use; absent if there was none. */
export type Times = { readonly created: string; readonly used?: string };

/** Only an active key has times; the rules ignore inactive keys. */
export type AccessKey = { readonly id: string; readonly times?: Times };

type Keys = { readonly keys: readonly AccessKey[] };

const users = 'arn:{partition}:iam::{account}:user/*';

/** The permissions that `readKeys` needs. */
export const keyReading: Grant = { actions: ['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'], on: users };

/** The permissions that `setKey` needs. */
export const keyChanging: Grant = { actions: ['iam:UpdateAccessKey'], on: users };

/** The access keys of a user, by the user's name, sorted. */
export async function readKeys(UserName: string, aws: Aws): Promise<readonly AccessKey[]> {
  const keys = await collect(
    (Marker) => aws.send(new ListAccessKeysCommand({ UserName, Marker })),
    ({ AccessKeyMetadata }) => AccessKeyMetadata,
    ({ Marker }) => Marker,
  );
  const read: AccessKey[] = [];
  for (const key of keys) read.push(await readKey(key, aws));
  return read.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function readKey({ AccessKeyId: id = '', Status, CreateDate }: AccessKeyMetadata, aws: Aws): Promise<AccessKey> {
  if (Status !== 'Active' || !CreateDate) return { id };
  const { AccessKeyLastUsed } = await aws.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
  return { id, times: times(CreateDate, AccessKeyLastUsed?.LastUsedDate) };
}

export const times = (created: Date, used?: Date): Times => ({
  created: created.toISOString(),
  ...(used && { used: used.toISOString() }),
});

export const setKey = (UserName: string, AccessKeyId: string, Status: 'Active' | 'Inactive') =>
  new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status });

/** Activates the keys that a fix deactivated. The use of another key since then does not prevent it. */
export function activateAgain(UserName: string, now: Keys, before: Keys, after: Keys): readonly UpdateAccessKeyCommand[] {
  const isActive = ({ keys }: Keys, key: AccessKey) => keys.some((one) => one.id === key.id && one.times !== undefined);
  return now.keys
    .filter((key) => isActive(before, key) && !isActive(after, key) && !isActive(now, key))
    .map((key) => setKey(UserName, key.id, 'Active'));
}
