import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutBucketTaggingCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { badBucket, isKept, spoil } from './bucket';
import { alice, approvers, type Central, unbounded, useCentral } from './central';

const { open } = useCentral();
const inMode = (mode: string, more: object = {}) => ({ ...unbounded, modes: { default: mode }, ...more });

/** What the function's own part of a report costs: its calls, without those of its rule and for the policy. */
const ownCalls = ({ emulator, account }: Central) =>
  emulator.gateway.calls
    .filter((call) => call.account === account.account && ['dynamodb', 'events', 'scheduler', 'lambda'].includes(call.service))
    .filter(({ input }) => !JSON.stringify(input).includes('policy-check'))
    .map(({ operation }) => operation);

const repeatIn = async ({ account }: Central): Promise<Record<string, unknown> | undefined> => {
  const { Items = [] } = await account.client(DynamoDBClient).send(new ScanCommand({ TableName: 'posture-coordination' }));
  return Items.map((item) => unmarshall(item)).find(({ key }) => String(key).startsWith('repeat '));
};

/** Another report, twelve hours later. */
async function again(central: Central, bucket: string, options = {}) {
  central.clock.pass(12 * 3600);
  // What is kept for seconds is read before.
  central.emulator.gateway.clear();
  return central.find(bucket, options);
}

/** What remains as it was before, and the policy by which it does. */
const cases: readonly (readonly [string, object, Readonly<Record<string, string>>, string])[] = [
  ['observed', inMode('observe'), {}, 'observed'],
  ['off', inMode('off'), {}, 'off'],
  ['exempt by a tag', inMode('fix'), { 'posture:exempt': 'all until 2027-06-30' }, 'exempt'],
  ['exempt by the policy', inMode('fix', { exemptions: [{ reason: 'a public site', owner: 'web', expires: '2027-06-30' }] }), {}, 'exempt'],
];

describe('a report by which nothing is new', () => {
  it.each(cases)('takes one look, one read and one small write where it is %s', async (_, policy, tags, outcome) => {
    const central = await open();
    await central.deploy(policy);
    const bucket = await badBucket(central.account, tags);
    const first = await central.find(bucket);
    expect(first.outcome).toBe(outcome);
    const logged = await central.trail(first.remediation);

    const second = await again(central, bucket);
    expect(second).toMatchObject({ outcome, remediation: first.remediation, reason: expect.stringContaining('Nothing is new since') });
    expect(ownCalls(central)).toEqual(['BatchGetItem', 'UpdateItem']);
    expect(central.told()).toEqual([]);
    expect(await central.trail(first.remediation)).toEqual(logged);
    expect(await again(central, bucket)).toMatchObject({ outcome, remediation: first.remediation });
  });

  it('takes one read and one small write where it is compliant', async () => {
    const central = await open();
    await central.deploy(inMode('fix'));
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    // While the detector of the fix is still to be asked, there is not even a write.
    expect(await again(central, bucket)).toMatchObject({ outcome: 'already-compliant', remediation });
    expect(ownCalls(central)).toEqual(['BatchGetItem']);
    central.clock.pass(72 * 3600);
    const first = await again(central, bucket);
    expect(first.outcome).toBe('already-compliant');
    expect(first.remediation).not.toBe(remediation);
    const second = await again(central, bucket);
    expect(second).toMatchObject({ outcome: 'already-compliant', remediation: first.remediation });
    expect(ownCalls(central)).toEqual(['BatchGetItem', 'UpdateItem']);
    // The resource was looked at.
    expect(central.emulator.gateway.calls.some(({ operation }) => operation === 'GetBucketVersioning')).toBe(true);
  });

  it('is counted, and so is the time of the last one', async () => {
    const central = await open();
    await central.deploy(inMode('observe'));
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    await again(central, bucket);
    await again(central, bucket);
    const item = await repeatIn(central);
    expect(item).toMatchObject({ findings: new Set([expect.any(String)]), last: central.clock.now().toISOString() });
    expect(
      Object.entries(item ?? {})
        .filter(([name]) => /^(count|remediation) /.test(name))
        .map(([, value]) => value)
        .toSorted(),
    ).toEqual([2, remediation].toSorted());
    expect(central.metrics().filter(({ Handled }) => Handled === 1)).toHaveLength(3);
  });

  it('is logged and published again after a week, and nobody is notified', async () => {
    const central = await open();
    await central.deploy(inMode('observe'));
    const bucket = await badBucket(central.account);
    const first = await central.find(bucket);
    central.clock.pass(7 * 24 * 3600);
    const renewed = await again(central, bucket);
    expect(renewed.remediation).not.toBe(first.remediation);
    expect(central.told()).toMatchObject([{ outcome: 'observed', repeated: true }]);
    expect(await again(central, bucket)).toMatchObject({ remediation: renewed.remediation });
    expect(central.told()).toEqual([]);
  });
});

