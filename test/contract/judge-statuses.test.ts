import { documentedStatuses } from './documented-statuses';
import { isMisjudged, withStatus } from './judge-statuses';

describe('the statuses that AWS documents', () => {
  it.each(documentedStatuses.map((one) => [one.action, one] as const))(
    'of %s have a page, and are of one sort each',
    (_, { source, ...row }) => {
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      const all = [...row.lasting, ...row.passing];
      expect(new Set(all).size).toBe(all.length);
    },
  );

  it('are put in each place that has one', () => {
    const answer = { Reservations: [{ Instances: [{ InstanceId: 'a', State: { Name: 'running' } }] }], NextToken: 'more' };
    expect(withStatus(answer, ['Reservations', 'Instances', 'State', 'Name'], 'stopped')).toEqual({
      Reservations: [{ Instances: [{ InstanceId: 'a', State: { Name: 'stopped' } }] }],
      NextToken: 'more',
    });
    expect(withStatus({}, ['Reservations', 'Instances', 'State', 'Name'], 'stopped')).toEqual({ Reservations: undefined });
  });

  it.each([
    ['is waited for, though it stays', 'storage-full', { blocked: 'It is full.', code: 'being-modified' }, true],
    ['has no well-formed code, and stays', 'storage-full', { unfixable: 'It is full.', code: 'Full!' }, true],
    ['is given up, though it passes', 'modifying', { unfixable: 'It is being modified.', code: 'x' }, true],
    ['stays, and needs a person', 'storage-full', { unfixable: 'It is full.', code: 'storage-full' }, false],
    ['passes, and is waited for', 'modifying', { blocked: 'It is being modified.', code: 'being-modified' }, false],
    ['does not matter to the rule', 'storage-full', [], false],
  ])('are misjudged, or not, where one %s', (_, status, plan, expected) => {
    expect(isMisjudged(plan, status, { lasting: ['storage-full'] })).toBe(expected);
  });
});
