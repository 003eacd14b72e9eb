import { GetUserCommand, IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { atMost } from '../detector-parameters';
import { days } from '../duration';
import { defineRule, notFound } from '../rule';
import { type AccessKey, activateAgain, deactivation, keyChanging, keyReading, lastUse, readKeys } from './user/access-keys';
import { listUsers } from './user/list';
import { user } from './user/resource';

const parameters = z.strictObject({
  maxAccessKeyAge: z.int().min(1).default(90).describe('The number of days after which an access key is too old.'),
  keepUsedWithinDays: z
    .int()
    .min(0)
    .default(7)
    .describe(
      'The number of days of recent use that protect an old key: if one of a user was used within that time, none of the keys of that user are changed. 0 also deactivates old keys that are in use.',
    ),
});

type State = { readonly keys: readonly AccessKey[] };

const users = 'arn:{partition}:iam::{account}:user/*';

export default defineRule({
  id: 'iam-user-access-keys-rotated',
  title: 'IAM users have no active access keys older than 90 days',
  why: 'The longer a key is in use, the more copies of it exist, some of them with former employees.',
  impact:
    'Old access keys are deactivated, and can be activated again. Requests signed with them are denied from then on. Users whose old keys were used within the last 7 days (`keepUsedWithinDays`) are not changed.',
  severity: 'medium',
  risk: 'disruptive',
  resource: user,
  detectedBy: { securityHub: ['IAM.3'], config: ['access-keys-rotated'] },
  detectorParameters: {
    'IAM.3': { maxAccessKeyAge: atMost('maxAccessKeyAge') },
    'access-keys-rotated': { maxAccessKeyAge: atMost('maxAccessKeyAge', { absent: '90' }) },
  },
  permissions: {
    inspect: [{ actions: ['iam:GetUser'], on: users }, keyReading, { actions: ['iam:ListUsers'], on: '*' }],
    change: keyChanging,
  },
  clients: [IAMClient],
  commands: [UpdateAccessKeyCommand],
  parameters,

  async inspect({ id, arn }, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(['NoSuchEntityException'], aws.send(new GetUserCommand({ UserName: id })));
    // Another user may have the name by now, under another path.
    return answer?.User?.Arn === arn ? { keys: await readKeys(id, aws) } : notFound;
  },

  plan({ id }, { keys }, { parameters: { maxAccessKeyAge, keepUsedWithinDays }, now }) {
    const since = (time: string) => now.getTime() - Date.parse(time);
    const old = keys.filter(({ times }) => times && since(times.created) > days(maxAccessKeyAge));
    const inUse = old.filter(({ times }) => times?.used !== undefined && since(times.used) < days(keepUsedWithinDays));
    if (inUse.length > 0) {
      const used = inUse.map((key) => `${key.id}, ${key.times && lastUse(key.times)}`).join(' and ');
      return {
        unfixable: `An old access key is still in use (${used}). Create a new key, replace the old one where it is used, then deactivate the old one, or set keepUsedWithinDays.`,
        code: 'key-in-use',
      };
    }
    return old.map((key) => deactivation(id, key));
  },

  revertOwnPart: ({ id }, now, { before, after }) => activateAgain(id, now, before, after),

  list: (_, aws) => listUsers(aws),
});
