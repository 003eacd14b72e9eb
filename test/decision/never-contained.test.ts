import { decide } from '../../functions/decision/decide';
import { policyFor } from '../../functions/policy/policy-for';
import { type Differences, factsWith } from './facts';

const rule = { response: true, risk: 'disruptive' } as const;
const fix = { default: 'fix' as const, clauses: [{ mode: 'fix' as const, risks: ['disruptive' as const] }] };
const iam = (name: string) => `arn:aws:iam::111122223333:${name}`;
const approval = {
  ...{ by: iam('user/mallory'), at: '2026-11-24T11:59:00Z', why: 'contain it', hash: 'plan', expires: '2026-11-25T00:00:00Z' },
};

function decided(differs: Differences) {
  const facts = factsWith({ ...differs, rule: { ...rule, ...differs.rule } });
  return decide({ ...facts, policy: policyFor(facts.about.rule, facts.policy) });
}

const never = (entry: object) =>
  ({ responses: { ...fix, never: [{ reason: 'the directory', ...entry }] } }) as NonNullable<Differences['policy']>;
const approvals = (given: object) => ({ responses: fix, approvals: given }) as NonNullable<Differences['policy']>;
const ours = (contained: 'never' | 'asks') => ({ pattern: 'posture-*', what: 'a role of this product', contained });
const role = iam('role/ops/OnCall');
const user = iam('user/people/ann');

// Each of them with an approval: an attacker who provokes a finding, and someone who approves it too fast, lock nobody out.
it.each<[string, string, NonNullable<Differences['policy']>]>([
  ['a resource', 'arn:aws:rds:eu-west-1:111122223333:db:orders', never({ resources: ['arn:aws:rds:*:111122223333:db:orders'] })],
  ['a resource in other letters', 'arn:aws:rds:eu-west-1:111122223333:db:orders', never({ resources: ['arn:aws:rds:*:*:db:ORDERS'] })],
  ['an account', 'arn:aws:s3:::records', never({ accounts: ['111122223333'] })],
  ['a name', user, never({ names: ['break-glass', 'ANN'] })],
  ['a name in an account', role, never({ names: ['On*'], accounts: ['111122223333'] })],
  ['a role by its ARN without its path', role, never({ resources: [iam('role/OnCall')] })],
  [
    'the role of an approving session',
    role,
    approvals({ approvers: [{ principals: ['arn:aws:sts::111122223333:assumed-role/OnCall/*'] }] }),
  ],
  [
    'the role of all sessions of an approver',
    role,
    approvals({ approvers: [{ principals: ['arn:aws:sts::111122223333:assumed-role/OnCall'] }] }),
  ],
  ['an approver by its role', role, approvals({ approvers: [{ principals: [iam('role/OnCall')], rules: ['s3-*'] }] })],
  ['a user who approves', user, approvals({ approvers: [{ principals: [iam('user/people/ann')] }] })],
  ['a role of deployments', iam('role/Deploy'), approvals({ automationRoles: [iam('role/Deploy')] })],
])('%s that the policy names is never contained, whatever was approved', (_, resource, policy) => {
  const { verdict, decisive, changes } = decided({ policy, about: { resource }, recorded: { approval } });
  expect([verdict, decisive.clause, decisive.code]).toEqual(['skip', 'never-contained', 'never-contained']);
  expect(decisive.reason).toMatch(/Contain it manually/);
  expect(changes).not.toEqual([]);
});

it.each<[string, string, NonNullable<Differences['policy']>]>([
  ['another resource', 'arn:aws:rds:eu-west-1:111122223333:db:orders-2', never({ resources: ['arn:aws:rds:*:*:db:orders'] })],
  ['the name in another account', role, never({ names: ['OnCall'], accounts: ['444455556666'] })],
  ['a path of that name', iam('role/OnCall/web'), never({ names: ['OnCall'] })],
  ['a user with the name of a role', iam('user/OnCall'), approvals({ approvers: [{ principals: [iam('role/OnCall')] }] })],
  [
    'a role of another account with the name of an approver',
    'arn:aws:iam::444455556666:role/OnCall',
    approvals({ approvers: [{ principals: [iam('role/OnCall')] }] }),
  ],
])('%s is contained', (_, resource, policy) => {
  expect(decided({ policy, about: { resource } }).verdict).toBe('fix');
});

it('a role with a name of this product is never contained, also not after an approval', () => {
  const { verdict, decisive } = decided({ policy: { responses: fix }, about: { own: ours('never') }, recorded: { approval } });
  expect([verdict, decisive.code]).toEqual(['skip', 'never-contained']);
});

it('a function or bucket with such a name, which anybody may have given it, asks: no mode and no time without an answer overrides that', () => {
  const about = { own: ours('asks') };
  expect(decided({ policy: { responses: fix }, about }).verdict).toBe('ask');
  const preauthorized = [{ types: ['*'] }];
  const late = { asked: '2026-11-24T11:00:00Z', seenAt: '2026-11-24T10:59:00Z' };
  expect(decided({ policy: { responses: { preauthorized } }, facts: late }).verdict).toBe('fix');
  expect(decided({ policy: { responses: { preauthorized } }, about, facts: late }).verdict).toBe('ask');
  expect(decided({ policy: { responses: fix, approvals: { fourEyes: false } }, about, recorded: { approval } }).verdict).toBe('fix');
});

it('what nobody wants to hear of stays quiet', () => {
  const policy = never({ accounts: ['111122223333'] });
  const exemptions = [{ reason: 'a test', owner: 'net', expires: '2026-12-31' }];
  expect(decided({ policy: { ...policy, exemptions } }).decisive.clause).toBe('exemption');
});

it('settings of such resources are put right', () => {
  const policy = { ...never({ accounts: ['111122223333'] }), modes: { default: 'fix' as const } };
  const facts = factsWith({ policy, about: { own: ours('never') } });
  expect(decide({ ...facts, policy: policyFor(facts.about.rule, facts.policy) }).verdict).toBe('fix');
});
