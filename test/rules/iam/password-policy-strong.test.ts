import {
  GetAccountPasswordPolicyCommand,
  type PasswordPolicy,
  UpdateAccountPasswordPolicyCommand,
  type UpdateAccountPasswordPolicyCommandInput,
} from '@aws-sdk/client-iam';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/iam/password-policy-strong';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import * as fc from '../../fast-check';

const weak = {
  MinimumPasswordLength: 6,
  RequireSymbols: false,
  RequireNumbers: false,
  RequireUppercaseCharacters: false,
  RequireLowercaseCharacters: false,
  AllowUsersToChangePassword: true,
} satisfies PasswordPolicy;

const allKinds = { RequireSymbols: true, RequireNumbers: true, RequireUppercaseCharacters: true, RequireLowercaseCharacters: true };

const strongest = { ...allKinds, MinimumPasswordLength: 20, PasswordReusePrevention: 24, MaxPasswordAge: 30, HardExpiry: true };

const custom = { MinimumPasswordLength: 16, PasswordReusePrevention: 12, MaxPasswordAge: 60 };

describeRule(rule, {
  violations: {
    'an account without a policy': {
      seed: withoutPolicy,
      fixed: (world) => expectPolicy(world, { ...allKinds, MinimumPasswordLength: 8 }, ['MaxPasswordAge', 'PasswordReusePrevention']),
    },
    'an account without a policy, found by a control of one field': {
      seed: withoutPolicy,
      detectedBy: 'IAM.17',
      fixed: (world) => expectPolicy(world, { ...allKinds, MinimumPasswordLength: 8, MaxPasswordAge: 90 }, ['PasswordReusePrevention']),
    },
    'a weak policy': {
      seed: withPolicy(weak),
      fixed: (world) =>
        expectPolicy(world, { ...allKinds, MinimumPasswordLength: 8, AllowUsersToChangePassword: true }, [
          'MaxPasswordAge',
          'PasswordReusePrevention',
        ]),
    },
    'a weak policy, and parameters of its owner': {
      seed: withPolicy(weak),
      parameters: { ...custom, RequireSymbols: false },
      fixed: (world) => expectPolicy(world, { ...custom, RequireSymbols: false, RequireNumbers: true }),
    },
    'a policy without uppercase letters': {
      seed: withPolicy(weak),
      detectedBy: 'IAM.11',
      fixed: (world) => expectPolicy(world, { ...weak, RequireUppercaseCharacters: true }, ['MaxPasswordAge', 'PasswordReusePrevention']),
    },
    'a weak policy, of which another control changes other settings before the rollback': {
      seed: withPolicy(weak),
      detectedBy: 'IAM.11',
      meanwhile: async (world) =>
        void (await world.send(
          new UpdateAccountPasswordPolicyCommand({ ...weak, RequireUppercaseCharacters: true, MinimumPasswordLength: 14 }),
        )),
      rolledBack: (world) => expectPolicy(world, { ...weak, MinimumPasswordLength: 14 }),
    },
    'an account without a policy, whose new policy another control makes stricter before the rollback': {
      seed: withoutPolicy,
      detectedBy: 'IAM.15',
      meanwhile: async (world) =>
        void (await world.send(new UpdateAccountPasswordPolicyCommand({ ...allKinds, MinimumPasswordLength: 14, MaxPasswordAge: 90 }))),
      rolledBack: (world) => expectPolicy(world, { ...allKinds, MinimumPasswordLength: 8, MaxPasswordAge: 90 }),
    },
    'a policy that is stricter than asked in all but its length': {
      seed: withPolicy({ ...strongest, MinimumPasswordLength: 10, AllowUsersToChangePassword: false }),
      detectedBy: 'iam-password-policy',
      fixed: (world) => expectPolicy(world, { ...strongest, MinimumPasswordLength: 14, AllowUsersToChangePassword: false }),
    },
  },
  compliant: {
    'the strictest of policies': { seed: withPolicy(strongest), detectedBy: 'iam-password-policy' },
    'a policy that is just strong enough': { seed: withPolicy({ ...allKinds, MinimumPasswordLength: 8 }) },
    'a policy that is weak in all but what the control is about': {
      seed: withPolicy({ ...weak, RequireUppercaseCharacters: true }),
      detectedBy: 'IAM.11',
    },
    'a policy of 14 characters, by the control of the length': {
      seed: withPolicy({ ...weak, MinimumPasswordLength: 14 }),
      detectedBy: 'IAM.15',
    },
    'an account without a policy whose owner does not want what the control is about': {
      seed: withoutPolicy,
      detectedBy: 'IAM.13',
      parameters: { RequireSymbols: false },
    },
  },
  missing: 'always there',
});

