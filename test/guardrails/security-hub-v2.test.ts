import { complianceFinding, importedV2 } from '../events/security-hub-v2';
import { badBucket, isKept } from './bucket';
import { approvers, type Central, unbounded, useCentral } from './central';

const { open } = useCentral();
const fix = { ...unbounded, modes: { default: 'fix' }, approvals: { fourEyes: false, approvers } };

/** A bucket with a finding in OCSF, which Security Hub has. `cspm` is the same one in the AWS Security Finding Format. */
async function reported(securityHub?: 'cspm' | 'v2' | 'both') {
  const central = await open();
  await central.deploy({ ...fix, ...(securityHub && { securityHub }) });
  const bucket = await badBucket(central.account);
  const { account, region } = central.account;
  const cspm = central.finding(bucket);
  const { Compliance } = cspm.detail.findings[0] as { readonly Compliance: { readonly SecurityControlId?: string } };
  const finding = complianceFinding({
    control: Compliance.SecurityControlId ?? '',
    resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}`, configId: bucket },
    account,
    region,
    firstSeen: central.clock.now().toISOString(),
  });
  const has = (more: object = {}) => central.emulator.gateway.securityHubV2.seed({ account, region }, { ...finding, ...more });
  has();
  return { central, bucket, cspm, finding, event: importedV2(finding), has };
}

const updates = ({ account, emulator }: Central) =>
  emulator.gateway.securityHubV2.updates.filter((one) => one.account === account.account).map(({ change }) => change);

describe('a finding of Security Hub in OCSF', () => {
  it('is fixed and In Progress, and Resolved after Security Hub itself has said Pass', async () => {
    const { central, bucket, event, finding, has } = await reported('v2');
    const [result] = (await central.send(event)).results;
    expect(result).toMatchObject({ outcome: 'fixed' });
    expect(await isKept(central.account, bucket)).toBe(true);
    const comment = expect.stringMatching(/^posture-remediator \d{4}-.*Z: Fixed by .*, remediation /);
    expect(updates(central)).toEqual([{ StatusId: 2, Comment: comment }]);
    expect(await central.trail(result?.remediation ?? '')).toMatchObject([{ source: 'security-hub-v2' }, {}]);

    const seen = new Date(central.clock.now().getTime() + 47 * 3_600_000).toISOString();
    has({
      status_id: 2,
      compliance: { ...finding.compliance, status: 'Pass', status_id: 1 },
      finding_info: { ...finding.finding_info, last_seen_time_dt: seen },
    });
    await central.hear();
    expect(updates(central)).toMatchObject([{ StatusId: 2 }, { StatusId: 4 }]);
    expect(await central.last(result?.remediation ?? '')).toMatchObject({ kind: 'confirmed' });
  });

  it('is disputed where Security Hub still says Fail, having looked later', async () => {
    const { central, event, finding, has } = await reported('v2');
    const [result] = (await central.send(event)).results;
    const seen = new Date(central.clock.now().getTime() + 47 * 3_600_000).toISOString();
    has({ status_id: 2, finding_info: { ...finding.finding_info, last_seen_time_dt: seen } });
    await central.hear();
    expect(await central.last(result?.remediation ?? '')).toMatchObject({ outcome: 'disputed' });
    expect(updates(central)).toHaveLength(1);
  });

  it('is left alone where somebody has suppressed it meanwhile', async () => {
    const { central, bucket, event, has } = await reported('v2');
    has({ status_id: 3, status: 'Suppressed' });
    expect((await central.send(event)).results).toMatchObject([
      { outcome: 'suppressed', reason: expect.stringContaining('suppressed in Security Hub') },
    ]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('has the fault left alone where only that of the other format is suppressed', async () => {
    const { central, bucket, cspm, has } = await reported('both');
    has({ status_id: 3, status: 'Suppressed' });
    expect((await central.send(cspm)).results).toMatchObject([{ outcome: 'suppressed' }]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('is logged as fixed although Security Hub does not take the update', async () => {
    const { central, event, finding } = await reported('v2');
    const unknown = structuredClone(event);
    Object.assign(unknown.detail.findings[0]?.metadata ?? {}, { uid: 'f'.repeat(64) });
    expect(finding.metadata.uid).not.toBe('f'.repeat(64));
    expect((await central.send(unknown)).results).toMatchObject([{ outcome: 'fixed' }]);
    expect(updates(central)).toEqual([]);
  });
});

describe('the feed that the policy chooses', () => {
  it.each([
    ['cspm by default', undefined, ['cspm']],
    ['cspm', 'cspm', ['cspm']],
    ['v2', 'v2', ['v2']],
    ['both', 'both', ['cspm', 'v2']],
  ] as const)('is heard alone: %s', async (_, securityHub, heard) => {
    const { central, cspm, event } = await reported(securityHub);
    for (const [feed, one] of Object.entries({ cspm, v2: event })) {
      const { results, refusals } = await central.send(one);
      if (heard.includes(feed as never)) expect(results).toHaveLength(1);
      else expect({ results, refusals }).toMatchObject({ results: [], refusals: [{ kind: 'ignored', code: 'other-feed' }] });
    }
  });

  it('is one remediation where both report a fault', async () => {
    const { central, cspm, event } = await reported('both');
    const [first] = (await central.send(cspm)).results;
    central.clock.pass(60);
    expect((await central.send(event)).results).toMatchObject([{ outcome: 'already-compliant', remediation: first?.remediation }]);
    expect(central.told().map(({ outcome }) => outcome)).toEqual(['fixed']);
  });
});
