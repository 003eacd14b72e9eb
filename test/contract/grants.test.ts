import deletionProtected from '../../rules/rds/instance-deletion-protected';
import { type Grant, type Rule, toArray } from '../../rules/rule';
import { expectUsed, needsOf, type SentCall, uncovered } from './grants';

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const snapshots = 'arn:{partition}:rds:{region}:{account}:snapshot:*';
const instance = 'arn:aws:rds:eu-west-1:111122223333:db:shop';
const readTags: SentCall = { service: 'rds', operation: 'ListTagsForResource', input: { ResourceName: instance }, place };

/** The rule with other grants to read tags, and no others. */
const holding = (...permissions: readonly Grant[]): Rule => {
  const rule = deletionProtected as unknown as Rule;
  return {
    ...rule,
    resource: toArray(rule.resource).map((kind) => ({ ...kind, permissions })),
    permissions: { inspect: [], change: [] },
    commands: [],
  };
};
const tagsOn = (on: string | readonly string[]): Grant => ({ actions: ['rds:ListTagsForResource'], on });

const outside = async (rule: Rule, scenario = {}) => uncovered(rule, await needsOf(rule, [readTags], () => undefined, scenario));

describe('the law on ARNs', () => {
  it('reports the tags of DB instances that are read on snapshots', async () => {
    expect(await outside(holding(tagsOn(snapshots)))).toEqual([
      expect.stringContaining(`rds:ListTagsForResource is called on ${instance}, and held on ${snapshots} alone.`),
    ]);
  });

  it('reports an action that is held nowhere', async () => {
    expect(await outside(holding())).toEqual([expect.stringContaining('held nowhere')]);
  });

  it('reports an account that is not that of the call', async () => {
    expect(await outside(holding(tagsOn('arn:{partition}:rds:{region}:999999999999:db:*')))).toHaveLength(1);
  });

  it.each([
    ['every instance', 'arn:{partition}:rds:{region}:{account}:db:*'],
    ['that instance alone', 'arn:{partition}:rds:{region}:{account}:db:shop'],
    ['one of several ARNs', [snapshots, 'arn:{partition}:rds:{region}:{account}:db:*']],
  ])('is content with %s', async (_what, on) => {
    expect(await outside(holding(tagsOn(on)))).toEqual([]);
  });

  it('believes the scenario that a call acts on something else', async () => {
    const touches = { 'rds:ListTagsForResource': 'arn:{partition}:rds:{region}:{account}:snapshot:shop' };
    expect(await outside(holding(tagsOn(snapshots)), { touches })).toEqual([]);
  });
});

describe('the law on what is used', () => {
  const wide = holding(tagsOn([snapshots, 'arn:{partition}:rds:{region}:{account}:db:*']));
  const check = async (rule: Rule, scenario: Parameters<typeof expectUsed>[3] = {}) =>
    expectUsed(rule, [readTags], await needsOf(rule, [readTags], () => undefined, scenario), scenario);

  it('reports an ARN that no call touches', async () => {
    await expect(check(wide)).rejects.toThrow(`rds:ListTagsForResource on ${snapshots}`);
  });

  it('is content where the scenario says why no call touches it, and reports that once a call does', async () => {
    await check(wide, { unexercised: { [`rds:ListTagsForResource on ${snapshots}`]: 'Tags of snapshots are read elsewhere.' } });
    await expect(check(wide, { unexercised: { 'rds:ListTagsForResource': 'It is called.' } })).rejects.toThrow();
  });

  it('takes one of several fixed names for all of them', async () => {
    const names = ['shop', 'other'].map((name) => `arn:{partition}:rds:{region}:{account}:db:${name}`);
    await check(holding(tagsOn(names)));
  });

  it('reports that the scenario names the ARN of a call that is never made', async () => {
    const touches = { 'rds:DescribeDBInstances': 'arn:{partition}:rds:{region}:{account}:db:*' };
    await expect(check(holding(tagsOn('arn:{partition}:rds:{region}:{account}:db:*')), { touches })).rejects.toThrow('DescribeDBInstances');
  });
});