const resource = { type: 'AWS::::Account', id: '1', arn: 'AWS::::Account:1', partition: 'aws', account: '1', region: 'eu-west-1' };

describe('of a weak policy', () => {
  const lasting = { AllowUsersToChangePassword: true, HardExpiry: false };
  const before = { ...weak, ...lasting, MaxPasswordAge: 0, PasswordReusePrevention: 0 };

  it.each([
    ['IAM.7', { ...allKinds, MinimumPasswordLength: 8 }],
    ['IAM.10', { ...allKinds, RequireSymbols: false, MinimumPasswordLength: 7, PasswordReusePrevention: 4, MaxPasswordAge: 90 }],
    ['IAM.11', { RequireUppercaseCharacters: true }],
    ['IAM.12', { RequireLowercaseCharacters: true }],
    ['IAM.13', { RequireSymbols: true }],
    ['IAM.14', { RequireNumbers: true }],
    ['IAM.15', { MinimumPasswordLength: 14 }],
    ['IAM.16', { PasswordReusePrevention: 24 }],
    ['IAM.17', { MaxPasswordAge: 90 }],
    ['iam-password-policy', { ...allKinds, MinimumPasswordLength: 14, PasswordReusePrevention: 24, MaxPasswordAge: 90 }],
  ])('%s changes what it is about, and nothing else', (detectedBy, changed) => {
    const plan = rule.plan(resource, { policy: before }, { parameters: {}, detectedBy, now: new Date() });
    if (!isChanges(plan)) throw new Error('An obstacle.');
    expect(plan.map((change) => defined(change.do.input))).toEqual([{ ...weak, ...lasting, ...changed }]);
  });
});

it('takes of the parameters what the control is about, and nothing else', () => {
  const policy = { ...weak, HardExpiry: false, MaxPasswordAge: 0, PasswordReusePrevention: 0 };
  const plan = rule.plan(resource, { policy }, { parameters: custom, detectedBy: 'IAM.15', now: new Date() });
  if (!isChanges(plan)) throw new Error('An obstacle.');
  expect(plan.map((change) => defined(change.do.input))).toEqual([{ ...weak, HardExpiry: false, MinimumPasswordLength: 16 }]);
});

