import { readEvent } from '../../../functions/sources/read-event';
import { resources } from '../../events/resources';
import { securityHubCustomAction } from '../../events/security-hub';
import recorded from '../../events/security-hub-custom-action.json';
import { kinds, sought, versioning } from '../sought';

const { bucket, securityGroup } = resources();
const fault = { control: 'S3.14', resource: bucket } as const;

test('a recorded request for two findings gives each rule its own', () => {
  const forVersioning = readEvent(versioning, recorded, {});
  expect(forVersioning.findings).toEqual([
    expect.objectContaining({
      source: 'security-hub-custom-action',
      action: 'Fix with posture',
      detectedBy: 'S3.14',
      sentAt: '2026-03-02T14:05:12.000Z',
    }),
  ]);
  expect(forVersioning.refusals).toEqual([expect.objectContaining({ kind: 'ignored', findingId: recorded.detail.findings[1]?.Id })]);
  const forSsh = readEvent(sought(kinds.securityGroup, ['EC2.13']), recorded, {});
  expect(forSsh.findings).toEqual([
    expect.objectContaining({ detectedBy: 'EC2.13', resource: { kind: kinds.securityGroup, reported: { arn: securityGroup.arn } } }),
  ]);
});

test.each(['RESOLVED', 'SUPPRESSED'] as const)('a request for a finding that is %s is ignored, and says what to do', (workflow) => {
  expect(readEvent(versioning, securityHubCustomAction([{ ...fault, workflow }]), {})).toEqual({
    findings: [],
    refusals: [
      expect.objectContaining({ kind: 'ignored', code: 'workflow-status', reason: expect.stringMatching(`${workflow}.*set it to NEW`) }),
    ],
  });
});

test('one bad finding does not spoil the others', () => {
  const event = securityHubCustomAction([fault, fault]);
  const spoilt = { ...event, detail: { ...event.detail, findings: [{ Id: 7 }, event.detail.findings[0], null] } };
  const { findings, refusals } = readEvent(versioning, spoilt, {});
  expect(findings).toHaveLength(1);
  expect(refusals.map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual([
    expect.stringMatching(/^ignored: detail.findings\[0\].Id is 7/),
    expect.stringMatching(/^ignored: detail.findings\[2\] is null, and must be an object/),
  ]);
});

test('two findings of the same fault, of two standards, are one, and the second is called a duplicate', () => {
  const second = { ...fault, consolidated: false, standard: 'nist-800-53/v/5.0.0' } as const;
  const event = securityHubCustomAction([fault, second]);
  expect(readEvent(versioning, event, {})).toEqual({
    findings: [expect.objectContaining({ id: event.detail.findings[0]?.Id })],
    refusals: [expect.objectContaining({ kind: 'duplicate', code: 'duplicate', findingId: event.detail.findings[1]?.Id })],
  });
});

test('two controls about one resource are two', () => {
  const rule = sought(kinds.bucket, ['S3.14', 'S3.2']);
  const { findings } = readEvent(rule, securityHubCustomAction([fault, { ...fault, control: 'S3.2' }]), {});
  expect(findings.map(({ detectedBy }) => detectedBy)).toEqual(['S3.14', 'S3.2']);
});

test('a custom action of others is ignored', () => {
  expect(readEvent(versioning, securityHubCustomAction([fault], { actionId: 'SendToSlack' }), {})).toEqual({
    findings: [],
    refusals: [
      expect.objectContaining({ kind: 'ignored', code: 'other-action', reason: expect.stringContaining('action/custom/SendToSlack') }),
    ],
  });
});

test.each([
  ['of another account', 'arn:aws:securityhub:eu-west-1:999999999999:action/custom/PostureFix'],
  ['of another region', 'arn:aws:securityhub:us-east-1:111122223333:action/custom/PostureFix'],
  ['of another partition', 'arn:aws-cn:securityhub:eu-west-1:111122223333:action/custom/PostureFix'],
])('our custom action %s than the event is rejected', (_, arn) => {
  expect(readEvent(versioning, { ...securityHubCustomAction([fault]), resources: [arn] }, {})).toEqual({
    findings: [],
    refusals: [expect.objectContaining({ kind: 'invalid', code: 'foreign-action' })],
  });
});

test("a person's request in the administrator's account is for the finding's account", () => {
  const event = securityHubCustomAction([fault], { account: '999988887777', region: 'us-east-1' });
  expect(readEvent(versioning, event, { centralAccount: '999988887777' }).findings).toEqual([
    expect.objectContaining({ account: '111122223333', region: 'eu-west-1' }),
  ]);
  expect(readEvent(versioning, event, {}).findings).toEqual([]);
});

test('the name of the action is kept without what could mislead a reader', () => {
  const event = securityHubCustomAction([fault], { actionName: 'Fix\n\u202Exif' });
  expect(readEvent(versioning, event, {}).findings[0]?.action).toBe('Fixxif');
});
