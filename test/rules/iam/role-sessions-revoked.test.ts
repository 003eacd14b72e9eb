import { PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { isChanges } from '../../../functions/plan/change';
import { role } from '../../../rules/iam/role/resource';
import rule from '../../../rules/iam/role-sessions-revoked';
import type { Evidence } from '../../../rules/rule';
import { isOfResource } from '../../../rules/target';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { inlineOf, roleIdOf, roleName, roleWith } from './role/seed';

const instance = 'i-0fedcba9876543210';
const work = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] });
const old = '2026-01-01T00:00:00.000Z';

/** As the IAM console writes it. */
const revoking = (time: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: { DateLessThan: { 'aws:TokenIssueTime': time } } }],
  });

const session =
  (name: string, lastSeenAt = new Date(Date.now() - 60_000).toISOString()) =>
  async (world: World, arn: string): Promise<Evidence> => ({ principalId: `${await roleIdOf(world, arn)}:${name}`, lastSeenAt });

/** The time before which sessions are denied. */
async function revokedIn(world: World, arn: string): Promise<number> {
  const { AWSRevokeOlderSessions: policy } = (await inlineOf(world, arn)) as Record<string, { Statement: [Record<string, never>] }>;
  expect(policy).toEqual(JSON.parse(revoking(policy?.Statement[0].Condition?.['DateLessThan']?.['aws:TokenIssueTime'] ?? '')));
  return Date.parse(policy?.Statement[0].Condition?.['DateLessThan']?.['aws:TokenIssueTime'] ?? '');
}

