/** A compliance finding of Security Hub in the Open Cybersecurity Schema Framework (class 2003), and how it is read. */
export interface OcsfForm {
  readonly form: string;
  readonly finding: object;
  /** What is read of it, or why nothing is. */
  readonly expected: { readonly parameters?: Readonly<Record<string, string>>; readonly status?: string } | { readonly problem: RegExp };
}

const group = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1234123f';

export const ocsfFinding = {
  class_uid: 2003,
  activity_id: 1,
  status_id: 1,
  cloud: { account: { uid: '111122223333' }, region: 'eu-west-1' },
  compliance: { control: 'EC2.18', status: 'Fail', status_id: 3 },
  finding_info: {
    uid: 'arn:aws:securityhub:eu-west-1:111122223333:security-control/EC2.18/finding/a',
    created_time_dt: '2026-11-01T09:30:00.123Z',
    modified_time_dt: '2026-11-20T09:30:00.123Z',
  },
  metadata: { product: { uid: 'arn:aws:securityhub:eu-west-1::productv2/aws/securityhub' } },
  resources: [{ uid: 'sg-1234123f', uid_alt: group, type: 'AWS::EC2::SecurityGroup', region: 'eu-west-1', cloud_partition: 'aws' }],
} as const;

const judgedBy = (control_parameters: unknown) => ({ ...ocsfFinding, compliance: { ...ocsfFinding.compliance, control_parameters } });
const ports = 'authorizedTcpPorts';
const unread = { problem: /without a readable "compliance\.control_parameters/ };

/**
 * `control_parameters` is a list of `key_value_object`: https://github.com/ocsf/ocsf-schema/blob/main/objects/key_value_object.json has a name, and
 * at least one of `value`, a text, and `values`, a list of texts. No capture shows what Security Hub writes there, so anything else is not read.
 */
const ofParameters: readonly OcsfForm[] = [
  { form: 'no parameters', finding: ocsfFinding, expected: {} },
  { form: 'an empty list', finding: judgedBy([]), expected: { parameters: {} } },
  { form: 'a value', finding: judgedBy([{ name: ports, value: '443' }]), expected: { parameters: { [ports]: '443' } } },
  { form: 'values', finding: judgedBy([{ name: ports, values: ['443', '8443'] }]), expected: { parameters: { [ports]: '443,8443' } } },
  { form: 'no values', finding: judgedBy([{ name: ports, values: [] }]), expected: { parameters: { [ports]: '' } } },
  {
    form: 'a value and the same values',
    finding: judgedBy([{ name: ports, value: '443,8443', values: ['443', '8443'] }]),
    expected: { parameters: { [ports]: '443,8443' } },
  },
  {
    form: 'a value and other values',
    finding: judgedBy([{ name: ports, value: '443', values: ['443', '8443'] }]),
    expected: unread,
  },
  {
    form: 'a name twice',
    finding: judgedBy([
      { name: ports, value: '443' },
      { name: ports, value: '8443' },
    ]),
    expected: unread,
  },
  {
    form: 'a name twice, in another case',
    finding: judgedBy([
      { name: ports, value: '443' },
      { name: ports.toUpperCase(), value: '8443' },
    ]),
    expected: unread,
  },
  { form: 'neither a value nor values', finding: judgedBy([{ name: ports }]), expected: unread },
  { form: 'no name', finding: judgedBy([{ value: '443' }]), expected: unread },
  { form: 'a number', finding: judgedBy([{ name: ports, value: 443 }]), expected: unread },
  { form: 'numbers', finding: judgedBy([{ name: ports, values: [443] }]), expected: unread },
  { form: 'an object', finding: judgedBy({ [ports]: ['443'] }), expected: unread },
  { form: 'a text', finding: judgedBy(`${ports}=443`), expected: unread },
  { form: 'null', finding: judgedBy(null), expected: unread },
];

const withStatus = (compliance: object) => ({ ...ocsfFinding, compliance: { control: 'EC2.18', ...compliance } });
const unknown = { problem: /compliance status/ };

const ofStatuses: readonly OcsfForm[] = [
  { form: 'the number alone', finding: withStatus({ status_id: 3 }), expected: {} },
  { form: 'the text alone', finding: withStatus({ status: 'FAIL' }), expected: {} },
  { form: 'passed, by the text alone', finding: withStatus({ status: 'pass' }), expected: { status: 'PASSED' } },
  { form: 'passed', finding: withStatus({ status: 'Pass', status_id: 1 }), expected: { status: 'PASSED' } },
  { form: 'a warning', finding: withStatus({ status: 'Warning', status_id: 2 }), expected: { status: 'WARNING' } },
  { form: 'no status', finding: withStatus({}), expected: unknown },
  { form: 'a status of tomorrow', finding: withStatus({ status: 'Broken' }), expected: unknown },
  { form: 'what every object has', finding: withStatus({ status: 'constructor' }), expected: unknown },
  { form: 'another number', finding: withStatus({ status: 'Other', status_id: 99 }), expected: unknown },
  { form: 'a text against the number', finding: withStatus({ status: 'Fail', status_id: 1 }), expected: unknown },
];

const ofClasses: readonly OcsfForm[] = [
  { form: 'another class', finding: { ...ocsfFinding, class_uid: 2004 }, expected: { problem: /Its class is 2004/ } },
  { form: 'no control', finding: { ...ocsfFinding, compliance: { status_id: 3 } }, expected: { problem: /"compliance\.control"/ } },
];

export const ocsfForms: readonly OcsfForm[] = [...ofParameters, ...ofStatuses, ...ofClasses];

/** Fields that may be absent, and their other values: what is read of each is known. */
export const ocsfVariants: readonly object[] = [
  ...ocsfForms.map(({ finding }) => finding),
  ...[0, 2, 3, 4, 5, 6, 99, undefined].map((status_id) => ({ ...ocsfFinding, status_id })),
  { ...ocsfFinding, activity_id: 3 },
  { ...ocsfFinding, time: 1_763_631_005_000, finding_info: { uid: 'a' } },
  { ...ocsfFinding, finding_info: { uid: 'a', created_time: 1_763_631_005_000 } },
  { ...ocsfFinding, finding_info: { uid: 'a', first_seen_time_dt: '2026-10-01T09:30:00Z', created_time_dt: '2026-11-01T09:30:00Z' } },
  { ...ocsfFinding, finding_info: { uid: 'a' } },
  ...[
    { type: 'AWS::::Account', uid: '111122223333' },
    { type: 'AWS::::Account', uid: 'me' },
    { type: 'AWS::S3::Bucket', uid: '111122223333' },
    { type: 'AWS::S3::Bucket', uid: 'shop', uid_alt: 'other' },
    { type: 'AWS::S3::Bucket', uid_alt: 'other' },
    { type: 'AWS::S3::Bucket' },
    { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', uid: 'a' },
  ].map((resource) => ({ ...ocsfFinding, resources: [resource] })),
];
