import { GetBucketVersioningCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { callOf } from '../../functions/aws/call';
import { loadRules } from '../../functions/catalogue/catalogue';
import { countFix } from '../contract/counted-calls';
import { callsOfRules, complaints } from './calls-of-rules';
import { manyCalls } from './many-calls';

const counted = (violation: string, writes: number) => ({ rule: 's3-bucket-fed', violation, reads: 2, writes, readBack: 1 });

it('counts reads, changes and reads after them', () => {
  const rule = loadRules().find(({ rule: { id } }) => id === 's3-bucket-versioning-enabled')?.rule;
  if (!rule) throw new Error('The rule is not there.');
  const read = callOf(new GetBucketVersioningCommand({ Bucket: 'a' }));
  const write = callOf(new PutBucketVersioningCommand({ Bucket: 'a', VersioningConfiguration: {} }));
  expect(countFix(rule, 'a bucket', [read, read, write, read, write, read])).toEqual({
    rule: rule.id,
    violation: 'a bucket',
    reads: 2,
    writes: 2,
    readBack: 2,
  });
});

it('takes the plain violation, and the one that takes most', () => {
  const fixes = [counted('plain', 1), counted('awkward', 4), counted('odd', 2)];
  expect(callsOfRules(fixes)).toEqual([{ rule: 's3-bucket-fed', plain: fixes[0], most: fixes[1] }]);
});

it('complains of many calls without a reason, and of a reason without many calls', () => {
  const many = callsOfRules([counted('plain', 1), counted('awkward', 10)]);
  expect(complaints(many, {})).toEqual(['s3-bucket-fed takes 13 calls given awkward: at most 12, or a reason in many-calls.ts.']);
  expect(complaints(many, { 's3-bucket-fed': 'It feeds each animal.' })).toEqual([]);
  expect(complaints(callsOfRules([counted('plain', 1)]), { 's3-bucket-fed': 'It feeds each animal.' })).toEqual([
    's3-bucket-fed takes 4 calls at most: it needs no reason in many-calls.ts.',
  ]);
});

it('has reasons for rules that are there', () => {
  const rules = loadRules().map(({ rule }) => rule.id);
  expect(Object.keys(manyCalls).filter((id) => !rules.includes(id))).toEqual([]);
});
