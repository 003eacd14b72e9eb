/** What a test says of a request; the rest is that of a bucket without TLS. */
export interface RequestOptions {
  readonly requester?: string;
  readonly rule?: string;
  readonly arn?: string;
  readonly account?: string;
  readonly region?: string;
  readonly reference?: string;
  readonly detectedAt?: string;
  readonly evidence?: Readonly<Record<string, string>>;
  readonly time?: string;
  /** The account of the sender. */
  readonly sender?: string;
}

/** A request of another tool, as EventBridge delivers it from the bus for requests. */
export const remediationRequested = ({
  requester = 'siem',
  rule = 's3-bucket-tls-required',
  arn = 'arn:aws:s3:::reports',
  account = '111122223333',
  region = 'eu-west-1',
  reference = 'ALERT-2041',
  time = '2026-11-24T12:00:00Z',
  detectedAt = time,
  evidence = { technique: 'T1530', summary: 'An anonymous client listed the bucket.' },
  sender = '444455556666',
}: RequestOptions = {}) => ({
  version: '0',
  id: '6f5a2c1e-8a0b-4a51-9a52-3f0a9f8a2b11',
  'detail-type': 'Remediation Requested',
  source: `posture.finding.${requester}`,
  account: sender,
  time,
  region: 'eu-west-1',
  resources: [],
  detail: { version: '1', rule, resource: { arn, account, region }, reference, detectedAt, evidence },
});
