import type * as z from 'zod';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import type { AccessKey } from '../../../rules/iam/user/access-keys';
import { user } from '../../../rules/iam/user/resource';
import rule from '../../../rules/iam/user-access-keys-rotated';
import { describeRule } from '../../contract/describe-rule';
import * as fc from '../../fast-check';
import { ages, expectActive, keysOf, uniqueIdOf, useAges, userWith } from './user/seed';

useAges();

const old = { created: 91 };
const young = { created: 89 };

describeRule(rule, {
  violations: {
    'an old key beside a young one': {
      seed: userWith({ path: '/robots/build/', keys: [old, young] }),
      configId: uniqueIdOf,
      fixed: (world, arn) => expectActive(world, arn, [false, true]),
      meanwhile: async (world, arn) => {
        const [, inUse = ''] = (await keysOf(world, arn)).map(({ AccessKeyId }) => AccessKeyId);
        ages.set(inUse, { ...young, used: 0 });
      },
      rolledBack: (world, arn) => expectActive(world, arn, [true, true]),
    },
    'two old keys, one of them in use, where the owner keeps none': {
      seed: userWith({ keys: [{ ...old, used: 0 }, old] }),
      parameters: { keepUsedWithinDays: 0 },
      fixed: (world, arn) => expectActive(world, arn, [false, false]),
    },
    'a key that is too old for this owner': { seed: userWith({ keys: [{ created: 31 }] }), parameters: { maxAccessKeyAge: 30 } },
    'an old key that was last used more than a week ago': { seed: userWith({ keys: [{ created: 400, used: 8 }] }) },
    'an old key that was used long ago, where the owner keeps those in use for longer': {
      seed: userWith({ keys: [{ created: 400, used: 31 }] }),
      parameters: { keepUsedWithinDays: 30 },
    },
  },
  compliant: {
    'a user without keys': { seed: userWith({}) },
    'a young key': { seed: userWith({ keys: [{ ...young, used: 1 }] }) },
    'an old key that is inactive': { seed: userWith({ keys: [old], inactive: true }) },
    'an old password': { seed: userWith({ password: { created: 900 } }) },
  },
  obstacles: {
    'an old key that was used a minute ago, beside another old one': {
      seed: userWith({ keys: [{ ...old, used: 0 }, old] }),
      outcome: 'unfixable',
      reason: /access key is still in use \(\w+, last used on \d{4}-\d\d-\d\d for s3 in eu-west-1\)/,
    },
    'an old key in use, where the owner keeps those for longer': {
      seed: userWith({ keys: [{ ...old, used: 29 }, old] }),
      parameters: { keepUsedWithinDays: 30 },
      outcome: 'unfixable',
      reason: /access key is still in use/,
    },
    'a user of that name under another path': {
      seed: async (world) => (await userWith({ path: '/new/', keys: [old] })(world)).replace('/new/', '/old/'),
      outcome: 'resource-not-found',
    },
  },
  missing: 'nobody-of-that-name',
});

const resource = { type: user.type, id: 'ann', arn: 'arn:aws:iam::1:user/ann', partition: 'aws', account: '1', region: 'eu-west-1' };
const now = new Date('2026-10-01T12:00:00Z');

it('calls a key too old after 90 whole days, and not at that moment', () => {
  const context = { parameters: { maxAccessKeyAge: 90, keepUsedWithinDays: 0 }, detectedBy: 'IAM.3', now };
  const plan = (created: string) => rule.plan(resource, { keys: [{ id: 'AKIAIOSFODNN7EXAMPL1', times: { created } }] }, context);
  expect(plan('2026-07-03T12:00:00.000Z')).toEqual([]);
  const changes = plan('2026-07-03T11:59:59.999Z');
  expect(isChanges(changes) && changes).toHaveLength(1);
});

describe('the keys that a plan deactivates', () => {
  const daysAgo = (count: number) => new Date(now.getTime() - count * 86_400_000).toISOString();
  const parameters = rule.parameters?.parse({}) as z.infer<NonNullable<typeof rule.parameters>>;
  const planOf = (keys: readonly AccessKey[], over: Partial<typeof parameters> = {}) =>
    rule.plan(resource, { keys }, { parameters: { ...parameters, ...over }, detectedBy: 'IAM.3', now });

  it('never include one that was used within the last week', () => {
    const days = fc.double({ min: 0, max: 500, noNaN: true });
    const key = fc.record({ created: days, used: fc.option(days, { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 2 }), (ages) => {
        const keys = ages.map(({ created, used }, index) => ({
          id: `AKIAIOSFODNN7EXAMPL${index}`,
          times: { created: daysAgo(created), ...(used !== undefined && { used: daysAgo(Math.min(created, used)) }) },
        }));
        const plan = planOf(keys);
        const deactivated = (isChanges(plan) ? plan : []).map(({ do: { input } }) => (input as { AccessKeyId?: string }).AccessKeyId);
        for (const { id, times } of keys) if (times.used !== undefined && times.used > daysAgo(7)) expect(deactivated).not.toContain(id);
      }),
    );
  });

  it('say when, and for what, they were last used', () => {
    const used = { id: 'AKIAIOSFODNN7EXAMPL1', times: { created: daysAgo(400), used: daysAgo(30), by: 's3 in eu-west-1' } };
    const unused = { id: 'AKIAIOSFODNN7EXAMPL2', times: { created: daysAgo(400) } };
    const plan = planOf([used, unused]);
    expect((isChanges(plan) ? plan : []).map(loggedChange).map(({ note }) => note)).toEqual([
      'The access key AKIAIOSFODNN7EXAMPL1 was last used on 2026-09-01 for s3 in eu-west-1.',
      'The access key AKIAIOSFODNN7EXAMPL2 was never used.',
    ]);
  });
});
