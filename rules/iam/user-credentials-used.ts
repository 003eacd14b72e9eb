import {
  type AccessKeyMetadata,
  DeleteLoginProfileCommand,
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import * as z from 'zod';
import { unless } from '../absence';
import { collect } from '../pages';
import { type Aws, type Change, defineRule, gone } from '../rule';
import { user } from './user/resource';

const parameters = z.strictObject({
  maxCredentialUsageAge: z
    .int()
    .min(1)
    .optional()
    .describe('After how many days without use a credential is unused. If left out: 45 for IAM.22, else 90.'),
});

const days: Readonly<Record<string, number>> = { 'IAM.8': 90, 'IAM.22': 45, 'iam-user-unused-credentials-check': 90 };
const longest = Math.max(...Object.values(days));
const day = 86_400_000;

/** ISO 8601 times; `used` is the last time, and is absent for never. */
type Times = { readonly created: string; readonly used?: string };

/** Only an active key has times: the others are of no concern. */
type AccessKey = { readonly id: string; readonly times?: Times };

type State = { readonly password?: Times; readonly keys: readonly AccessKey[] };

const absent = ['NoSuchEntityException'];
const users = 'arn:{partition}:iam::{account}:user/*';

export default defineRule({
  id: 'iam-user-credentials-used',
  title: 'IAM users have no passwords and active access keys that nobody uses',
  why: 'Nobody notices the loss of a credential that nobody uses, and it opens the account all the same.',
  impact:
    'An unused access key is made inactive, and can be activated again. An unused password is deleted once somebody approves it: its user then needs a new one to sign in.',
  severity: 'medium',
  risk: 'disruptive',
  resource: user,
  detectedBy: { securityHub: ['IAM.8', 'IAM.22'], config: ['iam-user-unused-credentials-check'] },
  permissions: {
    inspect: [
      { actions: ['iam:GetUser', 'iam:GetLoginProfile', 'iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'], on: users },
      { actions: ['iam:ListUsers'], on: '*' },
    ],
    change: { actions: ['iam:UpdateAccessKey', 'iam:DeleteLoginProfile'], on: users },
  },
  clients: [IAMClient],
  commands: [UpdateAccessKeyCommand, DeleteLoginProfileCommand],
  reversible: 'partly',
  parameters,

  async inspect({ id, arn }, aws): Promise<State | typeof gone> {
    const answer = await unless(absent, aws.send(new GetUserCommand({ UserName: id })));
    // A name may be taken again, under another path.
    if (answer?.User?.Arn !== arn) return gone;
    const profile = await unless(absent, aws.send(new GetLoginProfileCommand({ UserName: id })));
    const keys = await collect(
      (Marker) => aws.send(new ListAccessKeysCommand({ UserName: id, Marker })),
      ({ AccessKeyMetadata }) => AccessKeyMetadata,
      ({ Marker }) => Marker,
    );
    const read: AccessKey[] = [];
    for (const key of keys) read.push(await readKey(key, aws));
    const since = profile?.LoginProfile?.CreateDate;
    return {
      ...(since && { password: times(since, answer.User.PasswordLastUsed) }),
      keys: read.sort((a, b) => (a.id < b.id ? -1 : 1)),
    };
  },

  plan({ id }, { password, keys }, { detectedBy, parameters: { maxCredentialUsageAge }, now }) {
    const limit = maxCredentialUsageAge ?? days[detectedBy] ?? longest;
    const unused = (credential: Times | undefined): boolean =>
      credential !== undefined && now.getTime() - Date.parse(latest(credential)) >= limit * day;
    const changes: Change[] = keys
      .filter((key) => unused(key.times))
      .map((key) => ({ do: set(id, key.id, 'Inactive'), undo: set(id, key.id, 'Active') }));
    if (!unused(password)) return changes;
    return [
      ...changes,
      {
        do: new DeleteLoginProfileCommand({ UserName: id }),
        irreversible: 'IAM can only delete a password, not suspend it: an administrator would have to set a new one.',
      },
    ];
  },

  // Another key of the user may have been used since, which is no reason to refuse.
  takeBack({ id }, now, { before, after }) {
    const isActive = (state: State, key: AccessKey) => state.keys.some((one) => one.id === key.id && one.times !== undefined);
    return now.keys
      .filter((key) => isActive(before, key) && !isActive(after, key) && !isActive(now, key))
      .map((key) => set(id, key.id, 'Active'));
  },

  list: (_, aws) =>
    collect(
      (Marker) => aws.send(new ListUsersCommand({ MaxItems: 1000, Marker })),
      ({ Users = [] }) => Users.flatMap(({ Arn }) => Arn ?? []),
      ({ Marker }) => Marker,
    ),
});

async function readKey({ AccessKeyId: id = '', Status, CreateDate }: AccessKeyMetadata, aws: Aws): Promise<AccessKey> {
  if (Status !== 'Active' || !CreateDate) return { id };
  const { AccessKeyLastUsed } = await aws.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
  return { id, times: times(CreateDate, AccessKeyLastUsed?.LastUsedDate) };
}

const times = (created: Date, used?: Date): Times => ({ created: created.toISOString(), ...(used && { used: used.toISOString() }) });

/** A user may have had another password before: its use may be earlier than the creation of this one. */
const latest = ({ created, used = created }: Times): string => (used > created ? used : created);

const set = (UserName: string, AccessKeyId: string, Status: 'Active' | 'Inactive') =>
  new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status });
