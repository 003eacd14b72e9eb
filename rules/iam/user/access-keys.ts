import { type AccessKeyMetadata, GetAccessKeyLastUsedCommand, ListAccessKeysCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { collect } from '../../pages';
import type { Aws, Change, Grant } from '../../rule';

/** ISO 8601 times. `used` is the last use; absent if there was none. `by`: the service and Region of that use, of a key. */
export type Times = { readonly created: string; readonly used?: string; readonly by?: string };

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
  const { LastUsedDate, ServiceName = unnamed, Region = unnamed } = AccessKeyLastUsed ?? {};
  const by = [ServiceName, ...(Region === unnamed ? [] : [Region])].join(' in ');
  return { id, times: { ...times(CreateDate, LastUsedDate), ...(LastUsedDate && ServiceName !== unnamed && { by }) } };
}

/** IAM's word for a key without use, and for the Region of a use that it doesn't know. */
const unnamed = 'N/A';

/** `last used on 2026-10-01 for s3 in eu-west-1` */
export const lastUse = ({ used, by }: Times): string =>
  used === undefined ? 'never used' : `last used on ${used.slice(0, 10)}${by === undefined ? '' : ` for ${by}`}`;

/** The change that deactivates an active key. It says when the key was last used, and for what. */
export const deactivation = (UserName: string, { id, times: known }: AccessKey): Change => ({
  do: setKey(UserName, id, 'Inactive'),
  undo: setKey(UserName, id, 'Active'),
  ...(known && { note: `The access key ${id} was ${lastUse(known)}.` }),
});

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