describe('a report is handled in full', () => {
  async function observed(tags: Readonly<Record<string, string>> = {}) {
    const central = await open();
    await central.deploy(inMode('observe', { approvals: { approvers, fourEyes: false } }));
    const bucket = await badBucket(central.account, tags);
    const first = await central.find(bucket);
    await again(central, bucket);
    return { central, bucket, first };
  }
  const isNew = async (central: Central, bucket: string, first: { readonly remediation: string }, options = {}) => {
    const result = await again(central, bucket, options);
    expect(result.remediation).not.toBe(first.remediation);
    expect((await central.trail(result.remediation)).at(-1)).toMatchObject({ outcome: result.outcome });
    expect(central.told()).toHaveLength(1);
    return result;
  };

  it('where the policy decides otherwise', async () => {
    const { central, bucket, first } = await observed();
    await central.deploy(inMode('fix'));
    expect(await isNew(central, bucket, first)).toMatchObject({ outcome: 'fixed' });
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('where it decides the same for another reason', async () => {
    const { central, bucket, first } = await observed();
    await central.deploy(inMode('fix', { modes: { default: 'fix', clauses: [{ mode: 'observe', rules: ['s3-*'] }] } }));
    expect(await isNew(central, bucket, first)).toMatchObject({ outcome: 'observed', reason: expect.stringContaining('clauses[0]') });
  });

  it('not where the policy has changed in what does not concern it', async () => {
    const { central, bucket, first } = await observed();
    await central.deploy(inMode('observe', { limits: { all: { hour: 7 } }, notifications: { perMinute: 3 } }));
    expect(await again(central, bucket)).toMatchObject({ outcome: 'observed', remediation: first.remediation });
  });

  it('where the resource needs other changes', async () => {
    const { central, bucket, first } = await observed();
    const s3 = central.account.client(S3Client);
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    expect(await isNew(central, bucket, first)).toMatchObject({ outcome: 'observed' });
  });

  it('where the resource is exempt by now', async () => {
    const { central, bucket, first } = await observed();
    const Tagging = { TagSet: [{ Key: 'posture:exempt', Value: 'all until 2027-06-30' }] };
    await central.account.client(S3Client).send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging }));
    expect(await isNew(central, bucket, first)).toMatchObject({ outcome: 'exempt' });
  });

  it('where another finding reports it', async () => {
    const { central, bucket, first } = await observed();
    await isNew(central, bucket, first, { uuid: 'another-finding' });
  });

  it('where an operator requests it', async () => {
    const { central, bucket } = await observed();
    await central.order({ order: 'fix', rule: 's3-bucket-well-kept', resource: `arn:aws:s3:::${bucket}`, why: 'it is time' }, alice);
    const [result] = await central.delivered();
    expect(result).toMatchObject({ outcome: 'observed' });
    expect((await central.trail(result?.remediation ?? '')).map(({ kind }) => kind)).toEqual(['observed']);
  });

  it('where it was fixed in between, though it is now as it was before', async () => {
    const { central, bucket, first } = await observed();
    await central.deploy(inMode('fix'));
    expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
    await spoil(central.account, bucket);
    await central.deploy(inMode('observe'));
    expect(await isNew(central, bucket, first)).toMatchObject({ outcome: 'observed' });
  });

  it('where it waited for an approval in between', async () => {
    const { central, bucket, first } = await observed();
    await central.deploy(inMode('ask'));
    expect(await central.find(bucket)).toMatchObject({ outcome: 'awaiting-approval' });
    await central.deploy(inMode('observe'));
    expect(await isNew(central, bucket, first)).toMatchObject({ outcome: 'observed' });
  });

  it('where the exemption is about to expire: somebody has to know', async () => {
    const central = await open();
    await central.deploy(inMode('fix'));
    const bucket = await badBucket(central.account, { 'posture:exempt': 'all until 2027-06-30' });
    const first = await central.find(bucket);
    central.clock.goTo('2027-06-28T12:00:00Z');
    const soon = await central.find(bucket);
    expect(soon).toMatchObject({ outcome: 'exempt', reason: expect.stringContaining('expires soon') });
    expect(soon.remediation).not.toBe(first.remediation);
    expect(central.told().at(-1)?.repeated).toBeUndefined();
  });

  it('where what it needs to know can not be read', async () => {
    const { central, bucket } = await observed();
    const fault = central.emulator.gateway.fail({
      operation: 'GetBucketVersioning',
      account: central.account.account,
      as: 'access-denied',
      times: 1,
    });
    const result = await again(central, bucket);
    expect(fault.met).toBe(1);
    expect(result).toMatchObject({ outcome: 'observed' });
  });

  it('where it comes back: its remediation waits for its end', async () => {
    const central = await open();
    const more = { approvals: { approvers, fourEyes: false } };
    await central.deploy(inMode('fix', more));
    await central.order({ order: 'stop', why: 'a test of the stop' }, alice);
    const bucket = await badBucket(central.account);
    const waiting = await central.find(bucket);
    expect(waiting).toMatchObject({ outcome: 'deferred' });
    await central.deploy(inMode('observe', more));
    expect(await again(central, bucket)).toMatchObject({ outcome: 'observed' });
    expect(await central.due()).toMatchObject([{ outcome: 'observed', remediation: waiting.remediation }]);
    expect(await central.last(waiting.remediation)).toMatchObject({ kind: 'observed' });
  });

  it('where its result could not be recorded before', async () => {
    const central = await open();
    await central.deploy(inMode('observe'));
    const bucket = await badBucket(central.account);
    const fault = central.emulator.gateway.fail({ operation: 'PutItem', account: central.account.account, as: 'access-denied', times: 1 });
    const first = await central.find(bucket);
    expect(fault.met).toBe(1);
    await isNew(central, bucket, first);
  });
});

