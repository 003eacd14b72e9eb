import type { LogEvent } from '../../functions/log/event';
import { configComplianceChange } from '../events/config';
import { badBucket, isKept, spoil } from './bucket';
import { approvers, type Central, unbounded, useCentral } from './central';

const { open } = useCentral();
const fix = { ...unbounded, modes: { default: 'fix' }, approvals: { fourEyes: false, approvers } };
const hour = 3_600_000;

type Finding = ReturnType<Central['finding']>['detail']['findings'][number];
interface Hub {
  readonly status?: 'PASSED' | 'FAILED' | 'WARNING';
  readonly workflow?: string;
  readonly record?: string;
  /** When Security Hub looked. */
  readonly observed?: Date;
  /** The Config rule of the control. */
  readonly configRule?: string;
}

/** What Security Hub has of a finding. */
function hubSays({ account, emulator }: Central, finding: Finding, hub: Hub): void {
  const { status = 'FAILED', workflow = 'NOTIFIED', record = 'ACTIVE', observed, configRule } = hub;
  emulator.gateway.securityHub.seed(account, {
    ...finding,
    Compliance: { ...finding.Compliance, Status: status },
    Workflow: { Status: workflow },
    RecordState: record,
    ...(observed && { LastObservedAt: observed.toISOString() }),
    ProductFields: configRule ? { 'RelatedAWSResources:0/name': configRule, 'RelatedAWSResources:0/type': 'AWS::Config::ConfigRule' } : {},
  });
}

const statuses = ({ account, emulator }: Central) =>
  emulator.gateway.securityHub.updates
    .filter((update) => update.account === account.account)
    .map(({ change }) => (change.Workflow as { readonly Status: string }).Status);

/** A bucket that is fixed, after a finding of Security Hub. */
async function fixed(before?: (central: Central, finding: Finding) => void) {
  const central = await open();
  await central.deploy(fix);
  const bucket = await badBucket(central.account);
  const event = central.finding(bucket);
  const [finding] = event.detail.findings as [Finding];
  before?.(central, finding);
  const [{ remediation, outcome } = { remediation: '', outcome: 'none' }] = (await central.send(event)).results;
  expect(outcome).toBe('fixed');
  return { central, bucket, event, finding, remediation, at: central.clock.now() };
}

const later = (at: Date, hours: number): Date => new Date(at.getTime() + hours * hour);
const kinds = (events: readonly LogEvent[]) => events.map(({ kind }) => kind);
const looksAt = async ({ looks }: Central) => (await looks()).map(({ at }) => at.getTime());

