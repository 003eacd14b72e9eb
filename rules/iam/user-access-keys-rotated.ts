import { GetUserCommand, IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import * as z from 'zod';
import { unless } from '../absence';
import { defineRule, gone } from '../rule';
import { type AccessKey, activateAgain, keyChanging, keyReading, readKeys, setKey } from './user/access-keys';
import { listUsers } from './user/list';
import { user } from './user/resource';

const parameters = z.strictObject({
  maxAccessKeyAge: z.int().min(1).default(90).describe('After how many days an access key is too old.'),
  keepUsedWithinDays: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'A user with an old key that was used within so many days is left alone, as something depends on the key; 0 makes all old keys inactive.',
    ),
});

type State = { readonly keys: readonly AccessKey[] };

const day = 86_400_000;
const users = 'arn:{partition}:iam::{account}:user/*';

export default defineRule({
  id: 'iam-user-access-keys-rotated',
  title: 'IAM users have no active access keys older than 90 days',
  why: 'The longer a key is in use, the more places it has been copied to, and the more people who have left still hold it.',
  impact:
    'Old access keys are made inactive, and can be activated again: whatever still signs with one is refused from then on. The parameter `keepUsedWithinDays` spares users whose old keys are in use.',
  severity: 'medium',
  risk: 'disruptive',
  resource: user,
  detectedBy: { securityHub: ['IAM.3'], config: ['access-keys-rotated'] },
  permissions: {
    inspect: [{ actions: ['iam:GetUser'], on: users }, keyReading, { actions: ['iam:ListUsers'], on: '*' }],
    change: keyChanging,
  },
  clients: [IAMClient],
  commands: [UpdateAccessKeyCommand],
  parameters,

  async inspect({ id, arn }, aws): Promise<State | typeof gone> {
    const answer = await unless(['NoSuchEntityException'], aws.send(new GetUserCommand({ UserName: id })));
    // A name may be taken again, under another path.
    return answer?.User?.Arn === arn ? { keys: await readKeys(id, aws) } : gone;
  },

  plan({ id }, { keys }, { parameters: { maxAccessKeyAge, keepUsedWithinDays }, now }) {
    const since = (time: string) => now.getTime() - Date.parse(time);
    const old = keys.filter(({ times }) => times && since(times.created) > maxAccessKeyAge * day);
    const inUse = old.filter(({ times }) => times?.used !== undefined && since(times.used) < keepUsedWithinDays * day);
    if (inUse.length > 0) {
      const used = inUse.map((key) => `${key.id}, last used on ${key.times?.used?.slice(0, 10)}`).join(', and ');
      return {
        unfixable: `Something still signs with an old access key (${used}). Make a new key, bring it to where the old one is used, and make the old one inactive.`,
      };
    }
    return old.map((key) => ({ do: setKey(id, key.id, 'Inactive'), undo: setKey(id, key.id, 'Active') }));
  },

  takeBack: ({ id }, now, { before, after }) => activateAgain(id, now, before, after),

  list: (_, aws) => listUsers(aws),
});
