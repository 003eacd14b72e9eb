import { decide } from '../../functions/decision/decide';
import { policyFor } from '../../functions/policy/policy-for';
import { type Differences, factsWith, reversible } from './facts';

const rule = { response: true } as const;
const by = { by: 'arn:aws:iam::111122223333:user/ann', at: '2026-11-24T10:00:00Z', why: 'it was a test' };
const used = (hour: number) => {
  const full = { hour: 1000, day: 1000 };
  return { rule: { hour, day: hour }, account: full, all: full };
};

function decided(differs: Differences) {
  const facts = factsWith({ ...differs, rule: { ...rule, risk: 'disruptive', ...differs.rule } });
  return decide({ ...facts, policy: policyFor(rule, facts.policy) });
}

const byName = { mode: 'fix' as const, rules: ['s3-bucket-x'] };
const fix = { default: 'observe' as const, clauses: [byName] };

const caps = [{ of: 'a', what: 'contained resources', max: 2, member: 'me' }];

it.each<[string, Differences, string, string]>([
  ['asks by default, whatever the mode of settings', {}, 'ask', 'mode'],
  ['has a default mode of its own', { policy: { responses: { default: 'observe' } } }, 'observe', 'mode'],
  ['is disruptive: a default mode does not make it automatic', { policy: { responses: { default: 'fix' } } }, 'ask', 'risk'],
  ['is automatic where a clause names it', { policy: { responses: fix } }, 'fix', 'mode'],
  ['may be off somewhere', { policy: { responses: { ...fix, clauses: [{ mode: 'off', accounts: ['111122223333'] }] } } }, 'skip', 'mode'],
  [
    'waits for no window, no grace period and no owner',
    {
      policy: {
        responses: fix,
        windows: [{ name: 'nights', opens: '0 22 * * *', hours: 1, timeZone: 'UTC' }],
        grace: [{ hours: 100 }],
      },
      about: { tags: { known: { 'aws:cloudformation:stack-name': 'shop' } } },
    },
    'fix',
    'mode',
  ],
  [
    'asks for a plan that the rule leaves to a person, whatever the mode',
    { policy: { responses: fix }, facts: { changes: [{ ...reversible, asks: 'it is a node of a cluster' }] } },
    'ask',
    'approval',
  ],
  [
    'is not permitted by what a rule leaves to a person',
    { policy: { responses: { default: 'observe' } }, facts: { changes: [{ ...reversible, asks: 'it is a node of a cluster' }] } },
    'observe',
    'mode',
  ],
  ['has no part in the limits of settings', { policy: { responses: fix }, recorded: { used: used(0) } }, 'fix', 'mode'],
  ['asks beyond a limit of its own', { policy: { responses: fix }, recorded: { used: used(3) } }, 'ask', 'limit'],
  [
    'waits for the end of a freeze',
    { policy: { responses: fix, freezes: [{ reason: 'sales', from: '2026-11-20T00:00', to: '2026-11-30T00:00', timeZone: 'UTC' }] } },
    'defer',
    'freeze',
  ],
  [
    'waits for no freeze where the policy says so',
    {
      policy: {
        responses: { ...fix, duringFreezes: true },
        freezes: [{ reason: 'sales', from: '2026-11-20T00:00', to: '2026-11-30T00:00', timeZone: 'UTC' }],
      },
    },
    'fix',
    'mode',
  ],
  [
    'asks for a resource with an exemption tag, which an attacker can set',
    { policy: { responses: fix }, about: { tags: { known: { 'posture:exempt': 'all' } } } },
    'ask',
    'exemption',
  ],
  [
    'leaves what the policy exempts',
    { policy: { responses: fix, exemptions: [{ reason: 'the NAT', owner: 'net', expires: '2026-12-31' }] } },
    'skip',
    'exemption',
  ],
  [
    'asks again after a release',
    { policy: { responses: fix }, recorded: { hold: { ...by, until: '2027-01-01T00:00:00Z' } } },
    'ask',
    'exemption',
  ],
  [
    'asks where responses have contained as much in the account as they may',
    { policy: { responses: fix }, facts: { caps }, recorded: { capped: { a: ['one', 'two'] } } },
    'ask',
    'limit',
  ],
  [
    'asks beyond a cap, also if nobody answers in time',
    {
      policy: { responses: { preauthorized: [{ types: ['*'] }] } },
      facts: { caps, asked: '2026-11-24T11:00:00Z', seenAt: '2026-11-24T10:59:00Z' },
      recorded: { capped: { a: ['one', 'two'] } },
    },
    'ask',
    'limit',
  ],
  [
    'goes on with what is contained already',
    { policy: { responses: fix }, facts: { caps }, recorded: { capped: { a: ['one', 'me'] } } },
    'fix',
    'mode',
  ],
  ['goes on below the caps', { policy: { responses: fix }, facts: { caps }, recorded: { capped: { a: ['one'] } } }, 'fix', 'mode'],
  ['stops where everything is stopped', { policy: { responses: fix }, recorded: { stop: by } }, 'defer', 'stop'],
  [
    'does not give up on a resource that is attacked again and again',
    { policy: { responses: fix }, recorded: { fixes: Array.from({ length: 50 }, (_, index) => `2026-11-24T0${index % 10}:00:00Z`) } },
    'fix',
    'mode',
  ],
])('a response %s', (_, differs, verdict, clause) => {
  const { verdict: given, decisive } = decided(differs);
  expect([given, decisive.clause]).toEqual([verdict, clause]);
});

it('the policy of a setting is the policy', () => {
  const { policy } = factsWith({});
  expect(policyFor({}, policy)).toBe(policy);
});
