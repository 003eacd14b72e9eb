import { loadRules } from '../../functions/catalogue/catalogue';
import { type Rule, toArray } from '../../rules/rule';
import { like } from '../emulator/gateway/permissions/wildcard';
import { callerPermissions } from './caller-permissions';

const rules = loadRules().map(({ rule }) => rule);
const actionsIn = ({ permissions }: Rule): readonly string[] => toArray(permissions.change).flatMap(({ actions }) => actions);
const having = (action: string): readonly Rule[] => rules.filter((rule) => actionsIn(rule).includes(action));

describe.each(callerPermissions.map((one) => [one.action, one.when, one] as const))('%s: %s', (action, _when, one) => {
  const { held, withheld, left = [], page, read } = one;

  it('is a call of some rule, and has a source with the day it was read', () => {
    expect(having(action).length).toBeGreaterThan(0);
    expect(typeof page === 'string' ? page : page.unpublished).toMatch(/https:\/\/(docs\.aws\.amazon\.com|github\.com)\//);
    expect(read).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it('is granted with what AWS requires, and without what is too much', () => {
    for (const rule of having(action)) {
      const granted = actionsIn(rule);
      expect([rule.id, held.filter((permission) => !granted.includes(permission))]).toEqual([rule.id, []]);
      const tooMuch = granted.filter((other) => withheld?.permissions.some((permission) => like(permission, other)));
      expect([rule.id, tooMuch]).toEqual([rule.id, []]);
    }
  });

  it('is left to the owner, with the reason, where a rule lacks what AWS requires', () => {
    for (const { rule: id, detectedBy, parameters = {}, state, code } of left) {
      const rule = rules.find((other) => other.id === id);
      const resource = { partition: 'aws', account: '111122223333', region: 'us-east-1', type: 'any', id: 'a', arn: 'arn' };
      const context = { parameters: rule?.parameters?.parse(parameters), detectedBy, now: new Date(0) };
      expect(rule?.plan(resource, state, context)).toMatchObject({ unfixable: expect.any(String), code });
    }
  });
});

it('finds a rule for each call that AWS grants only together with others', () => {
  const left = callerPermissions.flatMap((one) => one.left ?? []).map(({ rule }) => rule);
  const needing = callerPermissions.filter((one) => one.left).flatMap(({ action }) => having(action).map(({ id }) => id));
  expect([...new Set(left)].toSorted()).toEqual([...new Set(needing)].toSorted());
});
