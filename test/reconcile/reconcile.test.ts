import type { Context } from 'aws-lambda';
import { reconcileHandler } from '../../functions/reconcile/handler';
import { isReceived } from '../../functions/reconcile/received';
import { badBucket, isKept } from '../guardrails/bucket';
import { type Central, plantedRule, unbounded, useCentral } from '../guardrails/central';

const { open } = useCentral();
const context = { getRemainingTimeInMillis: () => 900_000 } as Context;
const observe = { ...unbounded, modes: { default: 'observe' } };

async function reconciling(policy: object = observe, max = 100) {
  const central = await open();
  await central.deploy(policy);
  process.env.MAX_FINDINGS = String(max);
  process.env.AWS_REGION = central.account.region;
  const handler = reconcileHandler([plantedRule], central.clock);
  return { central, run: (left = context) => handler({ any: 'event' }, left) };
}

/** Security Hub has a failed finding about the bucket, of an evaluation some hours ago. */
function report(central: Central, bucket: string, change: object = {}, uuid = bucket): unknown {
  const event = central.finding(bucket, { uuid });
  const [finding] = event.detail.findings as readonly { readonly Id: string; readonly ProductArn: string }[];
  if (!finding) throw new Error('The event has no finding.');
  const UpdatedAt = new Date(central.clock.now().getTime() - 2 * 3_600_000).toISOString();
  const seeded = { ...finding, CreatedAt: UpdatedAt, FirstObservedAt: UpdatedAt, UpdatedAt, ...change };
  central.emulator.gateway.securityHub.seed(central.account, seeded);
  return seeded;
}

const events = (central: Central) => central.messages().map(({ event }) => event);

/** What was fed in reaches the function of the rule, one after another: they would wait for each other. */
async function feed(central: Central) {
  const results: Awaited<ReturnType<Central['send']>>['results'][number][] = [];
  for (const event of events(central)) results.push(...(await central.send(event)).results);
  return results;
}

