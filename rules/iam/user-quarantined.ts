import {
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { type Aws, defineRule, notFound, type Place } from '../rule';
import { simulate } from './simulation/simulate';
import { compromised, signedIn } from './threat/finding-types';
import { replaced } from './threat/same-principal';
import { listUsers } from './user/list';
import { user } from './user/resource';

/** `attached`: the ARNs of the managed policies, sorted. `password`: the user can sign in to the console. */
type State = { readonly userId: string; readonly attached: readonly string[]; readonly password: boolean };

const absent = ['NoSuchEntityException'];
const users = 'arn:{partition}:iam::{account}:user/*';

/** A managed policy of AWS, which nobody in the account can edit. With it alone, the role of this rule can deny, and never allow. */
const denial = 'arn:{partition}:iam::aws:policy/AWSDenyAll';

/** The highest number of managed policies of a user that AWS grants; ten by default. Source: "IAM and AWS STS quotas" in the IAM user guide. */
const maxAttached = 20;

export default defineRule({
  id: 'iam-user-quarantined',
  title: 'Compromised IAM users are denied everything',
  why: 'Sessions that were begun with a stolen access key go on for up to 36 hours after the key is deactivated, and a stolen password signs in to the console.',
  impact:
    'The AWS managed policy AWSDenyAll is attached to the user. All requests of the user are denied, with each access key, in the console, and in sessions that have begun. Access keys, password and other policies stay. A rollback detaches the policy.',
  severity: 'critical',
  risk: 'disruptive',
  resource: user,
  response: true,
  drill: { permits: simulate },
  independentUndo: true,
  detectedBy: { securityHub: [], config: [], guardDuty: { types: [...compromised, signedIn] } },
  permissions: {
    inspect: [
      { actions: ['iam:GetUser', 'iam:GetLoginProfile', 'iam:ListAttachedUserPolicies'], on: users },
      { actions: ['iam:ListUsers'], on: '*' },
    ],
    change: {
      actions: ['iam:AttachUserPolicy', 'iam:DetachUserPolicy'],
      on: users,
      condition: { ArnEquals: { 'iam:PolicyARN': denial } },
    },
  },
  clients: [IAMClient],
  commands: [AttachUserPolicyCommand, DetachUserPolicyCommand],

  async inspect({ id, arn }, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(absent, aws.send(new GetUserCommand({ UserName: id })));
    // Another user may have the name by now, under another path.
    if (answer?.User?.Arn !== arn) return notFound;
    const profile = await undefinedOn(absent, aws.send(new GetLoginProfileCommand({ UserName: id })));
    return { userId: answer.User.UserId ?? '', attached: await readAttached(id, aws), password: profile?.LoginProfile !== undefined };
  },

  plan(resource, { userId, attached, password }, { evidence }) {
    const other = replaced(userId, evidence);
    if (other) return other;
    const policy = attachmentOf(resource);
    if (attached.includes(policy.PolicyArn)) return [];
    if (attached.length >= maxAttached)
      return {
        unfixable: `The user has ${attached.length} managed policies, the most that IAM allows. Detach one, or delete the user's permissions manually.`,
        code: 'policy-limit-reached',
      };
    return [
      {
        do: new AttachUserPolicyCommand(policy),
        undo: new DetachUserPolicyCommand(policy),
        note: password
          ? 'The user has a console password. It stays, because IAM could only delete it, and gives access to nothing while the policy is attached.'
          : 'The user has no console password.',
      },
    ];
  },

  targets(resource) {
    const attachment = attachmentOf(resource);
    return { AttachUserPolicy: attachment, DetachUserPolicy: attachment };
  },

  revertOwnPart(resource, now, { before, after }) {
    const policy = attachmentOf(resource);
    const isAttached = ({ attached }: State) => attached.includes(policy.PolicyArn);
    return isAttached(now) && isAttached(after) && !isAttached(before) ? [new DetachUserPolicyCommand(policy)] : [];
  },

  list: (_, aws) => listUsers(aws),
});

const attachmentOf = ({ id, partition }: Place & { readonly id: string }) => ({
  UserName: id,
  PolicyArn: denial.replace('{partition}', partition),
});

async function readAttached(UserName: string, aws: Aws): Promise<readonly string[]> {
  const policies = await collect(
    (Marker) => aws.send(new ListAttachedUserPoliciesCommand({ UserName, Marker })),
    ({ AttachedPolicies }) => AttachedPolicies,
    ({ Marker }) => Marker,
  );
  return policies.map(({ PolicyArn = '' }) => PolicyArn).sort();
}