describe('of any policy, control and parameters', () => {
  const controls = fc.constantFrom(...rule.detectedBy.securityHub, ...rule.detectedBy.config);
  const policies = fc.record({
    RequireUppercaseCharacters: fc.boolean(),
    RequireLowercaseCharacters: fc.boolean(),
    RequireSymbols: fc.boolean(),
    RequireNumbers: fc.boolean(),
    MinimumPasswordLength: fc.integer({ min: 6, max: 128 }),
    PasswordReusePrevention: fc.integer({ min: 0, max: 24 }),
    MaxPasswordAge: fc.integer({ min: 0, max: 1095 }),
    AllowUsersToChangePassword: fc.boolean(),
    HardExpiry: fc.boolean(),
  });
  const parameters = fc.record(
    {
      RequireSymbols: fc.boolean(),
      MinimumPasswordLength: fc.integer({ min: 6, max: 128 }),
      PasswordReusePrevention: fc.integer({ min: 1, max: 24 }),
      MaxPasswordAge: fc.integer({ min: 1, max: 1095 }),
    },
    { requiredKeys: [] },
  );
  const zero = { MaxPasswordAge: 0, PasswordReusePrevention: 0 };

  it('weakens no field, and is done with one change', () => {
    fc.assert(
      fc.property(policies, controls, parameters, (policy, detectedBy, expected) => {
        const context = { parameters: expected, detectedBy, now: new Date() };
        const plan = rule.plan(resource, { policy }, context);
        if (!isChanges(plan)) throw new Error('An obstacle.');
        for (const change of plan) {
          const now = { ...zero, ...defined(change.do.input as UpdateAccountPasswordPolicyCommandInput) } as typeof policy;
          for (const kind of Object.keys(allKinds) as (keyof typeof allKinds)[]) expect(now[kind] || !policy[kind]).toBe(true);
          expect(now.MinimumPasswordLength).toBeGreaterThanOrEqual(policy.MinimumPasswordLength);
          expect(now.PasswordReusePrevention).toBeGreaterThanOrEqual(policy.PasswordReusePrevention);
          expect(now.MaxPasswordAge || Infinity).toBeLessThanOrEqual(policy.MaxPasswordAge || Infinity);
          expect(now.AllowUsersToChangePassword).toBe(policy.AllowUsersToChangePassword);
          expect(now.HardExpiry).toBe(policy.HardExpiry);
          expect('undo' in change && change.undo !== 'revert-own-part' && { ...zero, ...defined(change.undo.input) }).toEqual(policy);
          expect(rule.plan(resource, { policy: now }, context)).toEqual([]);
        }
        expect(plan.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('several fixes of one policy', () => {
  const controls = [...rule.detectedBy.securityHub, ...rule.detectedBy.config];
  const start = { ...weak, PasswordReusePrevention: 0, MaxPasswordAge: 0, HardExpiry: false };
  const none = { PasswordReusePrevention: 0, MaxPasswordAge: 0 };
  type Policy = typeof start;
  type Fix = { readonly before: { policy: Policy }; readonly after: { policy: Policy } };
  const sent = (input: object): Policy => ({ ...none, ...defined(input) }) as Policy;

  it('can be taken back in any order: what no other fix has changed is as before, and the rest is no weaker than before', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(controls), fc.infiniteStream(fc.nat()), (order, picks) => {
        let policy = start;
        const fixes: Fix[] = [];
        for (const detectedBy of order) {
          const plan = rule.plan(resource, { policy }, { parameters: {}, detectedBy, now: new Date() });
          const [change] = isChanges(plan) ? plan : [];
          if (!change) continue;
          const after = sent(change.do.input);
          fixes.push({ before: { policy }, after: { policy: after } });
          policy = after;
        }
        const left = [...fixes];
        while (left.length > 0) {
          const [fix] = left.splice((picks.next().value ?? 0) % left.length, 1) as [Fix];
          const commands = rule.revertOwnPart?.(resource, { policy }, { ...fix, parameters: {} });
          expect(commands).toBeDefined();
          for (const { input } of commands ?? []) policy = sent(input);
          expect(rule.revertOwnPart?.(resource, { policy }, { ...fix, parameters: {} })).toEqual([]);
        }
        for (const key of Object.keys(start) as (keyof Policy)[]) {
          const changing = fixes.filter(({ before, after }) => before.policy[key] !== after.policy[key]);
          if (changing.length <= 1) expect(policy[key]).toBe(start[key]);
        }
        expect(policy.MinimumPasswordLength).toBeGreaterThanOrEqual(start.MinimumPasswordLength);
      }),
    );
  });
});

async function withoutPolicy({ account }: World): Promise<string> {
  return account;
}

function withPolicy(policy: UpdateAccountPasswordPolicyCommandInput) {
  return async (world: World): Promise<string> => {
    await world.send(new UpdateAccountPasswordPolicyCommand(policy));
    return world.account;
  };
}

async function policyOf(world: World): Promise<PasswordPolicy> {
  const { PasswordPolicy = {} } = await world.send(new GetAccountPasswordPolicyCommand({}));
  return Object.fromEntries(Object.entries(PasswordPolicy).filter(([, value]) => value !== 0));
}

async function expectPolicy(world: World, expected: PasswordPolicy, absent: readonly (keyof PasswordPolicy)[] = []): Promise<void> {
  const policy = await policyOf(world);
  expect(policy).toMatchObject(expected);
  for (const key of absent) expect(policy[key]).toBeUndefined();
}

function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}