describe('an open finding of Security Hub that was not received', () => {
  it('is fed in as an event, once, and counted', async () => {
    const { central, run } = await reconciling();
    const bucket = await badBucket(central.account);
    report(central, bucket);
    expect(await run()).toEqual({ read: 1, notReceived: 1, fedIn: 1, unread: [] });
    expect(central.metrics()).toContainEqual(expect.objectContaining({ Rule: 'reconcile', NotReceived: 1 }));
    expect(await feed(central)).toMatchObject([{ outcome: 'observed' }]);
    expect(await run()).toEqual({ read: 1, notReceived: 0, fedIn: 0, unread: [] });
    expect(events(central)).toEqual([]);
  });

  it('is fixed as if it had been', async () => {
    const { central, run } = await reconciling({ ...unbounded, modes: { default: 'fix' } });
    const bucket = await badBucket(central.account);
    report(central, bucket);
    await run();
    expect(await feed(central)).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it.each([
    ['passed', { Compliance: { Status: 'PASSED', SecurityControlId: 'S3.999' } }],
    ['archived', { RecordState: 'ARCHIVED' }],
    ['suppressed', { Workflow: { Status: 'SUPPRESSED' } }],
    ['resolved', { Workflow: { Status: 'RESOLVED' } }],
    ['of another control', { Compliance: { Status: 'FAILED', SecurityControlId: 'S3.998' }, GeneratorId: 'security-control/S3.998' }],
    ['of another product', { ProductArn: 'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default' }],
  ])('is left if it is %s', async (_, change) => {
    const { central, run } = await reconciling();
    report(central, 'any', change);
    expect(await run()).toMatchObject({ read: 0, notReceived: 0 });
  });

  it('is left for an hour: its event may be on its way', async () => {
    const { central, run } = await reconciling();
    report(central, 'any', { UpdatedAt: central.clock.now().toISOString() });
    expect(await run()).toMatchObject({ read: 0 });
    central.clock.pass(3600);
    expect(await run()).toMatchObject({ notReceived: 1 });
  });

  it('waits for the next days beyond the maximum, and none is lost', async () => {
    const { central, run } = await reconciling(observe, 2);
    const buckets = await Promise.all(Array.from({ length: 5 }, () => badBucket(central.account)));
    for (const bucket of buckets) report(central, bucket);
    const found: unknown[] = [];
    for (const notReceived of [5, 3, 1, 0]) {
      expect(await run()).toMatchObject({ notReceived, fedIn: Math.min(2, notReceived) });
      found.push(...(await feed(central)));
      central.clock.pass(24 * 3600);
    }
    expect(found).toHaveLength(5);
  });

  it('is read on every page', async () => {
    const { central, run } = await reconciling(observe, 200);
    for (let index = 0; index < 120; index += 1) report(central, `bucket-${index}`);
    expect(await run()).toEqual({ read: 120, notReceived: 120, fedIn: 120, unread: [] });
  });
});

describe('a noncompliant resource of AWS Config', () => {
  const noncompliant = (central: Central, name: string, ids: readonly string[], rule: object = {}) => {
    const recordedAt = central.clock.now().getTime() / 1000 - 7200;
    const resources = ids.map((id) => ({ type: 'AWS::S3::Bucket', id, recordedAt }));
    central.emulator.gateway.configRules.deploy(central.account, {
      name,
      owner: 'AWS',
      identifier: 'BUCKET_WELL_KEPT',
      noncompliant: resources,
      ...rule,
    });
  };

  it('is fed in, whatever the name of its Config rule', async () => {
    const { central, run } = await reconciling();
    const buckets = await Promise.all(Array.from({ length: 3 }, () => badBucket(central.account)));
    for (const name of ['Acme-1', 'Acme-2', 'bucket-well-kept']) noncompliant(central, name, buckets);
    expect(await run()).toMatchObject({ read: 9, notReceived: 9, fedIn: 9, unread: [] });
    const results = await feed(central);
    expect(results.map(({ outcome }) => outcome)).toEqual(Array(9).fill('observed'));
    expect(await run()).toMatchObject({ read: 9, notReceived: 0 });
  });

  it('is not fed in again each day where a periodic rule only repeats itself', async () => {
    const { central, run } = await reconciling();
    const bucket = await badBucket(central.account);
    noncompliant(central, 'Acme', [bucket]);
    await run();
    await feed(central);
    central.clock.pass(3 * 24 * 3600);
    noncompliant(central, 'Acme', [bucket]);
    expect(await run()).toMatchObject({ read: 1, notReceived: 0 });
  });

  it.each([
    ['a custom rule', 'bucket-well-kept', { owner: 'CUSTOM_LAMBDA' }],
    ['another managed rule', 'bucket-well-kept', { identifier: 'S3_BUCKET_VERSIONING_ENABLED' }],
    ['a rule of Security Hub, which has a finding', 'securityhub-bucket-well-kept-fe95bf3f', {}],
  ])('of %s is left', async (_, name, rule) => {
    const { central, run } = await reconciling();
    noncompliant(central, name, ['any'], rule);
    expect(await run()).toMatchObject({ read: 0, fedIn: 0 });
  });
});

describe('a source that can not be read', () => {
  it.each([
    ['GetFindings', 'Security Hub'],
    ['GetComplianceDetailsByConfigRule', 'AWS Config'],
  ])('(%s) does not hide the other, and is named and counted', async (operation, source) => {
    const { central, run } = await reconciling();
    const bucket = await badBucket(central.account);
    report(central, bucket);
    central.emulator.gateway.configRules.deploy(central.account, {
      name: 'Acme',
      owner: 'AWS',
      identifier: 'BUCKET_WELL_KEPT',
      noncompliant: [{ type: 'AWS::S3::Bucket', id: bucket, recordedAt: central.clock.now().getTime() / 1000 - 7200 }],
    });
    const fault = central.emulator.gateway.fail({ operation, as: 'access-denied', times: Number.POSITIVE_INFINITY });
    expect(await run()).toMatchObject({ read: 1, fedIn: 1, unread: [expect.stringContaining(`${source}: `)] });
    expect(central.metrics()).toContainEqual(expect.objectContaining({ NotReconciled: 1 }));
    fault.cancel();
  });

  it('for want of time ends the run, which says so', async () => {
    const { central, run } = await reconciling();
    report(central, 'any');
    expect(await run({ getRemainingTimeInMillis: () => 20_000 } as Context)).toEqual({
      read: 0,
      notReceived: 0,
      fedIn: 0,
      unfinished: true,
      unread: [],
    });
  });
});

describe('a report is heard', () => {
  const at = (day: number) => new Date(Date.UTC(2026, 10, day));
  const last = (day: number, outcome?: string) => ({ time: at(day).toISOString(), ...(outcome && { outcome: outcome as never }) });

  it.each([
    ['never, without a record', undefined, 5, 1, false],
    ['by a record since its detection', last(3, 'observed'), 5, 1, true],
    ['by an open remediation', last(3), 5, 1, true],
    ['not by a record before its detection', last(1, 'observed'), 5, 2, false],
    ['by a fix that the detector has not seen', last(4, 'fixed'), 5, 1, true],
    ['not by a fix that the detector has seen', last(3, 'fixed'), 5, 1, false],
    ['not by a compliance of long ago', last(1, 'already-compliant'), 5, 1, false],
    ['not by an absence of long ago', last(1, 'resource-not-found'), 5, 1, false],
  ] as const)('%s', (_, record, evaluated, since, heard) => {
    expect(isReceived({ evaluatedAt: at(evaluated), since: at(since) }, record)).toBe(heard);
  });
});
