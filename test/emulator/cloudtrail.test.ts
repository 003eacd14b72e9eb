import { CloudTrailClient, DescribeTrailsCommand, LookupEventsCommand, paginateLookupEvents } from '@aws-sdk/client-cloudtrail';
import { lastChangeOf } from '../../functions/facts/last-change';
import type { Aws, Resource } from '../../rules/rule';
import type { Account } from './account';
import type { TrailEvent } from './gateway/cloudtrail';
import { useEmulator } from './use';

/** As a kind that CloudTrail may name in either way. */
const bucket = { type: 'AWS::S3::Bucket' };

const emulator = useEmulator();
const ann = 'arn:aws:sts::111122223333:assumed-role/Admin/ann';

const record = ({ account, region }: Pick<Account, 'account' | 'region'>, resourceName: string, event: Partial<TrailEvent> = {}): void =>
  emulator.gateway.cloudTrail.record({
    account,
    region,
    resourceName,
    event: {
      eventName: 'PutBucketPolicy',
      eventTime: '2026-11-24T10:00:00Z',
      userIdentity: { type: 'AssumedRole', arn: ann },
      userAgent: 'aws-cli/2',
      ...event,
    },
  });

const asking = (account: Account, resourceName: string) => ({
  aws: { send: (command: never) => account.client(CloudTrailClient).send(command) } as unknown as Aws,
  resource: { id: resourceName, arn: `arn:aws:s3:::${resourceName}`, account: account.account } as Resource,
});

describe('LookupEvents', () => {
  it('tells what was done to a resource, in this account and region alone, the last first', async () => {
    const account = await emulator.account();
    record(account, 'records', { eventName: 'First', eventTime: '2026-11-24T09:00:00Z' });
    record(account, 'records', { eventName: 'Last', eventTime: '2026-11-24T11:00:00Z' });
    record(account, 'records', { eventName: 'Second', eventTime: '2026-11-24T10:00:00Z' });
    record(account, 'other');
    record({ ...account, region: 'us-east-1' }, 'records');
    record(await emulator.account(), 'records');
    const { Events = [] } = await account
      .client(CloudTrailClient)
      .send(new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'records' }] }));
    expect(Events.map(({ EventName }) => EventName)).toEqual(['Last', 'Second', 'First']);
    expect(Events[0]?.EventTime).toEqual(new Date('2026-11-24T11:00:00Z'));
    expect(JSON.parse(Events[0]?.CloudTrailEvent ?? '')).toMatchObject({ eventName: 'Last', userIdentity: { arn: ann }, readOnly: false });
  });

  it('has pages', async () => {
    const account = await emulator.account();
    for (let minute = 10; minute < 15; minute += 1) record(account, 'records', { eventTime: `2026-11-24T10:${minute}:00Z` });
    const sizes: number[] = [];
    for await (const { Events = [] } of paginateLookupEvents({ client: account.client(CloudTrailClient), pageSize: 2 }, {}))
      sizes.push(Events.length);
    expect(sizes).toEqual([2, 2, 1]);
  });

  it('asks for one attribute at a time', async () => {
    const attribute = { AttributeKey: 'ResourceName', AttributeValue: 'records' } as const;
    const asked = (await emulator.account())
      .client(CloudTrailClient)
      .send(new LookupEventsCommand({ LookupAttributes: [attribute, attribute] }));
    await expect(asked).rejects.toThrow(expect.objectContaining({ name: 'InvalidLookupAttributesException' }));
  });

  it('leaves the trails to the emulator', async () => {
    const { trailList } = await (await emulator.account()).client(CloudTrailClient).send(new DescribeTrailsCommand({}));
    expect(trailList).toEqual([]);
  });
});

const noneSkipped = () => {
  throw new Error('No record should be skipped.');
};

