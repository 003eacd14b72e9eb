import type { Rule } from '../../rules/rule';
import { guardDutyFinding } from '../events/service-finding';
import { badBucket, isKept } from './bucket';
import { approvers, bob, plantedRule, unbounded, useCentral } from './central';

const { open } = useCentral();
const type = 'Impact:S3/MaliciousIPCaller';
const response: Rule = {
  ...plantedRule,
  id: 's3-bucket-answered',
  risk: 'disruptive',
  response: true,
  detectedBy: { securityHub: [], config: [], guardDuty: { types: [type] } },
};
const why = 'a false alarm';
const policy = { ...unbounded, approvals: { fourEyes: false, approvers } };

/** A response that awaits an approval, and the policy beside its defaults. */
async function asked(responses: object, { seen }: { readonly seen?: string } = {}) {
  const central = await open({ rules: [response] });
  await central.deploy({ ...policy, responses });
  const { account, region } = central.account;
  const bucket = await badBucket(central.account);
  const event = guardDutyFinding({ type, account, region, resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` } });
  const eventLastSeen = seen ?? central.clock.now().toISOString();
  const about = { ...event, detail: { ...event.detail, service: { ...event.detail.service, eventLastSeen } } };
  const [result] = (await central.send(about, response)).results;
  expect(result?.outcome).toBe('awaiting-approval');
  const remediation = result?.remediation ?? '';
  /** What comes of it a quarter of an hour later. */
  const later = async () => {
    const requested = central.clock.now().getTime();
    const { at, results } = await central.comeBack();
    expect(at.getTime() - requested).toBeGreaterThanOrEqual(15 * 60_000 - 1000);
    expect(at.getTime() - requested).toBeLessThan(16 * 60_000);
    return results;
  };
  return { central, bucket, remediation, later };
}
const preauthorized = [{ types: ['Impact:S3/*'] }];

describe('the request for an approval of a response', () => {
  it('says until when it is to be answered, and is notified again as overdue if nobody does; nothing is changed', async () => {
    const { central, bucket, remediation, later } = await asked({});
    expect(central.told().at(-1)).toMatchObject({ deadline: { action: 'escalate' }, evidence: { lastSeenAt: expect.any(String) } });
    expect(central.told().at(-1)?.deadline?.passed).toBeUndefined();
    expect(await later()).toMatchObject([{ outcome: 'awaiting-approval', remediation }]);
    expect(central.told().at(-1)).toMatchObject({ outcome: 'awaiting-approval', remediation, deadline: { passed: true } });
    expect(await isKept(central.account, bucket)).toBe(false);
    // The approval still counts.
    await central.order({ order: 'approve', remediation }, bob);
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
  });

  it('is carried out then if the policy authorizes its type in advance, and the log says by what', async () => {
    const { central, bucket, remediation, later } = await asked({ preauthorized });
    expect(central.told().at(-1)).toMatchObject({ deadline: { action: 'fix' } });
    expect(await isKept(central.account, bucket)).toBe(false);
    expect(await later()).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(true);
    const planned = (await central.trail(remediation)).find(({ kind }) => kind === 'planned');
    expect(planned?.decision?.join('\n')).toMatch(/^mode: ask.*unanswered since .*, and authorized by responses\.preauthorized\[0\]$/m);
    expect(planned?.approvedBy).toBeUndefined();
  });

  it.each([
    ['another type', [{ types: ['Object:S3/*'] }]],
    ['another account', [{ types: ['*'], accounts: ['444455556666'] }]],
    ['another severity', [{ types: ['*'], severities: ['critical'] }]],
    ['an organizational unit that is not known', [{ types: ['*'], ous: ['ou-ab12-cdef3456'] }]],
  ])('is not carried out if the policy authorizes %s', async (_, clauses) => {
    const { central, bucket, later } = await asked({ preauthorized: clauses });
    expect(await later()).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('about an old finding is not authorized in advance', async () => {
    const { central, bucket, later } = await asked({ preauthorized }, { seen: '2026-11-23T12:00:00.000Z' });
    expect(central.told().at(-1)).toMatchObject({ deadline: { action: 'escalate' } });
    expect(await later()).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it.each(['reject', 'approve'])('that was answered with %s is neither escalated nor carried out', async (answer) => {
    const { central, bucket, remediation, later } = await asked({ preauthorized });
    await central.order({ order: answer, remediation, why }, bob);
    if (answer === 'approve') {
      expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
      await central.order({ order: 'rollback', remediation, why }, bob);
      expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back' }]);
    }
    const before = central.told().length;
    const [result] = await later();
    expect(result?.outcome).not.toBe('awaiting-approval');
    expect(await isKept(central.account, bucket)).toBe(false);
    expect(central.told().length).toBe(before);
  });

  it('is not carried out while responses are stopped, but after', async () => {
    const { central, bucket, later } = await asked({ preauthorized });
    await central.order({ order: 'stop', changes: 'responses', why: 'a drill' }, bob);
    expect(await later()).toMatchObject([{ outcome: 'deferred' }]);
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('is asked for afresh after a day', async () => {
    const { central, remediation, later } = await asked({});
    await later();
    const [fresh] = (await central.comeBack()).results;
    expect(fresh).toMatchObject({ outcome: 'awaiting-approval' });
    expect(fresh?.remediation).not.toBe(remediation);
    expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ statusCode: 409 });
  });
});
