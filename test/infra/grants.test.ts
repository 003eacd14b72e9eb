import { loadRules } from '../../functions/catalogue/catalogue';
import { toArray, type Rule } from '../../rules/rule';
import { grantsOf } from '../contract/grants';
import { faultsOf } from './iam-action';

const heldBy = (rule: Rule) => grantsOf(rule, 'change').flatMap(({ actions, on }) => actions.map((action) => ({ action, on: toArray(on) })));

describe('the grants of', () => {
  it.each(loadRules().map(({ rule }) => [rule.id, rule] as const))(
    '%s are actions that IAM knows, on what they can be held on',
    async (_id, rule) => {
      expect((await Promise.all(heldBy(rule).map(faultsOf))).flat()).toEqual([]);
    },
  );
});

describe('a grant', () => {
  it.each([
    ['of an action that does not exist', { action: 's3:GetBucketVersions', on: ['arn:{partition}:s3:::*'] }, 'no action'],
    ['on all resources', { action: 's3:GetBucketVersioning', on: ['*'] }, 'none of what it knows'],
    [
      'on an ARN where there is none to name',
      { action: 'ec2:DescribeInstances', on: ['arn:{partition}:ec2:{region}:{account}:instance/*'] },
      '* alone',
    ],
    [
      'on another sort of resource',
      { action: 'kms:DescribeKey', on: ['arn:{partition}:kms:{region}:{account}:alias/*'] },
      'none of what it knows',
    ],
    ['in all accounts', { action: 'kms:DescribeKey', on: ['arn:{partition}:kms:{region}:*:key/*'] }, 'none of what it knows'],
    [
      'in all accounts, also of trails, but for their status',
      { action: 'cloudtrail:GetEventSelectors', on: ['arn:{partition}:cloudtrail:*:*:trail/*'] },
      'none of what it knows',
    ],
    ['in one partition', { action: 's3:GetBucketVersioning', on: ['arn:aws:s3:::*'] }, 'none of what it knows'],
    [
      'that leaves out what it asks for',
      { action: 'ec2:CreateFlowLogs', on: ['arn:{partition}:ec2:{region}:{account}:vpc/*'] },
      'not held on any vpc-flow-log',
    ],
  ])('%s is a fault', async (_name, held, fault) => {
    expect(await faultsOf(held)).toContainEqual(expect.stringContaining(fault));
  });

  it('on the resources of its sort is none', async () => {
    expect(await faultsOf({ action: 'iam:GetUser', on: ['arn:{partition}:iam::{account}:user/*'] })).toEqual([]);
    expect(await faultsOf({ action: 'ec2:DescribeInstances', on: ['*'] })).toEqual([]);
  });
});
