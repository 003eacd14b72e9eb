import { isChanges } from '../../../functions/plan/change';
import { user } from '../../../rules/iam/user/resource';
import rule from '../../../rules/iam/user-access-keys-rotated';
import { describeRule } from '../../contract/describe-rule';
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
    'two old keys, one of them in use': {
      seed: userWith({ keys: [{ ...old, used: 0 }, old] }),
      fixed: (world, arn) => expectActive(world, arn, [false, false]),
    },
    'a key that is too old for this owner': { seed: userWith({ keys: [{ created: 31 }] }), parameters: { maxAccessKeyAge: 30 } },
    'an old key that was used long ago, where those in use are kept': {
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
    'an old key in use, where those are kept': {
      seed: userWith({ keys: [{ ...old, used: 29 }, old] }),
      parameters: { keepUsedWithinDays: 30 },
      outcome: 'unfixable',
      reason: /access key is still in use \(\w+, last used on \d{4}-\d\d-\d\d\)/,
    },
    'a user of that name under another path': {
      seed: async (world) => (await userWith({ path: '/new/', keys: [old] })(world)).replace('/new/', '/old/'),
      outcome: 'resource-not-found',
    },
  },
  missing: 'nobody-of-that-name',
});

it('calls a key too old after 90 whole days, and not at that moment', () => {
  const resource = { type: user.type, id: 'ann', arn: 'arn:aws:iam::1:user/ann', partition: 'aws', account: '1', region: 'eu-west-1' };
  const context = {
    parameters: { maxAccessKeyAge: 90, keepUsedWithinDays: 0 },
    detectedBy: 'IAM.3',
    now: new Date('2026-10-01T12:00:00Z'),
  };
  const plan = (created: string) => rule.plan(resource, { keys: [{ id: 'AKIAIOSFODNN7EXAMPL1', times: { created } }] }, context);
  expect(plan('2026-07-03T12:00:00.000Z')).toEqual([]);
  const changes = plan('2026-07-03T11:59:59.999Z');
  expect(isChanges(changes) && changes).toHaveLength(1);
});
