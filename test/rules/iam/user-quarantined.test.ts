import { AttachUserPolicyCommand, ListAttachedUserPoliciesCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { isChanges } from '../../../functions/plan/change';
import { user } from '../../../rules/iam/user/resource';
import rule from '../../../rules/iam/user-quarantined';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { nameIn, uniqueIdOf, userWith } from './user/seed';

const managed = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const denial = managed('AWSDenyAll');

const withPolicies =
  (names: readonly string[], seed = userWith({})) =>
  async (world: World): Promise<string> => {
    const arn = await seed(world);
    for (const name of names) await world.send(new AttachUserPolicyCommand({ UserName: nameIn(arn), PolicyArn: managed(name) }));
    return arn;
  };

async function attachedTo(world: World, arn: string): Promise<readonly string[]> {
  const { AttachedPolicies = [] } = await world.send(new ListAttachedUserPoliciesCommand({ UserName: nameIn(arn) }));
  return AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn).sort();
}

const principal = async (world: World, arn: string) => ({ principalId: await uniqueIdOf(world, arn) });

describeRule(rule, {
  violations: {
    'a user with a path, a password, a key and policies': {
      seed: withPolicies(['ReadOnlyAccess'], userWith({ path: '/finance/', keys: [{ created: 10 }], password: { created: 9 } })),
      configId: uniqueIdOf,
      evidence: principal,
      fixed: async (world, arn) => expect(await attachedTo(world, arn)).toEqual([denial, managed('ReadOnlyAccess')]),
      meanwhile: async (world, arn) => {
        await world.send(new AttachUserPolicyCommand({ UserName: nameIn(arn), PolicyArn: managed('AWSCompromisedKeyQuarantineV2') }));
      },
      rolledBack: async (world, arn) =>
        expect(await attachedTo(world, arn)).toEqual([managed('AWSCompromisedKeyQuarantineV2'), managed('ReadOnlyAccess')]),
    },
    'a user whose key AWS has quarantined, in a finding without a principal': {
      seed: withPolicies(['AWSCompromisedKeyQuarantineV2']),
      detectedBy: 'UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B',
      fixed: async (world, arn) => expect(await attachedTo(world, arn)).toContain(managed('AWSCompromisedKeyQuarantineV2')),
    },
    'a user with an inline policy that denies everything but a few actions': {
      seed: async (world) => {
        const arn = await userWith({})(world);
        const PolicyDocument = JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Deny', NotAction: ['iam:ChangePassword'], Resource: '*' }],
        });
        await world.send(new PutUserPolicyCommand({ UserName: nameIn(arn), PolicyName: 'posture-quarantine', PolicyDocument }));
        return arn;
      },
    },
  },
  compliant: {
    'a user who is denied everything already': { seed: withPolicies(['AWSDenyAll', 'ReadOnlyAccess']), evidence: principal },
  },
  obstacles: {
    'a user who was created again under the name': {
      seed: userWith({}),
      evidence: async () => ({ principalId: 'AIDAIOSFODNN7EXAMPLE' }),
      outcome: 'unfixable',
      reason: /it was deleted and created again/,
    },
    'a user of that name under another path': {
      seed: async (world) => (await userWith({ path: '/new/' })(world)).replace('/new/', '/old/'),
      outcome: 'resource-not-found',
    },
  },
  missing: 'nobody-of-that-name',
});

describe('the plan', () => {
  const resource = {
    type: user.type,
    id: 'ann',
    arn: 'arn:aws-cn:iam::111122223333:user/ann',
    partition: 'aws-cn',
    account: '111122223333',
    region: 'cn-north-1',
  };
  const attached = (count: number) => Array.from({ length: count }, (_, index) => `arn:aws-cn:iam::111122223333:policy/p${index}`);

  it('says whether a password stays, and attaches the policy of the partition', () => {
    const noteOf = (password: boolean) => {
      const plan = planOf(rule, resource, { userId: 'AIDAIOSFODNN7EXAMPLE', attached: [], password });
      if (!isChanges(plan)) throw new Error(JSON.stringify(plan));
      expect(plan.map((change) => change.do.input)).toEqual([{ UserName: 'ann', PolicyArn: 'arn:aws-cn:iam::aws:policy/AWSDenyAll' }]);
      return plan[0]?.note;
    };
    expect(noteOf(true)).toMatch(/^The user has a console password. It stays/);
    expect(noteOf(false)).toBe('The user has no console password.');
  });

  it('is none where IAM has no room for another policy', () => {
    const plan = (count: number) => planOf(rule, resource, { userId: 'AIDAIOSFODNN7EXAMPLE', attached: attached(count), password: false });
    expect(isChanges(plan(19)) && plan(19)).toHaveLength(1);
    expect(plan(20)).toMatchObject({ code: 'policy-limit-reached', unfixable: expect.stringContaining('has 20 managed policies') });
  });
});