it('findings of two standards about one resource are both counted, each in its own remediation', async () => {
  const central = await open();
  await central.deploy(inMode('observe'));
  const bucket = await badBucket(central.account);
  const uuids = ['finding-a', 'finding-b'];
  const firsts = [];
  for (const uuid of uuids) firsts.push(await central.find(bucket, { uuid }));
  // The second one is not known yet when the first is recorded.
  for (const uuid of uuids) await again(central, bucket, { uuid });
  for (const [index, uuid] of uuids.entries()) {
    const result = await again(central, bucket, { uuid });
    expect(result.remediation).toBe(firsts[index]?.remediation);
    expect(central.told()).toEqual([]);
  }
});

it('a finding that is logged again each week takes no place from another', async () => {
  const central = await open();
  await central.deploy(inMode('observe'));
  const bucket = await badBucket(central.account);
  const other = await central.find(bucket, { uuid: 'other' });
  for (let week = 0; week < 13; week += 1) {
    central.clock.pass(7 * 24 * 3600);
    await central.find(bucket, { uuid: 'weekly' });
  }
  const renewed = await central.find(bucket, { uuid: 'other' });
  expect(renewed.remediation).not.toBe(other.remediation);
  expect(await again(central, bucket, { uuid: 'weekly' })).toMatchObject({ reason: expect.stringContaining('Nothing is new') });
  expect(await again(central, bucket, { uuid: 'other' })).toMatchObject({ remediation: renewed.remediation });
});
