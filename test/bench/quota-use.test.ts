import type { Call } from '../emulator/gateway';
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
