import { GetUserCommand, IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { undefinedOn } from '../absence';
import { defineRule, notFound } from '../rule';
import { simulate } from './simulation/simulate';
import { compromised, explored } from './threat/finding-types';
import { replaced } from './threat/same-principal';
import { type AccessKey, activateAgain, deactivation, keyChanging, keyReading, readKeys } from './user/access-keys';
import { listUsers } from './user/list';
import { user } from './user/resource';

type State = { readonly userId: string; readonly keys: readonly AccessKey[] };

/** Of a user; temporary keys begin with ASIA. Source: "IAM identifiers" in the IAM user guide. */
const longTerm = /^AKIA[A-Z0-9]{12,124}$/;
const temporary = /^ASIA[A-Z0-9]{12,124}$/;

const users = 'arn:{partition}:iam::{account}:user/*';

export default defineRule({
  id: 'iam-user-access-key-deactivated',
  title: 'Access keys in the wrong hands are deactivated',
  why: 'Whoever has a copy of an access key acts as its user until the key is deactivated.',
  impact:
    'The access key of the finding is deactivated, and requests signed with it are denied, also those of its owner. Sessions that were begun with it go on: `iam-user-quarantined` ends those. A rollback activates the key again.',
  severity: 'critical',
  risk: 'disruptive',
  resource: user,
  response: true,
  drill: { permits: simulate },
  independentUndo: true,
  detectedBy: { securityHub: [], config: [], guardDuty: { types: [...explored, ...compromised] } },
  permissions: {
    inspect: [{ actions: ['iam:GetUser'], on: users }, keyReading, { actions: ['iam:ListUsers'], on: '*' }],
    change: keyChanging,
  },
  clients: [IAMClient],
  commands: [UpdateAccessKeyCommand],

  async inspect({ id, arn }, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(['NoSuchEntityException'], aws.send(new GetUserCommand({ UserName: id })));
    // Another user may have the name by now, under another path.
    if (answer?.User?.Arn !== arn) return notFound;
    return { userId: answer.User.UserId ?? '', keys: await readKeys(id, aws) };
  },

  plan({ id }, { userId, keys }, { evidence }) {
    const accessKeyId = evidence?.accessKeyId ?? '';
    if (temporary.test(accessKeyId))
      return {
        unfixable: `The finding is about the temporary access key ${accessKeyId}, which nobody can deactivate. Quarantine the user instead.`,
        code: 'temporary-access-key',
      };
    if (!longTerm.test(accessKeyId))
      return {
        unfixable: 'The finding names no access key of a user. Find out by the log of CloudTrail which key was used, and deactivate it.',
        code: 'access-key-unknown',
      };
    const other = replaced(userId, evidence);
    if (other) return other;
    const key = keys.find((one) => one.id === accessKeyId);
    if (!key)
      return {
        unfixable: `The access key ${accessKeyId} of the finding is none of this user: it was deleted, or the finding names another user.`,
        code: 'access-key-not-of-user',
      };
    return key.times ? [deactivation(id, key)] : [];
  },

  revertOwnPart: ({ id }, now, { before, after }) => activateAgain(id, now, before, after),

  list: (_, aws) => listUsers(aws),
});
