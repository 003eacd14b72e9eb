import { capsOf } from '../../functions/policy/caps';
import { policy } from '../../functions/policy/policy';
import type { Change } from '../../rules/rule';

const resource = { account: '111122223333', region: 'eu-west-1', arn: 'arn:aws:iam::111122223333:user/ann' };
const response = { response: true } as const;
const maxOf = (size: number, groupPercent = 10) => {
  const change = { takesFrom: { group: 'Auto Scaling group web', size } } as unknown as Change;
  const set = policy.parse({ responses: { caps: { groupPercent } } });
  const found = capsOf(set, { rule: response, kind: {}, resource, changes: [change, change] }).filter(({ of }) => of.startsWith('group '));
  expect(found).toMatchObject([{ of: 'group 111122223333 eu-west-1 Auto Scaling group web', member: resource.arn }]);
  return found[0]?.max;
};

it('three resources of an account and one user or role an hour are contained by default', () => {
  const caps = capsOf(policy.parse({}), { rule: response, kind: { identity: true }, resource });
  expect(caps.map(({ of, max }) => [of, max])).toEqual([
    ['account 111122223333', 3],
    ['identities 111122223333', 1],
  ]);
});

it('a resource that is no identity does not count as one, and a setting counts under no cap', () => {
  expect(capsOf(policy.parse({}), { rule: response, kind: {}, resource })).toHaveLength(1);
  expect(capsOf(policy.parse({}), { rule: {}, kind: { identity: true }, resource })).toEqual([]);
});

it.each([
  [0, 1],
  [1, 1],
  [19, 1],
  [20, 2],
  [95, 9],
])('of a group of %i, at most %i an hour', (size, max) => expect(maxOf(size)).toBe(max));

it('none of a group where the policy says so', () => expect(maxOf(40, 0)).toBe(0));
