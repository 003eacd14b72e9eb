import { DeleteLoginProfileCommand, GetLoginProfileCommand, GetUserCommand, IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { atMost } from '../detector-parameters';
import { days } from '../duration';
import { type Change, defineRule, notFound } from '../rule';
import {
  type AccessKey,
  activateAgain,
  deactivation,
  keyChanging,
  keyReading,
  lastUse,
  readKeys,
  type Times,
  times,
} from './user/access-keys';
import { listUsers } from './user/list';
import { user } from './user/resource';

const parameters = z.strictObject({
  maxCredentialUsageAge: z
    .int()
    .min(1)
    .optional()
    .describe('The number of days without use after which a credential counts as unused. Default: 45 for IAM.22, otherwise 90.'),
});

const limits: Readonly<Record<string, number>> = { 'IAM.8': 90, 'IAM.22': 45, 'iam-user-unused-credentials-check': 90 };
const maxDays = Math.max(...Object.values(limits));

type State = { readonly password?: Times; readonly keys: readonly AccessKey[] };

const absent = ['NoSuchEntityException'];
const users = 'arn:{partition}:iam::{account}:user/*';

export default defineRule({
  id: 'iam-user-credentials-used',
  title: 'IAM users have no unused passwords or active access keys',
  why: 'Nobody notices when an unused credential is stolen, and it still gives access to the account.',
  impact:
    'An unused access key is deactivated, and can be activated again. An unused password is deleted only after an approval; its user then needs a new password to sign in.',
  severity: 'medium',
  risk: 'disruptive',
  resource: user,
  detectedBy: { securityHub: ['IAM.8', 'IAM.22'], config: ['iam-user-unused-credentials-check'] },
  detectorParameters: {
    'IAM.8': { maxCredentialUsageAge: atMost('maxCredentialUsageAge', { usual: 90 }) },
    'IAM.22': { maxCredentialUsageAge: atMost('maxCredentialUsageAge', { usual: 45 }) },
    'iam-user-unused-credentials-check': { maxCredentialUsageAge: atMost('maxCredentialUsageAge', { usual: 90, absent: '90' }) },
  },
  permissions: {
    inspect: [{ actions: ['iam:GetUser', 'iam:GetLoginProfile'], on: users }, keyReading, { actions: ['iam:ListUsers'], on: '*' }],
    change: [keyChanging, { actions: ['iam:DeleteLoginProfile'], on: users }],
  },
  clients: [IAMClient],
  commands: [UpdateAccessKeyCommand, DeleteLoginProfileCommand],
  reversible: 'partly',
  parameters,

  async inspect({ id, arn }, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(absent, aws.send(new GetUserCommand({ UserName: id })));
    // Another user may have the name by now, under another path.
    if (answer?.User?.Arn !== arn) return notFound;
    const profile = await undefinedOn(absent, aws.send(new GetLoginProfileCommand({ UserName: id })));
    const since = profile?.LoginProfile?.CreateDate;
    return {
      ...(since && { password: times(since, answer.User.PasswordLastUsed) }),
      keys: await readKeys(id, aws),
    };
  },

  plan({ id }, { password, keys }, { detectedBy, parameters: { maxCredentialUsageAge }, now }) {
    const limit = maxCredentialUsageAge ?? limits[detectedBy] ?? maxDays;
    const unused = (credential: Times | undefined): boolean =>
      credential !== undefined && now.getTime() - Date.parse(latest(credential)) >= days(limit);
    const changes: Change[] = keys.filter((key) => unused(key.times)).map((key) => deactivation(id, key));
    if (password === undefined || !unused(password)) return changes;
    return [
      ...changes,
      {
        do: new DeleteLoginProfileCommand({ UserName: id }),
        note: `The password was ${lastUse(password)}.`,
        irreversible: 'IAM can only delete a password, not suspend it. An administrator has to set a new one.',
      },
    ];
  },

  revertOwnPart: ({ id }, now, { before, after }) => activateAgain(id, now, before, after),

  list: (_, aws) => listUsers(aws),
});

/** PasswordLastUsed may be about an earlier password, and so earlier than the creation of this one. */
const latest = ({ created, used = created }: Times): string => (used > created ? used : created);