describe('after a verified fix', () => {
  it('the finding is NOTIFIED, and the detector is asked once, after twice its period', async () => {
    const { central, at, finding, event } = await fixed();
    expect(statuses(central)).toEqual(['NOTIFIED']);
    expect(await looksAt(central)).toEqual([later(at, 48).getTime()]);
    const [update] = central.emulator.gateway.securityHub.updates.filter(({ id }) => id === finding.Id);
    expect(update?.change.Note).toMatchObject({ Text: expect.stringContaining('Not RESOLVED until Security Hub itself says PASSED') });
    await central.send(event);
    expect(await looksAt(central)).toHaveLength(1);
  });

  it.each([
    ['and the finding is set to RESOLVED', 'NOTIFIED', ['NOTIFIED', 'RESOLVED'], 'The finding was set to RESOLVED.'],
    ['which Security Hub has set to RESOLVED by itself', 'RESOLVED', ['NOTIFIED'], 'The detector agrees.'],
  ])('the log says that the detector agrees, %s', async (_, workflow, set, sentence) => {
    const { central, finding, remediation, at } = await fixed();
    hubSays(central, finding, { status: 'PASSED', workflow, observed: later(at, 12) });
    central.emulator.gateway.clear();
    await central.hear();
    expect(statuses(central)).toEqual(set);
    expect(await central.last(remediation)).toMatchObject({ kind: 'confirmed', reason: expect.stringContaining(sentence) });
    expect(central.told().map(({ outcome }) => outcome)).toEqual(['confirmed']);
    const own = central.emulator.gateway.calls.filter(({ operation }) =>
      ['GetFindings', 'AcquireLease', 'ExecuteStatement'].includes(operation),
    );
    expect(own.map(({ operation }) => operation)).toEqual(['GetFindings', 'ExecuteStatement']);
    expect(await central.looks()).toEqual([]);
  });

  it('a detector that still says FAILED, having looked later, disputes it', async () => {
    const { central, finding, remediation, at } = await fixed();
    hubSays(central, finding, { observed: later(at, 24) });
    await central.hear();
    expect(await central.last(remediation)).toMatchObject({ kind: 'disputed', outcome: 'disputed' });
    expect(central.told().map(({ outcome }) => outcome)).toEqual(['fixed', 'disputed']);
    expect(statuses(central)).toEqual(['NOTIFIED']);
    expect(central.metrics().filter(({ Disputed }) => Disputed !== undefined)).toHaveLength(1);
    expect(await central.looks()).toEqual([]);
  });

  it.each<[string, (central: Central, finding: Finding, at: Date, bucket: string) => void]>([
    ['has not looked since', (central, finding) => hubSays(central, finding, {})],
    ['has looked a minute after the fix', (central, finding, at) => hubSays(central, finding, { observed: later(at, 1 / 60) })],
    [
      'has only renewed the finding, and not invoked the Config rule',
      (central, finding, at, bucket) => {
        hubSays(central, finding, { observed: later(at, 40), configRule: 'securityhub-kept-0c1e7b52' });
        const said = { rule: 'securityhub-kept-0c1e7b52', type: 'AWS::S3::Bucket', id: bucket, compliance: 'NON_COMPLIANT' } as const;
        central.emulator.gateway.config.say(central.account, { ...said, invoked: later(at, -1) });
      },
    ],
    ['has no verdict', (central, finding, at) => hubSays(central, finding, { status: 'WARNING', observed: later(at, 30) })],
  ])('a detector that %s is asked once more, and then left alone', async (_, says) => {
    const { central, finding, remediation, at, bucket } = await fixed();
    says(central, finding, at, bucket);
    await central.hear();
    expect(kinds(await central.trail(remediation))).not.toContain('unconfirmed');
    expect(await looksAt(central)).toEqual([later(at, 96).getTime()]);
    await central.hear();
    expect(await central.last(remediation)).toMatchObject({ kind: 'unconfirmed', code: expect.stringMatching(/^not-/) });
    expect(statuses(central)).toEqual(['NOTIFIED']);
    expect(central.told().map(({ outcome }) => outcome)).toEqual(['fixed', 'unconfirmed']);
    expect(await central.looks()).toEqual([]);
  });

  it('is disputed where the Config rule of the control was invoked later', async () => {
    const { central, finding, remediation, at, bucket } = await fixed();
    const rule = 'securityhub-kept-0c1e7b52';
    hubSays(central, finding, { observed: later(at, 1), configRule: rule });
    const said = { rule, type: 'AWS::S3::Bucket', id: bucket, compliance: 'NON_COMPLIANT' } as const;
    central.emulator.gateway.config.say(central.account, { ...said, invoked: later(at, 1) });
    await central.hear();
    expect(await central.last(remediation)).toMatchObject({ outcome: 'disputed' });
  });

  it.each<[string, Hub | undefined, string]>([
    ['suppressed', { workflow: 'SUPPRESSED' }, 'finding-suppressed'],
    ['archived', { record: 'ARCHIVED' }, 'finding-archived'],
    ['deleted', undefined, 'finding-deleted'],
  ])('a finding that is %s meanwhile is left as it is', async (_, hub, code) => {
    const { central, finding, remediation } = await fixed();
    if (hub) hubSays(central, finding, hub);
    else central.emulator.gateway.securityHub.missing.add(finding.Id);
    await central.hear();
    expect(await central.last(remediation)).toMatchObject({ kind: 'unconfirmed', code });
    expect(statuses(central)).toEqual(['NOTIFIED']);
  });

  it('a detector that can’t be asked is asked again until it can', async () => {
    const { central, finding, remediation, at } = await fixed();
    hubSays(central, finding, { status: 'PASSED', observed: later(at, 12) });
    const fault = central.emulator.gateway.fail({
      operation: 'GetFindings',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    await central.hear();
    expect(kinds(await central.trail(remediation))).not.toContain('unconfirmed');
    fault.cancel();
    await central.hear();
    expect(await central.last(remediation)).toMatchObject({ kind: 'confirmed' });
  });
});

describe('the look at the detector', () => {
  it('that is delivered twice says it once', async () => {
    const { central, finding, remediation, at } = await fixed();
    hubSays(central, finding, { observed: later(at, 24) });
    const [schedule] = await central.looks();
    await central.hear();
    const before = await central.trail(remediation);
    await central.send(JSON.parse(schedule?.input ?? '{}'));
    expect(await central.trail(remediation)).toEqual(before);
  });

  it('of a remediation that is rolled back meanwhile ends quietly', async () => {
    const { central, finding, remediation, at } = await fixed();
    hubSays(central, finding, { status: 'PASSED', observed: later(at, 12) });
    expect(await central.order({ order: 'rollback', remediation, why: 'It broke the upload.' })).toMatchObject({ done: true });
    await central.delivered();
    const before = await central.trail(remediation);
    expect(before.at(-1)).toMatchObject({ kind: 'rolled-back' });
    await central.hear();
    expect(await central.trail(remediation)).toEqual(before);
    expect(statuses(central)).toEqual(['NOTIFIED']);
  });

  it('finds a resource that others have changed back, and handles it as a new finding', async () => {
    const { central, finding, remediation, at, bucket } = await fixed();
    hubSays(central, finding, { observed: later(at, 24) });
    await spoil(central.account, bucket);
    const results = await central.hear();
    expect(results).toMatchObject([{ outcome: 'fixed' }]);
    expect(results[0]?.remediation).not.toBe(remediation);
    expect(await isKept(central.account, bucket)).toBe(true);
    expect(kinds(await central.trail(remediation))).not.toContain('disputed');
    expect(await central.last(remediation)).toMatchObject({
      kind: 'unconfirmed',
      code: 'changed-since',
      reason: expect.stringContaining(results[0]?.remediation ?? 'none'),
    });
    expect(statuses(central)).toEqual(['NOTIFIED', 'NOTIFIED']);
    expect(await looksAt(central)).toHaveLength(1);
  });

  it('of an earlier remediation leaves the answer to that of the later one', async () => {
    const { central, finding, remediation, at, bucket } = await fixed();
    const [first] = await central.looks();
    await spoil(central.account, bucket);
    central.clock.pass(3600);
    const { remediation: second, outcome } = await central.find(bucket, { uuid: finding.Id.split('/').at(-1) as string });
    expect(outcome).toBe('fixed');
    hubSays(central, finding, { status: 'PASSED', observed: later(at, 24) });
    await central.send(JSON.parse(first?.input ?? '{}'));
    expect(await central.last(remediation)).toMatchObject({
      kind: 'unconfirmed',
      code: 'changed-since',
      reason: expect.stringContaining(second),
    });
    central.clock.goTo(later(at, 60));
    await central.due();
    expect(await central.last(second)).toMatchObject({ kind: 'confirmed' });
  });

  it('asks the Config rule of a finding of AWS Config', async () => {
    const central = await open();
    await central.deploy(fix);
    const [agreed, disputed] = [await badBucket(central.account), await badBucket(central.account)];
    const say = (bucket: string, compliance: 'COMPLIANT' | 'NON_COMPLIANT') =>
      central.emulator.gateway.config.say(central.account, {
        rule: 'bucket-well-kept',
        type: 'AWS::S3::Bucket',
        id: bucket,
        compliance,
        invoked: later(central.clock.now(), 24),
      });
    const trails: string[] = [];
    for (const [bucket, compliance] of [
      [agreed, 'COMPLIANT'],
      [disputed, 'NON_COMPLIANT'],
    ] as const) {
      const event = configComplianceChange({
        rule: 'bucket-well-kept',
        resourceType: 'AWS::S3::Bucket',
        resourceId: bucket,
        account: central.account.account,
      });
      const { results } = await central.send(event);
      expect(results).toMatchObject([{ outcome: 'fixed' }]);
      trails.push(results[0]?.remediation ?? '');
      say(bucket, compliance);
    }
    central.clock.pass(49 * 3600);
    await central.due();
    expect((await Promise.all(trails.map(central.last))).map((event) => event?.kind)).toEqual(['confirmed', 'disputed']);
    expect(statuses(central)).toEqual([]);
  });

  it('follows a finding by which nothing was to change, too', async () => {
    const { central, bucket, at } = await fixed();
    central.clock.goTo(later(at, 49));
    await central.due();
    central.clock.goTo(later(at, 98));
    await central.due();
    const event = central.finding(bucket);
    const [finding] = event.detail.findings as [Finding];
    const { results } = await central.send(event);
    expect(results).toMatchObject([{ outcome: 'already-compliant' }]);
    hubSays(central, finding, { workflow: 'NEW', observed: later(central.clock.now(), 24) });
    await central.hear();
    expect(await central.last(results[0]?.remediation ?? '')).toMatchObject({ outcome: 'disputed' });
    expect(statuses(central)).toEqual(['NOTIFIED']);
  });
});

describe('a second report of a fault', () => {
  it('that is our own update begins nothing', async () => {
    const { central, event, remediation, at } = await fixed();
    central.clock.pass(60);
    const own = structuredClone(event) as { detail: { findings: Record<string, unknown>[] } };
    Object.assign(own.detail.findings[0] ?? {}, {
      Workflow: { Status: 'NOTIFIED' },
      Note: { Text: 'Fixed', UpdatedBy: 'posture-remediator', UpdatedAt: at.toISOString() },
    });
    const before = await central.trail(remediation);
    expect(await central.send(own)).toMatchObject({ results: [], refusals: [{ kind: 'ignored', code: 'own-update' }] });
    expect(await central.trail(remediation)).toEqual(before);
  });

  it.each([
    ['by another note', { Note: { Text: 'ours', UpdatedBy: 'somebody', UpdatedAt: '2026-11-24T12:01:00Z' } }],
    ['with a note that can’t be read', { Note: 7 }],
    ['that the control has updated since', { UpdatedAt: '2026-11-25T12:00:00.000Z' }],
    ['that is NEW again', { Workflow: { Status: 'NEW' } }],
  ])('is heard %s', async (_, more) => {
    const { central, event, bucket, at } = await fixed();
    await spoil(central.account, bucket);
    const other = structuredClone(event) as { detail: { findings: Record<string, unknown>[] } };
    const Note = { Text: 'Fixed', UpdatedBy: 'posture-remediator', UpdatedAt: at.toISOString() };
    Object.assign(other.detail.findings[0] ?? {}, { Workflow: { Status: 'NOTIFIED' }, Note, ...more });
    expect((await central.send(other)).results).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('by Security Hub and AWS Config is one remediation, and a stale one disputes nothing', async () => {
    const { central, bucket, event, remediation } = await fixed();
    const before = await central.trail(remediation);
    central.clock.pass(60);
    const config = configComplianceChange({
      rule: 'bucket-well-kept',
      resourceType: 'AWS::S3::Bucket',
      resourceId: bucket,
      account: central.account.account,
    });
    for (const report of [config, event]) {
      expect((await central.send(report)).results).toMatchObject([{ outcome: 'already-compliant', remediation }]);
    }
    expect(await central.trail(remediation)).toEqual(before);
    expect(central.told().map(({ outcome }) => outcome)).toEqual(['fixed']);
    expect(await looksAt(central)).toHaveLength(1);
  });
});
