import type { LogEvent } from '../../functions/log/event';
import type { OutcomeNotice } from '../../functions/outcomes/outcome-event';

/** An event of the log as it could be, for tests of those who are told of it. */
export const logged = (over: Partial<LogEvent> = {}): LogEvent => ({
  remediation: '01JDA0000000000000000000AB',
  rule: 's3-bucket-tls-required',
  version: '0.1.0+aaaaaaaaaaaa',
  finding: 'arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.5/finding/f1',
  source: 'security-hub',
  detectedBy: 'S3.5',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  resource: 'arn:aws:s3:::reports',
  resourceType: 'AWS::S3::Bucket',
  sequence: 4,
  time: '2026-11-24T09:00:05.000Z',
  previous: 'a'.repeat(64),
  hash: 'b'.repeat(64),
  kind: 'verified',
  outcome: 'fixed',
  reason: "The rule's check passes after the change.",
  actor: 'arn:aws:iam::999988887777:role/posture-function-s3-bucket-tls-required',
  times: { detected: '2026-11-24T08:59:00.000Z', received: '2026-11-24T09:00:00.000Z', verified: '2026-11-24T09:00:05.000Z' },
  ...over,
});

export const told = (event: Partial<LogEvent> = {}, over: Partial<OutcomeNotice> = {}): OutcomeNotice => ({
  event: logged(event),
  rule: {
    id: 's3-bucket-tls-required',
    title: 'S3 buckets accept only requests over TLS',
    impact: 'Requests over plain HTTP are denied.',
    severity: 'medium',
    risk: 'safe',
    controls: ['S3.5'],
  },
  ...over,
});