const full = (length: number) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${'x'.repeat(length)}` }],
  });

describeRule(rule, {
  violations: {
    'a session of a person, of a role with a path': {
      seed: roleWith({ path: '/teams/web/', policies: { work } }),
      configId: roleIdOf,
      evidence: session('jane'),
      async fixed(world, arn) {
        expect(await revokedIn(world, arn)).toBeGreaterThan(Date.now() - 60_000);
        expect((await inlineOf(world, arn)).work).toEqual(JSON.parse(work));
      },
      meanwhile: async (world, arn) => {
        await world.send(new PutRolePolicyCommand({ RoleName: roleName(arn), PolicyName: 'more', PolicyDocument: work }));
      },
      rolledBack: async (world, arn) => expect(Object.keys(await inlineOf(world, arn)).sort()).toEqual(['more', 'work']),
    },
    'a session that began after others were revoked': {
      seed: roleWith({ policies: { AWSRevokeOlderSessions: revoking(old) } }),
      evidence: session('jane'),
      fixed: async (world, arn) => expect(await revokedIn(world, arn)).toBeGreaterThan(Date.now() - 60_000),
    },
    'credentials of an instance': {
      seed: roleWith({ policies: { work, AWSRevokeOlderSessions: revoking(old) } }),
      detectedBy: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
      evidence: session(instance),
      fixed: async (world, arn) =>
        expect(await inlineOf(world, arn)).toEqual({
          work: JSON.parse(work),
          AWSRevokeOlderSessions: JSON.parse(revoking(old)),
          [`posture-quarantine-${instance}`]: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Deny', Action: ['*'], Resource: ['*'], Condition: { StringLike: { 'aws:userid': `*:${instance}` } } }],
          },
        }),
    },
    'a session with the name of no instance, beside an isolated instance': {
      seed: async (world) => {
        const arn = await roleWith()(world);
        const isolated = { Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringLike: { 'aws:userid': `*:${instance}` } } };
        const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [isolated] });
        await world.send(
          new PutRolePolicyCommand({ RoleName: roleName(arn), PolicyName: `posture-quarantine-${instance}`, PolicyDocument }),
        );
        return arn;
      },
      evidence: session('i-am-no-instance'),
      fixed: async (world, arn) =>
        expect(Object.keys(await inlineOf(world, arn)).sort()).toEqual(['AWSRevokeOlderSessions', `posture-quarantine-${instance}`]),
    },
  },
  compliant: {
    'a role whose sessions were revoked since': {
      seed: roleWith({ policies: { AWSRevokeOlderSessions: revoking(new Date(Date.now() + 60_000).toISOString()) } }),
      evidence: session('jane'),
    },
    'a role whose instance is isolated already, by a statement as an object': {
      seed: roleWith({
        policies: {
          [`posture-quarantine-${instance}`]: JSON.stringify({
            Version: '2012-10-17',
            Statement: { Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringLike: { 'aws:userid': `*:${instance}` } } },
          }),
        },
      }),
      evidence: session(instance),
    },
  },
  obstacles: {
    'a finding that does not say when': { seed: roleWith(), outcome: 'unfixable', reason: /does not say when the activity was last seen/ },
    'a service-linked role': {
      seed: roleWith({ path: '/aws-service-role/config.amazonaws.com/', name: 'AWSServiceRoleForAnything' }),
      evidence: session('jane'),
      outcome: 'unfixable',
      reason: /service-linked role/,
    },
    'a role of IAM Identity Center': {
      seed: roleWith({ path: '/aws-reserved/sso.amazonaws.com/eu-west-1/', name: 'AWSReservedSSO_Admin_0123456789abcdef' }),
      evidence: session('jane'),
      outcome: 'unfixable',
      reason: /permission set of IAM Identity Center/,
    },
    'a role of ours': {
      seed: roleWith({ name: 'posture-iam-user-quarantined' }),
      evidence: session('jane'),
      outcome: 'unfixable',
      reason: /does not contain itself/,
    },
    'a role that was created again under the name': {
      seed: roleWith(),
      evidence: async () => ({ principalId: 'AROAIOSFODNN7EXAMPLE:jane', lastSeenAt: old }),
      outcome: 'unfixable',
      reason: /it was deleted and created again/,
    },
    'a policy of the name of the revocation that does something else': {
      seed: roleWith({ policies: { AWSRevokeOlderSessions: work } }),
      evidence: session('jane'),
      outcome: 'unfixable',
      reason: /inline policy AWSRevokeOlderSessions with other content/,
    },
    'a policy of the name of the quarantine that does something else': {
      seed: roleWith({ policies: { [`posture-quarantine-${instance}`]: revoking(old) } }),
      evidence: session(instance),
      outcome: 'unfixable',
      reason: /inline policy posture-quarantine-i-0fedcba9876543210 with other content/,
    },
    'inline policies at their size limit': {
      seed: roleWith({ policies: { one: full(5000), two: full(5000) } }),
      evidence: session('jane'),
      outcome: 'unfixable',
      reason: /would have 10\d{3} characters\. IAM allows 10240/,
    },
    'a role of that name under another path': {
      seed: async (world) => (await roleWith({ path: '/new/' })(world)).replace('/new/', '/old/'),
      outcome: 'resource-not-found',
    },
  },
  missing: 'nobody-of-that-name',
});

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const resource = { ...place, type: role.type, id: 'web', arn: 'arn:aws:iam::111122223333:role/web' };
const now = new Date('2026-11-24T12:00:00.000Z');
const stateWith = (denials: Readonly<Record<string, string>>, size = 0) => ({ roleId: 'AROAIOSFODNN7EXAMPLE', denials, size });
const plan = (evidence: Evidence, denials = {}, size = 0) => planOf(rule, resource, stateWith(denials, size), { evidence, now });

describe('the time of the revocation', () => {
  const lastSeenAt = '2026-11-24T11:00:00.000Z';

  it('is that of the plan, and enough if it is not before the last activity', () => {
    const changes = plan({ lastSeenAt });
    if (!isChanges(changes)) throw new Error(JSON.stringify(changes));
    expect(changes.map((change) => change.do.input)).toEqual([
      { RoleName: 'web', PolicyName: 'AWSRevokeOlderSessions', PolicyDocument: revoking(now.toISOString()) },
    ]);
    expect(plan({ lastSeenAt }, { AWSRevokeOlderSessions: revoking(lastSeenAt) })).toEqual([]);
    expect(plan({ lastSeenAt }, { AWSRevokeOlderSessions: revoking('2026-11-24T10:59:59.999Z') })).toHaveLength(1);
  });

  it('is never in the future, whatever a finding says', () => {
    const changes = plan({ lastSeenAt: '2099-01-01T00:00:00.000Z' });
    expect(JSON.stringify(changes)).not.toContain('2099');
    expect(plan({ lastSeenAt: '2099-01-01T00:00:00.000Z' }, { AWSRevokeOlderSessions: revoking(now.toISOString()) })).toEqual([]);
  });

  it('replaces an earlier one within the size limit, whose size does not count', () => {
    const seen = { AWSRevokeOlderSessions: revoking(old) };
    expect(plan({ lastSeenAt }, seen, 10_240)).toHaveLength(1);
    expect(plan({ lastSeenAt }, {}, 10_240)).toMatchObject({ code: 'policy-too-large' });
  });
});

describe('a call of the log', () => {
  const accepts = (operation: string, input: Readonly<Record<string, string>>) => {
    const state = stateWith({});
    return isOfResource(rule, { operation, input }, resource, { now: state, before: state, parameters: {} });
  };
  const put = (PolicyName: string, PolicyDocument: string) => accepts('PutRolePolicy', { RoleName: 'web', PolicyName, PolicyDocument });
  const admin = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
  const denying = JSON.parse(revoking(old)).Statement[0];
  const both = JSON.stringify({ Version: '2012-10-17', Statement: [denying, { Effect: 'Allow', Action: '*', Resource: '*' }] });

  it('writes nothing but denials of sessions, whatever an undo says', () => {
    expect(put('AWSRevokeOlderSessions', revoking(old))).toBe(true);
    for (const document of [admin, both, revoking('soon'), revoking(old).replace('Deny', 'Allow'), '{', ''])
      expect([document, put('AWSRevokeOlderSessions', document)]).toEqual([document, false]);
    expect(put('work', revoking(old))).toBe(false);
    expect(put(`posture-quarantine-${instance}`, revoking(old))).toBe(false);
    expect(put(`posture-quarantine-${instance}`, admin)).toBe(false);
    expect(accepts('DeleteRolePolicy', { RoleName: 'web', PolicyName: 'work' })).toBe(false);
    expect(accepts('DeleteRolePolicy', { RoleName: 'other', PolicyName: 'AWSRevokeOlderSessions' })).toBe(false);
  });
});
