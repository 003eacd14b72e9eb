/** A compliance finding of Security Hub in the Open Cybersecurity Schema Framework (class 2003), and how it is read. */
export interface OcsfForm {
  readonly form: string;
  readonly finding: object;
  /** What is read of it, or why nothing is. */
  readonly expected: { readonly parameters?: Readonly<Record<string, string>> } | { readonly refused: RegExp };
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
const unread = { refused: /detail\.findings\[0\]\.compliance\.control_parameters.* is .*, and must be / };

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
const unknown = { refused: /compliance is .*, and must be of the status Pass, Warning or Fail/ };

const ofStatuses: readonly OcsfForm[] = [
  { form: 'the number alone', finding: withStatus({ status_id: 3 }), expected: {} },
  { form: 'the text alone', finding: withStatus({ status: 'FAIL' }), expected: {} },
  { form: 'passed, by the text alone', finding: withStatus({ status: 'pass' }), expected: { refused: /not Fail/ } },
  { form: 'passed', finding: withStatus({ status: 'Pass', status_id: 1 }), expected: { refused: /not Fail/ } },
  { form: 'a warning', finding: withStatus({ status: 'Warning', status_id: 2 }), expected: { refused: /not Fail/ } },
  { form: 'no status', finding: withStatus({}), expected: unknown },
  { form: 'a status of tomorrow', finding: withStatus({ status: 'Broken' }), expected: unknown },
  { form: 'what every object has', finding: withStatus({ status: 'constructor' }), expected: unknown },
  { form: 'another number', finding: withStatus({ status: 'Other', status_id: 99 }), expected: unknown },
  { form: 'a text against the number', finding: withStatus({ status: 'Fail', status_id: 1 }), expected: unknown },
];

const ofClasses: readonly OcsfForm[] = [
  { form: 'another class', finding: { ...ocsfFinding, class_uid: 2004 }, expected: { refused: /class_uid is 2004/ } },
  { form: 'no control', finding: { ...ocsfFinding, compliance: { status_id: 3 } }, expected: { refused: /compliance\.control is/ } },
];

export const ocsfForms: readonly OcsfForm[] = [...ofParameters, ...ofStatuses, ...ofClasses];

const { metadata, finding_info: info } = ocsfFinding;
const withInfo = (more: object) => ({ ...ocsfFinding, finding_info: { uid: info.uid, ...more } });
const own = 'posture-remediator 2026-11-20T10:00:00.000Z: Fixed.';

/** Fields that may be absent, and their other values: what is read of each is known. */
export const ocsfVariants: readonly object[] = [
  ...ocsfForms.map(({ finding }) => finding),
  ...[0, 2, 3, 4, 5, 6, 99, 100, -1, undefined].map((status_id) => ({ ...ocsfFinding, status_id })),
  ...[3, 100].map((activity_id) => ({ ...ocsfFinding, activity_id })),
  ...[own, 'ours', 7].flatMap((comment) => [
    { ...ocsfFinding, status_id: 2, comment },
    { ...ocsfFinding, status_id: 1, comment },
    { ...ocsfFinding, status_id: 2, comment, finding_info: { ...info, modified_time_dt: '2026-11-20T10:15:00.000Z' } },
    { ...ocsfFinding, status_id: 2, comment, finding_info: { ...info, modified_time_dt: '2026-11-20T10:14:59.999Z' } },
    { ...withInfo({}), status_id: 2, comment },
  ]),
  { ...withInfo({}), time: 1_763_631_005_000 },
  ...[1_763_631_005_000, -1, 8.64e15 + 1, 0.5].map((created_time) => ({ ...withInfo({ created_time }), time: 1 })),
  withInfo({ first_seen_time_dt: '2026-10-01T09:30:00Z', created_time_dt: '2026-11-01T09:30:00Z' }),
  withInfo({}),
  { ...ocsfFinding, finding_info: { ...info, uid: 'a' } },
  { ...ocsfFinding, finding_info: { ...info, uid: info.uid.replace('EC2.18', 'EC2.19') } },
  { ...ocsfFinding, finding_info: { ...info, uid: info.uid.replace('EC2.18', 'standard/4.1') } },
  { ...ocsfFinding, metadata: { ...metadata, uid: 'abc' } },
  { ...ocsfFinding, metadata: { ...metadata, uid: 'a b' } },
  ...['guardduty', 'securityhub-coverage'].flatMap((name) =>
    ['EC2.18', 'S3.1', undefined].map((control) => ({
      ...ocsfFinding,
      metadata: { product: { uid: metadata.product.uid.replace('aws/securityhub', `aws/${name}`) } },
      compliance: { ...ocsfFinding.compliance, control },
    })),
  ),
  { ...ocsfFinding, cloud: { account: { uid: '444455556666' }, region: 'eu-west-1' } },
  { ...ocsfFinding, cloud: { account: { uid: '111122223333' }, region: 'us-east-1' } },
  { ...ocsfFinding, cloud: { account: { uid: '111122223333' } } },
  judgedBy(Array.from({ length: 51 }, (_, index) => ({ name: `p${index}`, value: '1' }))),
  judgedBy([{ name: ports, values: Array.from({ length: 101 }, () => '1') }]),
  judgedBy([{ name: ports, value: 'x'.repeat(2049) }]),
  judgedBy([{ name: 'a b', value: '1' }]),
  { ...ocsfFinding, resources: [] },
  { ...ocsfFinding, resources: Array.from({ length: 33 }, () => ocsfFinding.resources[0]) },
  { ...ocsfFinding, resources: [ocsfFinding.resources[0], { ...ocsfFinding.resources[0], uid_alt: `${group}9` }] },
  ...[
    { type: 'AWS::EC2::SecurityGroup', uid: 'sg-1234123f' },
    { type: 'aws::ec2::securitygroup', uid: 'sg-1234123f', uid_alt: 'web' },
    { type: 'AWS::EC2::SecurityGroup', uid_alt: 'sg-1234123f' },
    { type: 'AWS::EC2::SecurityGroup' },
    { type: 'AWS::EC2::SecurityGroup', uid: 'sg-1234123f', owner: { account: { uid: '444455556666' } } },
    { type: 'AWS::EC2::SecurityGroup', uid: 'sg-1234123f', owner: {} },
    { type: 'AWS::EC2::SecurityGroup', uid: 'sg-1234123f', cloud_partition: 'aws-cn' },
    { type: 'AWS::EC2::SecurityGroup', uid: 'sg-1234123f', region: 'us-east-1' },
    { type: 'AWS::EC2::SecurityGroup', uid: 'x'.repeat(2049) },
    { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', uid: 'a' },
  ].map((resource) => ({ ...ocsfFinding, resources: [resource] })),
];
