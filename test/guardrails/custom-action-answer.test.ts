import { hasToKnow } from '../../functions/outcomes/to-know';
import { type ControlFinding, securityHubCustomAction } from '../events/security-hub';
import { badBucket } from './bucket';
import { approvers, type Central, unbounded, useCentral } from './central';

const { open } = useCentral();
const anybody = 'security-hub-custom-action';
const policy = { ...unbounded, modes: { default: 'ask' }, approvals: { approvers: [{ principals: [anybody] }] } };

const chosen = (central: Central, actionId: string, bucket: string, more: Partial<ControlFinding> = {}) =>
  securityHubCustomAction(
    [
      {
        control: 'S3.999',
        resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` },
        account: central.account.account,
        ...more,
      },
    ],
    { actionId, actionName: actionId, account: central.account.account },
  );

/** Security Hub, "Insight Results": what a person sends from the list of an insight. */
const onInsight = (central: Central, actionId: string) => {
  const { detail: _, ...event } = chosen(central, actionId, 'records');
  return {
    ...event,
    'detail-type': 'Security Hub Insight Results',
    detail: {
      actionName: actionId,
      actionDescription: 'Puts right what the finding reports',
      insightArn: `arn:aws:securityhub:eu-west-1:${central.account.account}:insight/custom/one`,
      insightName: 'Buckets with the most findings',
      resultType: 'ResourceId',
      insightResults: [{ 'arn:aws:s3:::records': 12 }],
    },
  };
};

const answersOf = (central: Central) => central.told().filter(({ outcome }) => outcome === 'request-refused');

describe('a custom action that leads to nothing is answered, in the log and to people', () => {
  it.each<[string, Partial<ControlFinding>, string, string]>([
    ['on a suppressed finding', { workflow: 'SUPPRESSED' }, 'workflow-status', 's3-bucket-well-kept'],
    ['on a resolved finding', { workflow: 'RESOLVED' }, 'workflow-status', 's3-bucket-well-kept'],
    ['on a finding that has passed', { status: 'PASSED' }, 'not-failed', 's3-bucket-well-kept'],
    ['on an archived finding', { recordState: 'ARCHIVED' }, 'not-active', 's3-bucket-well-kept'],
    ['on a finding of a control that no rule fixes', { control: 'S3.77' }, 'other-control', 'posture'],
    [
      'on a resource that no rule fixes',
      { resource: { type: 'AWS::SNS::Topic', arn: 'arn:aws:sns:eu-west-1:111122223333:a' } },
      'other-resource-type',
      's3-bucket-well-kept',
    ],
  ])('to fix, %s', async (_, more, code, rule) => {
    const central = await open();
    await central.deploy(policy);
    const event = chosen(central, 'PostureFix', 'records', more);
    const [finding] = event.detail.findings;
    expect(await central.control(event, 'custom-actions')).toMatchObject([{ done: false, refused: 'invalid', code }]);
    const [told, ...others] = answersOf(central);
    expect(others).toEqual([]);
    expect(told).toMatchObject({ outcome: 'request-refused', code, actor: anybody, finding: finding?.Id, rule: { id: rule } });
    expect(told && hasToKnow(told)).toBe(true);
    expect(await central.trail(told?.remediation ?? '')).toMatchObject([{ kind: 'request-refused', code, finding: finding?.Id }]);
  });

  it('to fix, on a finding of another product', async () => {
    const central = await open();
    await central.deploy(policy);
    const event = chosen(central, 'PostureFix', 'records');
    const ProductArn = `arn:aws:securityhub:eu-west-1:${central.account.account}:product/${central.account.account}/default`;
    const foreign = { ...event, detail: { ...event.detail, findings: [{ ...event.detail.findings[0], ProductArn }] } };
    await central.control(foreign, 'custom-actions');
    expect(answersOf(central)).toMatchObject([{ code: 'untrusted-product', finding: 'none' }]);
  });

  it('but is not answered where the function of the rule handles it', async () => {
    const central = await open();
    await central.deploy(policy);
    const event = chosen(central, 'PostureFix', await badBucket(central.account));
    expect(await central.control(event, 'custom-actions')).toEqual([]);
    expect(central.told()).toEqual([]);
    expect((await central.send(event)).results).toMatchObject([{ outcome: 'awaiting-approval' }]);
  });

  it.each([
    ['PostureApprove', 'not-awaiting-approval'],
    ['PostureReject', 'not-awaiting-approval'],
    ['PostureRollback', 'nothing-to-roll-back'],
  ])('%s, where there is nothing to do', async (action, code) => {
    const central = await open();
    await central.deploy(policy);
    const event = chosen(central, action, 'records');
    await central.control(event, 'custom-actions');
    expect(answersOf(central)).toMatchObject([{ code, finding: event.detail.findings[0]?.Id, reason: expect.stringContaining('has no') }]);
  });

  it.each(['PostureFix', 'PostureApprove', 'PostureReject', 'PostureRollback'])('%s, on an insight', async (action) => {
    const central = await open();
    await central.deploy(policy);
    expect(await central.control(onInsight(central, action), 'custom-actions')).toMatchObject([{ done: false, code: 'insight-results' }]);
    expect(answersOf(central)).toMatchObject([
      { code: 'insight-results', reason: expect.stringContaining(`The custom action ${action} was used on an insight.`) },
    ]);
  });

  it('once, where the refusal is in the log of a remediation', async () => {
    const central = await open();
    await central.deploy({ ...policy, approvals: { approvers } });
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket, { firstObservedAt: '2026-03-01T09:30:00.123Z' });
    await central.control(chosen(central, 'PostureReject', bucket), 'custom-actions');
    expect(answersOf(central)).toMatchObject([{ remediation, code: 'not-an-approver' }]);
  });

  it('not for another account', async () => {
    const central = await open();
    await central.deploy(policy);
    const forged = { ...onInsight(central, 'PostureFix'), account: '999988887777' };
    await expect(central.control(forged, 'custom-actions')).rejects.toThrow('is not a valid request for');
    expect(central.told()).toEqual([]);
  });
});
