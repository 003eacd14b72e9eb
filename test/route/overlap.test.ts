import { readEvent } from '../../functions/sources/read-event';
import { eventPatterns } from '../../infra/route/event-pattern';
import { overlaps } from '../../infra/route/overlap';
import { matches } from '../emulator/event-pattern';
import { configComplianceChange } from '../events/config';
import { home } from '../events/resources';

describe('Config rules whose name begins with that of another', () => {
  const [name, longer] = ['s3-account-level-public-access-blocks', 's3-account-level-public-access-blocks-periodic'] as const;
  const rule = (id: string, config: string) =>
    ({
      id,
      detectedBy: { securityHub: [], config: [config] },
      resource: { type: 'AWS::::Account', arn: 'AWS::::Account:{account}', scope: 'regional' },
    }) as const;
  const [short, long] = [rule('short', name), rule('long', longer)];
  const event = configComplianceChange({ rule: longer, form: 'security-hub', resourceType: 'AWS::::Account', resourceId: home.account });

  test('are told as an overlap', () => {
    expect(overlaps([short, long])).toEqual([{ rule: 'short', other: 'long', how: 'prefix', on: longer }]);
    expect(overlaps([long, short])).toEqual([{ rule: 'short', other: 'long', how: 'prefix', on: longer }]);
    expect(overlaps([short, { ...short, id: 'same' }])).toEqual([{ rule: 'short', other: 'same', how: 'both', on: name }]);
    expect(overlaps([short, rule('other', `${name}s`)])).toEqual([]);
  });

  test('go to both routes, and are acted upon by one', () => {
    expect([short, long].map((each) => eventPatterns(each).some((pattern) => matches(pattern, event)))).toEqual([true, true]);
    expect([short, long].map((each) => readEvent(each, event, {}).findings.length)).toEqual([0, 1]);
  });
});

describe('finding types of GuardDuty', () => {
  const type = 'UnauthorizedAccess:EC2/SSHBruteForce';
  const rule = (id: string, resourceRole?: 'ACTOR' | 'TARGET') => ({
    id,
    detectedBy: { securityHub: [], config: [], guardDuty: { types: [type], ...(resourceRole && { resourceRole }) } },
  });

  test('are shared unless the role of the resource differs', () => {
    const shared = [{ rule: 'one', other: 'two', how: 'both', on: type }];
    expect(overlaps([rule('one'), rule('two')])).toEqual(shared);
    expect(overlaps([rule('one', 'ACTOR'), rule('two', 'ACTOR')])).toEqual(shared);
    expect(overlaps([rule('one', 'ACTOR'), rule('two')])).toEqual(shared);
    expect(overlaps([rule('one', 'ACTOR'), rule('two', 'TARGET')])).toEqual([]);
  });
});
