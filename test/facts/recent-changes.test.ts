import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { recentChanges } from '../../functions/facts/recent-changes';
import type { Aws, Resource } from '../../rules/rule';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const type = 'AWS::S3::Bucket';
const ann = 'arn:aws:iam::111122223333:user/ann';
const noneSkipped = () => {
  throw new Error('No record should be skipped.');
};

const timeOf = (minute: number) => new Date(Date.UTC(2026, 10, 24, 8, minute)).toISOString();

const changed = (account: Account, resourceName: string, event: object = {}, resourceType = type) =>
  emulator.gateway.cloudTrail.record({
    account: account.account,
    region: account.region,
    resourceName,
    resourceType,
    event: { eventName: 'PutBucketAcl', eventTime: timeOf(0), userIdentity: { arn: ann }, userAgent: 'console', ...event },
  });

/** So many buckets, of which the last is the one that was changed first. */
const changeMany = (account: Account, buckets: number) => {
  for (let index = 0; index < buckets; index += 1) changed(account, `bucket-${index}`, { eventTime: timeOf(buckets - index) });
};

/** What a process knows, at a time that the test moves, and the lookups that it sent. */
const processIn = async (account: Account, skip: (records: number) => void = noneSkipped) => {
  let now = Date.UTC(2026, 10, 24, 12);
  const recent = recentChanges({ now: () => new Date(now) });
  const aws = { send: (command: never) => account.client(CloudTrailClient).send(command) } as unknown as Aws;
  const find = (id: string, kind = type) => {
    const resource = { id, arn: `arn:aws:s3:::${id}`, account: account.account, region: account.region } as Resource;
    return recent.of({ resource, kind: { type: kind } }, account, aws, skip);
  };
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };
  const lookups = () =>
    emulator.gateway.calls.filter((call) => call.account === account.account && call.operation === 'LookupEvents').length;
  /** The first lookups of a burst, which are by name. */
  const begin = async (kind = type) => {
    for (let index = 0; index < 5; index += 1) expect(await find('bucket-0', kind)).toBeUndefined();
  };
  return { find, pass, lookups, begin };
};