describe('who changed a resource last', () => {
  it.each<[string, (account: string) => string]>([
    ['no JSON', () => '{'],
    ['another form', () => JSON.stringify({ eventName: 7 })],
    ['nothing', () => ''],
    ['a time that is none', () => JSON.stringify({ eventName: 'PutBucketPolicy', eventTime: 'yesterday' })],
  ])('is found behind a record with %s, which is skipped and counted', async (_, text) => {
    const skipped: number[] = [];
    const record = JSON.stringify({ eventName: 'PutBucketAcl', eventTime: '2026-11-24T08:00:00Z', readOnly: 'false', userIdentity: null });
    const Events = [text('1'), record].map((CloudTrailEvent) => ({ CloudTrailEvent }));
    const resource = { id: 'records', arn: 'records', account: '111122223333' } as Resource;
    const aws = { send: () => Promise.resolve({ Events }) } as unknown as Aws;
    expect(await lastChangeOf({ resource, kind: bucket }, aws, (records) => skipped.push(records))).toMatchObject({
      event: 'PutBucketAcl',
      principal: 'unknown',
    });
    expect(skipped).toEqual([1]);
  });

  it.each([
    ['true', undefined],
    ['false', 'GetBucketPolicy'],
    [true, undefined],
    [null, 'GetBucketPolicy'],
  ])('is not a reader, whose record says so as a text or as a boolean (%p)', async (readOnly, event) => {
    const CloudTrailEvent = JSON.stringify({ eventName: 'GetBucketPolicy', eventTime: '2026-11-24T08:00:00Z', readOnly, errorCode: null });
    const resource = { id: 'records', arn: 'records', account: '111122223333' } as Resource;
    const aws = { send: () => Promise.resolve({ Events: [{ CloudTrailEvent }] }) } as unknown as Aws;
    expect((await lastChangeOf({ resource, kind: bucket }, aws, noneSkipped))?.event).toBe(event);
  });

  it('is the last who did so, and neither we nor a reader nor who was refused', async () => {
    const account = await emulator.account();
    record(account, 'records', { eventTime: '2026-11-24T08:00:00Z' });
    record(account, 'records', { eventTime: '2026-11-24T09:00:00Z', errorCode: 'AccessDenied' });
    const own = `arn:aws:sts::${account.account}:assumed-role/posture-s3-bucket-tls-required/s3-bucket-tls-required`;
    record(account, 'records', { eventTime: '2026-11-24T09:10:00Z', userIdentity: { type: 'AssumedRole', arn: own } });
    record(account, 'records', { eventTime: '2026-11-24T09:20:00Z', readOnly: true });
    const { aws, resource } = asking(account, 'records');
    expect(await lastChangeOf({ resource, kind: bucket }, aws, noneSkipped)).toEqual({
      principal: ann,
      userAgent: 'aws-cli/2',
      event: 'PutBucketPolicy',
      at: '2026-11-24T08:00:00Z',
    });
  });

  it.each([
    ['a user agent like ours', (account: string) => `arn:aws:sts::${account}:assumed-role/Admin/ann`, 'aws-sdk-js/3 posture-remediator'],
    ['a session of another name of our role', (account: string) => `arn:aws:sts::${account}:assumed-role/posture-s3-x/ann`, 'x'],
    ['a role of our name in another account', () => 'arn:aws:sts::999999999999:assumed-role/posture-s3-x/s3-x', 'x'],
    ['a user of our name', (account: string) => `arn:aws:iam::${account}:user/posture-s3-x/s3-x`, 'x'],
  ])('is not hidden by %s', async (_, principal, userAgent) => {
    const account = await emulator.account();
    const arn = principal(account.account);
    record(account, 'records', { userIdentity: { arn }, userAgent });
    const { aws, resource } = asking(account, 'records');
    expect(await lastChangeOf({ resource, kind: bucket }, aws, noneSkipped)).toMatchObject({ principal: arn });
  });

  it.each([
    ['id', 'arn:aws:s3:::records', 'records', '2026-11-24T10:00:00Z'],
    ['ARN', 'records', 'arn:aws:s3:::records', '2026-11-24T10:00:00Z'],
    ['ARN, where nothing is by its id', 'other', 'arn:aws:s3:::records', '2026-11-24T08:00:00Z'],
  ])('is looked for by both names, and was later by its %s', async (__, earlier, later, at) => {
    const account = await emulator.account();
    record(account, earlier, { eventTime: '2026-11-24T09:00:00Z' });
    record(account, later, { eventTime: at });
    const { aws, resource } = asking(account, 'records');
    expect(await lastChangeOf({ resource, kind: bucket }, aws, noneSkipped)).toMatchObject({ at });
  });

  it.each([
    ['id', 'records', 1],
    ['arn', 'arn:aws:s3:::records', 1],
    // Nothing at all is under the name that CloudTrail should use.
    ['id', 'arn:aws:s3:::records', 2],
    ['arn', 'records', 2],
  ] as const)('of a kind that is recorded by its %s is looked up at most twice: %s, %d', async (recordedBy, name, calls) => {
    const account = await emulator.account();
    record(account, name);
    const { aws, resource } = asking(account, 'records');
    const before = emulator.gateway.calls.length;
    expect(await lastChangeOf({ resource, kind: { ...bucket, recordedBy } }, aws, noneSkipped)).toMatchObject({ principal: ann });
    expect(emulator.gateway.calls.length - before).toBe(calls);
  });

  it('is nobody where only readers are on record under the name that CloudTrail uses', async () => {
    const account = await emulator.account();
    record(account, 'records', { readOnly: true });
    const { aws, resource } = asking(account, 'records');
    const before = emulator.gateway.calls.length;
    expect(await lastChangeOf({ resource, kind: { ...bucket, recordedBy: 'id' } }, aws, noneSkipped)).toBeUndefined();
    expect(emulator.gateway.calls.length - before).toBe(1);
  });

  it('is found behind a page of reads', async () => {
    const account = await emulator.account();
    record(account, 'records', { eventTime: '2026-11-24T01:00:00Z' });
    for (let minute = 0; minute < 60; minute += 1)
      record(account, 'records', { readOnly: true, eventTime: `2026-11-24T10:${String(minute).padStart(2, '0')}:00Z` });
    const { aws, resource } = asking(account, 'records');
    expect(await lastChangeOf({ resource, kind: bucket }, aws, noneSkipped)).toMatchObject({ at: '2026-11-24T01:00:00Z' });
  });

  it('is nobody where none is on record', async () => {
    const { aws, resource } = asking(await emulator.account(), 'records');
    expect(await lastChangeOf({ resource, kind: bucket }, aws, noneSkipped)).toBeUndefined();
  });
});
