import { PutBucketPolicyCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { defineRule, type Json, type Rule } from '../../rules/rule';
import { bucket } from '../../rules/s3/bucket/resource';
import { writtenAlong } from './independence';

const resource = {
  type: bucket.type,
  id: 'shop',
  arn: 'arn:aws:s3:::shop',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const context = { parameters: {}, detectedBy: 'S3.1', now: new Date(0) };

const ruleWith = (plan: Rule['plan']): Rule => ({
  ...defineRule<Json>({
    id: 's3-bucket-planted',
    title: '',
    why: '',
    impact: '',
    severity: 'low',
    risk: 'safe',
    resource: bucket,
    detectedBy: { securityHub: ['S3.1'], config: [] },
    permissions: { inspect: [], change: [] },
    clients: [],
    commands: [],
    inspect: async () => null,
    plan: () => [],
  }),
  plan,
});

it('finds the parts of others that a rule writes back, also in a policy as a text', () => {
  const rule = ruleWith((_, state) => {
    const { policy, note } = state as { policy: string; note: string };
    const put = (secure: boolean) =>
      new PutBucketPolicyCommand({ Bucket: 'shop', Policy: JSON.stringify({ ...JSON.parse(policy), secure }), ExpectedBucketOwner: note });
    return [{ do: put(true), undo: put(false) }];
  });
  const state = { policy: JSON.stringify({ theirs: ['a'], secure: false }), note: 'n', seen: 1 };
  expect(writtenAlong(rule, resource, state, context)).toEqual(['policy.theirs.0, removed', 'policy.theirs.0', 'note']);
});

it('finds none where the undo restores a setting, and its like in the state is nothing that the rule writes', () => {
  const rule = ruleWith((_, state) => {
    const { status } = state as { status: 'Enabled' | 'Suspended' };
    const set = (Status: 'Enabled' | 'Suspended') =>
      new PutBucketVersioningCommand({ Bucket: 'shop', VersioningConfiguration: { Status } });
    return [{ do: set('Enabled'), undo: set(status) }];
  });
  expect(writtenAlong(rule, resource, { status: 'Suspended', tags: ['a'] }, context)).toEqual([]);
});