describe('the latest changes', () => {
  it('are read from the sixth lookup on without a pause of ten seconds, and then serve all', async () => {
    const account = await emulator.account();
    changeMany(account, 40);
    const { find, pass, lookups, begin } = await processIn(account);
    await begin();
    pass(11);
    for (let index = 0; index < 5; index += 1) {
      expect(await find('bucket-1')).toBeUndefined();
      pass(9);
    }
    expect(lookups()).toBe(0);
    for (let index = 0; index < 40; index += 1)
      expect(await find(`bucket-${index}`)).toMatchObject({ principal: ann, event: 'PutBucketAcl' });
    expect(lookups()).toBe(1);
  });

  it('say nothing of a resource that is not among them', async () => {
    const account = await emulator.account();
    changeMany(account, 10);
    const { find, begin } = await processIn(account);
    await begin();
    expect(await find('other')).toBeUndefined();
    expect(await find('bucket-0')).toBeDefined();
  });

  it('are read on, a page at a time, as far as they have resources of the burst', async () => {
    const account = await emulator.account();
    changeMany(account, 120);
    // Beyond them: what is no bucket.
    for (let index = 0; index < 200; index += 1)
      changed(account, `queue-${index}`, { eventTime: '2026-11-20T08:00:00Z' }, 'AWS::SQS::Queue');
    const { find, lookups, begin } = await processIn(account);
    await begin();
    expect(await find('bucket-49')).toBeDefined();
    expect(lookups()).toBe(1);
    expect(await find('bucket-119')).toBeDefined();
    expect(lookups()).toBe(3);
    expect(await find('other')).toBeUndefined();
    expect(await find('another')).toBeUndefined();
    expect(lookups()).toBe(4);
  });

  it('are 20 pages at most', async () => {
    const account = await emulator.account();
    changeMany(account, 1100);
    const { find, lookups, begin } = await processIn(account);
    await begin();
    expect(await find('bucket-1050')).toBeUndefined();
    expect(await find('bucket-999')).toBeDefined();
    expect(lookups()).toBe(20);
  });

  it('are not those of another burst: one page shows it', async () => {
    const account = await emulator.account();
    changeMany(account, 120);
    const { find, lookups, begin } = await processIn(account);
    await begin('AWS::SQS::Queue');
    for (let index = 0; index < 5; index += 1) expect(await find(`queue-${index}`, 'AWS::SQS::Queue')).toBeUndefined();
    expect(lookups()).toBe(1);
  });

  it('are read anew after two minutes', async () => {
    const account = await emulator.account();
    changed(account, 'bucket-0');
    const { find, pass, lookups, begin } = await processIn(account);
    await begin();
    expect(await find('bucket-0')).toMatchObject({ event: 'PutBucketAcl' });
    changed(account, 'bucket-0', { eventName: 'PutBucketPolicy', eventTime: timeOf(30) });
    for (let second = 8; second <= 120; second += 8) {
      pass(8);
      expect(await find('bucket-0')).toMatchObject({ event: 'PutBucketAcl' });
    }
    pass(8);
    expect(await find('bucket-0')).toMatchObject({ event: 'PutBucketPolicy' });
    expect(lookups()).toBe(2);
  });

  it('are those of others: not reads, not refused calls, and not our own', async () => {
    const account = await emulator.account();
    const own = `arn:aws:sts::${account.account}:assumed-role/posture-s3-bucket-tls-required/s3-bucket-tls-required`;
    changed(account, 'bucket-0', { eventName: 'First', eventTime: timeOf(0) });
    changed(account, 'bucket-0', { eventName: 'Read', eventTime: timeOf(1), readOnly: true });
    changed(account, 'bucket-0', { eventName: 'Refused', eventTime: timeOf(2), errorCode: 'AccessDenied' });
    changed(account, 'bucket-0', { eventName: 'Own', eventTime: timeOf(3), userIdentity: { arn: own } });
    const { find, begin } = await processIn(account);
    await begin();
    expect(await find('bucket-0')).toMatchObject({ event: 'First' });
  });

  it('have the later change of a resource that was named in two ways', async () => {
    const account = await emulator.account();
    changed(account, 'bucket-0', { eventName: 'ById', eventTime: timeOf(1) });
    changed(account, 'arn:aws:s3:::bucket-0', { eventName: 'ByArn', eventTime: timeOf(2) });
    changed(account, 'bucket-1', { eventName: 'ById', eventTime: timeOf(2) });
    changed(account, 'arn:aws:s3:::bucket-1', { eventName: 'ByArn', eventTime: timeOf(1) });
    const { find, begin } = await processIn(account);
    await begin();
    expect(await find('bucket-0')).toMatchObject({ event: 'ByArn' });
    expect(await find('bucket-1')).toMatchObject({ event: 'ById' });
  });

  it('of one account or Region are not those of another', async () => {
    const account = await emulator.account();
    changeMany({ ...account, region: 'us-east-1' }, 10);
    changeMany(await emulator.account(), 10);
    const { find, begin } = await processIn(account);
    await begin();
    expect(await find('bucket-0')).toBeUndefined();
  });

  it('leave out a record that can not be read, which is counted', async () => {
    const account = await emulator.account();
    changed(account, 'bucket-0', { eventName: 'First', eventTime: timeOf(0) });
    changed(account, 'bucket-0', { eventName: 7, eventTime: timeOf(1) });
    const skipped: number[] = [];
    const { find, begin } = await processIn(account, (records) => skipped.push(records));
    await begin();
    expect(await find('bucket-0')).toMatchObject({ event: 'First' });
    expect(skipped).toEqual([1]);
  });

  it('fail with a throttled lookup, and are none where they may not be read', async () => {
    const account = await emulator.account();
    changeMany(account, 10);
    const { find, begin } = await processIn(account);
    await begin();
    const throttled = emulator.gateway.fail({ operation: 'LookupEvents', account: account.account, as: 'throttle', times: 100 });
    await expect(find('bucket-0')).rejects.toThrow('Rate exceeded');
    throttled.cancel();
    expect(await find('bucket-0')).toBeDefined();
    const other = await emulator.account();
    const { find: findOther, lookups, begin: beginOther } = await processIn(other);
    await beginOther();
    emulator.gateway.fail({ operation: 'LookupEvents', account: other.account, as: 'access-denied', times: 100 });
    for (let index = 0; index < 5; index += 1) expect(await findOther('bucket-0')).toBeUndefined();
    expect(lookups()).toBe(1);
  });
});
