import { DeleteRolePolicyCommand, GetRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { undefinedOn } from '../absence';
import { type Change, defineRule, type Evidence, notFound, type Resource, type Unfixable } from '../rule';
import { instanceIn, quarantine, quarantineName, revocation, revocationName, revokedBefore, saysSame } from './role/denial';
import { type Inline, inlineReading, maxSize, readInline, sizeOf } from './role/inline';
import { listRoles, role, roleListing, roles } from './role/resource';
import { untouchable } from './role/untouchable';
import { simulate } from './simulation/simulate';
import { compromised, explored, signedIn, takenFromWorkload } from './threat/finding-types';
import { replaced } from './threat/same-principal';

type State = Inline & { readonly roleId: string };

export default defineRule({
  id: 'iam-role-sessions-revoked',
  title: 'Sessions with stolen credentials of IAM roles are denied everything',
  why: 'Temporary credentials can be neither deactivated nor recalled: whoever has a copy acts as the role until they expire.',
  impact:
    'If the finding is about the credentials of an EC2 instance, all requests of that instance are denied, and nothing else of the role. Otherwise, the sessions of the role that have begun are revoked, also those of other instances, functions and users, whose requests fail until they get new credentials. Sessions that begin later are not denied. A rollback removes the policy.',
  severity: 'critical',
  risk: 'disruptive',
  resource: role,
  response: true,
  drill: { permits: simulate },
  independentUndo: true,
  detectedBy: { securityHub: [], config: [], guardDuty: { types: [...explored, ...compromised, signedIn, ...takenFromWorkload] } },
  permissions: {
    inspect: [{ actions: ['iam:GetRole'], on: roles }, inlineReading, roleListing],
    change: { actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], on: roles },
  },
  clients: [IAMClient],
  commands: [PutRolePolicyCommand, DeleteRolePolicyCommand],

  async inspect({ id, arn }, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(['NoSuchEntityException'], aws.send(new GetRoleCommand({ RoleName: id })));
    // Another role may have the name by now, under another path.
    if (answer?.Role?.Arn !== arn) return notFound;
    return { roleId: answer.Role.RoleId ?? '', ...(await readInline(id, aws)) };
  },

  plan(resource, state, { evidence, now }) {
    const obstacle = untouchable(resource) ?? replaced(state.roleId, evidence);
    if (obstacle) return obstacle;
    const instanceId = instanceOf(evidence);
    const planned = instanceId === undefined ? revoke(resource, state, evidence, now) : isolate(resource, state, instanceId);
    if (!('do' in planned)) return 'unfixable' in planned ? planned : [];
    const { PolicyName = '', PolicyDocument = '' } = planned.do.input;
    const size = state.size - sizeOf(state.denials[PolicyName] ?? '') + sizeOf(PolicyDocument);
    if (size <= maxSize) return [planned];
    return {
      unfixable: `With the policy that denies the sessions, the inline policies of the role would have ${size} characters. IAM allows ${maxSize}. Move one of them to a managed policy.`,
      code: 'policy-too-large',
    };
  },

  // Whatever the log has: the rule writes denials alone.
  targets({ id: RoleName }) {
    const revoking = { RoleName, PolicyName: revocationName };
    const isolating = { RoleName, PolicyName: (name: string) => instanceIn(name) !== undefined };
    return {
      PutRolePolicy: [
        { ...revoking, PolicyDocument: (text) => revokedBefore(text) !== undefined },
        { ...isolating, PolicyDocument: isQuarantine },
      ],
      DeleteRolePolicy: [revoking, isolating],
    };
  },

  revertOwnPart({ id: RoleName }, now, { before, after }) {
    const own = Object.entries(after.denials).filter(([name, text]) => before.denials[name] !== text && now.denials[name] === text);
    return own.map(([PolicyName]) => undo({ RoleName, PolicyName }, before.denials[PolicyName]));
  },

  list: (_, aws) => listRoles(aws),
});

type Planned = (Change & { readonly do: PutRolePolicyCommand }) | Unfixable | { readonly contained: true };

/** Sessions of an instance have its id as their name. */
const instanceOf = ({ principalId = '' }: Evidence = {}): string | undefined => /^AROA[A-Z0-9]+:(i-[0-9a-f]{8,17})$/.exec(principalId)?.[1];

function isolate({ id: RoleName }: Resource, { denials }: State, instanceId: string): Planned {
  const name = { RoleName, PolicyName: quarantineName(instanceId) };
  const seen = denials[name.PolicyName];
  const PolicyDocument = quarantine(instanceId);
  if (seen !== undefined) return saysSame(seen, PolicyDocument) ? { contained: true } : taken(name.PolicyName);
  return {
    do: new PutRolePolicyCommand({ ...name, PolicyDocument }),
    undo: undo(name, undefined),
    note: `It denies the sessions of the instance ${instanceId} alone, those that have begun and those to come.`,
  };
}

/** Revokes all sessions by now. It is enough if those were revoked that had begun when the activity of the finding was last seen. */
function revoke({ id: RoleName }: Resource, { denials }: State, { lastSeenAt = '' }: Evidence = {}, now: Date): Planned {
  const lastSeen = Date.parse(lastSeenAt);
  if (Number.isNaN(lastSeen))
    return {
      unfixable:
        'The finding does not say when the activity was last seen, so nobody can tell which sessions are compromised. Revoke the sessions manually.',
      code: 'last-activity-unknown',
    };
  const name = { RoleName, PolicyName: revocationName };
  const seen = denials[revocationName];
  const revoked = seen === undefined ? undefined : revokedBefore(seen);
  if (seen !== undefined && revoked === undefined) return taken(revocationName);
  if (revoked !== undefined && revoked >= Math.min(lastSeen, now.getTime())) return { contained: true };
  return {
    do: new PutRolePolicyCommand({ ...name, PolicyDocument: revocation(now.toISOString()) }),
    undo: undo(name, seen),
    note: `It denies all sessions of the role that began before ${now.toISOString()}, whoever holds them. If the credentials come from an instance, a function or a task, contain that, too: it gets new ones.`,
  };
}

const undo = (name: { readonly RoleName: string; readonly PolicyName: string }, before: string | undefined) =>
  before === undefined ? new DeleteRolePolicyCommand(name) : new PutRolePolicyCommand({ ...name, PolicyDocument: before });

const taken = (policyName: string): Unfixable => ({
  unfixable: `The role has an inline policy ${policyName} with other content. Rename it, or deny the sessions manually.`,
  code: 'name-taken',
});

/** Whether a policy denies the sessions of a single instance, and does nothing else. */
function isQuarantine(text: string): boolean {
  const [, instanceId] = /"\*:(i-[0-9a-f]{8,17})"/.exec(text) ?? [];
  return instanceId !== undefined && saysSame(text, quarantine(instanceId));
}
