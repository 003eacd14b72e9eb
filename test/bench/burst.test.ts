import type { Call } from '../emulator/gateway';
import { brokenBars } from './burst/broken-bars';
import { quotaUses } from './burst/quota-use';

const call = (service: string, operation: string, refused?: 'quota'): Call => ({
  time: 0,
  service,
  operation,
  account: '111122223333',
  region: 'eu-west-1',
  status: 200,
  input: {},
  ...(refused && { refused }),
});

it('says how long AWS needs at least for the calls of a quota, the narrowest first', () => {
  const lookups = Array.from({ length: 12 }, () => call('cloudtrail', 'LookupEvents'));
  const updates = Array.from({ length: 50 }, () => call('securityhub', 'BatchUpdateFindings'));
  const others = [call('s3', 'PutBucketPolicy'), call('cloudtrail', 'LookupEvents', 'quota')];
  expect(quotaUses([...updates, ...lookups, ...others])).toEqual([
    { call: 'cloudtrail:LookupEvents', answered: 12, refused: 1, atLeast: 5 },
    { call: 'securityhub:BatchUpdateFindings', answered: 50, refused: 0, atLeast: 2 },
  ]);
});

it('finds fault with a burst of two lookups a finding, and with findings that are neither fixed nor deferred', () => {
  const lookups = (count: number) => Array.from({ length: count }, () => call('cloudtrail', 'LookupEvents'));
  const outcomes = (...ends: readonly (readonly ['fixed' | 'deferred' | 'failed' | 'error', number])[]) => new Map(ends);
  expect(brokenBars({ buckets: 10, outcomes: outcomes(['fixed', 8], ['deferred', 2]), calls: lookups(11) })).toEqual([]);
  expect(brokenBars({ buckets: 10, outcomes: outcomes(['fixed', 10]), calls: lookups(20) })).toEqual([
    '2.00 lookups in CloudTrail per finding (limit 1.2).',
  ]);
  expect(brokenBars({ buckets: 10, outcomes: outcomes(['failed', 3], ['error', 7]), calls: [] })).toEqual([
    '3 findings ended as failed.',
    '7 findings ended as error.',
  ]);
});
