import { lastChangeOf } from '../../functions/facts/last-change';
import type { Aws, Resource } from '../../rules/rule';

const resource: Resource = {
  type: 'AWS::S3::Bucket',
  arn: 'arn:aws:s3:::my-bucket',
  id: 'my-bucket',
  account: '111122223333',
  region: 'eu-west-1',
  partition: 'aws',
};
const record = {
  eventName: 'PutBucketPolicy',
  eventTime: '2026-11-01T10:00:00Z',
  readOnly: false,
  userIdentity: { arn: 'arn:aws:iam::111122223333:user/jane', type: 'IAMUser' },
};

const answering = (...records: readonly string[]): Aws => ({
  send: async () => ({ Events: records.map((CloudTrailEvent) => ({ CloudTrailEvent })) }) as never,
});

describe('a record of CloudTrail that can not be read', () => {
  it.each([
    ['no JSON', '{'],
    ['of no time', JSON.stringify({ ...record, eventTime: 'yesterday' })],
    ['of no event', JSON.stringify({ ...record, eventName: undefined })],
    ['of another shape', JSON.stringify({ ...record, userIdentity: 'jane' })],
    ['no record', 'null'],
  ])('is skipped and counted, and the next one counts: %s', async (_, unreadable) => {
    const skipped: number[] = [];
    const last = await lastChangeOf({ resource, kind: { type: resource.type } }, answering(unreadable, JSON.stringify(record)), (records) =>
      skipped.push(records),
    );
    expect(last).toMatchObject({ principal: record.userIdentity.arn, event: record.eventName });
    // It is looked up by its name and by its ARN.
    expect(skipped).toEqual([1, 1]);
  });
});

it('is looked up under both names at once', async () => {
  const asked: string[] = [];
  let both: () => void = () => {};
  const isBoth = new Promise<void>((resolve) => {
    both = resolve;
  });
  const aws: Aws = {
    async send({ input }) {
      const { LookupAttributes = [] } = input as { readonly LookupAttributes?: readonly { readonly AttributeValue?: string }[] };
      asked.push(LookupAttributes[0]?.AttributeValue ?? '');
      if (asked.length === 2) both();
      await isBoth;
      return { Events: [{ CloudTrailEvent: JSON.stringify(record) }] } as never;
    },
  };
  expect(await lastChangeOf({ resource, kind: { type: resource.type } }, aws, () => {})).toMatchObject({ event: record.eventName });
  expect(asked).toEqual([resource.id, resource.arn]);
});

it('fails if one of the names can not be looked up', async () => {
  const aws: Aws = {
    async send({ input }) {
      if (JSON.stringify(input).includes('arn:')) throw new Error('busy');
      return { Events: [] } as never;
    },
  };
  await expect(lastChangeOf({ resource, kind: { type: resource.type } }, aws, () => {})).rejects.toThrow('busy');
});
