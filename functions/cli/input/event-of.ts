import * as z from 'zod';
import { type ResourceKind, type Rule, toArray } from '../../../rules/rule';
import { systemClock } from '../../clock';
import { quote } from '../../untrusted-text';

/** The event that Security Hub would send for a finding in the AWS Security Finding Format, in the finding's own account and Region. */
export function eventOf(finding: object): object {
  const { AwsAccountId: account, Region, ProductArn } = asff.parse(finding);
  return {
    source: 'aws.securityhub',
    'detail-type': 'Security Hub Findings - Imported',
    account,
    region: Region ?? ProductArn.split(':')[3] ?? '',
    time: systemClock.now().toISOString(),
    detail: { findings: [finding] },
  };
}

const asff = z.object({ AwsAccountId: z.string(), Region: z.string().optional(), ProductArn: z.string() });

/** A `key_value_object`: of one value, or of several. Where it has both, they say the same. */
const parameter = z
  .object({ name: z.string(), value: z.string().optional(), values: z.array(z.string()).optional() })
  .refine(({ value, values }) => (value === undefined ? values !== undefined : values === undefined || values.join() === value));

/** By what the control judged. No schema says what two values of one name mean. */
const parameters = z.array(parameter).refine((all) => new Set(all.map(({ name }) => name.toLowerCase())).size === all.length);

/** A compliance finding of Security Hub in the Open Cybersecurity Schema Framework, as far as it is read. */
const compliance = z.object({
  class_uid: z.literal(2003),
  activity_id: z.number().optional(),
  status_id: z.number().optional(),
  cloud: z.object({ account: z.object({ uid: z.string() }), region: z.string() }),
  metadata: z.object({ product: z.object({ uid: z.string() }) }),
  compliance: z.object({
    control: z.string(),
    status: z.string().optional(),
    status_id: z.number().optional(),
    control_parameters: parameters.optional(),
  }),
  finding_info: z.object({
    uid: z.string(),
    created_time_dt: z.string().optional(),
    first_seen_time_dt: z.string().optional(),
    modified_time_dt: z.string().optional(),
    created_time: z.number().optional(),
  }),
  time: z.number().optional(),
  resources: z
    .array(
      z.object({
        uid: z.string().optional(),
        uid_alt: z.string().optional(),
        type: z.string(),
        region: z.string().optional(),
        cloud_partition: z.string().optional(),
      }),
    )
    .min(1),
});

const statuses: ReadonlyMap<string | number, string> = new Map<string | number, string>([
  [1, 'PASSED'],
  ['pass', 'PASSED'],
  [2, 'WARNING'],
  ['warning', 'WARNING'],
  [3, 'FAILED'],
  ['fail', 'FAILED'],
]);
const workflows: Readonly<Record<number, string>> = { 0: 'NEW', 1: 'NEW', 2: 'NOTIFIED', 3: 'SUPPRESSED' };
const closed = { activity: 3, archived: 5, deleted: 6 } as const;

/** The same finding in the AWS Security Finding Format, in which the rules read it; or why it can't be one. */
export function asffOf(finding: object, rules: readonly Rule[]): object | { readonly problem: string } {
  const { class_uid } = z.object({ class_uid: z.unknown() }).parse(finding);
  if (class_uid !== 2003)
    return { problem: `Its class is ${quote(class_uid)}. Of OCSF, only compliance findings (class 2003) concern the rules.` };
  const parsed = compliance.safeParse(finding);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? '';
    return { problem: `It is a compliance finding of OCSF without a readable ${quote(path)}.` };
  }
  const { cloud, metadata, finding_info: info, compliance: check, resources, status_id, activity_id, time } = parsed.data;
  const created = info.first_seen_time_dt ?? info.created_time_dt ?? dateOf(info.created_time ?? time);
  const status = statusOf(check);
  if (status === undefined)
    return { problem: `Its compliance status is ${quote(check.status)} (${quote(check.status_id)}), which is unknown.` };
  const judgedBy = check.control_parameters?.map(({ name, value, values = [] }) => ({
    Name: name,
    Value: value === undefined ? values : [value],
  }));
  const isClosed = activity_id === closed.activity || status_id === closed.archived || status_id === closed.deleted;
  return {
    Id: info.uid,
    ProductArn: metadata.product.uid.replace('::productv2/', '::product/'),
    AwsAccountId: cloud.account.uid,
    Region: cloud.region,
    GeneratorId: `security-control/${check.control}`,
    CreatedAt: created,
    UpdatedAt: info.modified_time_dt ?? created,
    RecordState: isClosed ? 'ARCHIVED' : 'ACTIVE',
    Workflow: { Status: workflows[status_id ?? 1] ?? 'RESOLVED' },
    Compliance: { Status: status, SecurityControlId: check.control, ...(judgedBy && { SecurityControlParameters: judgedBy }) },
    Resources: resources.map(({ uid = '', uid_alt, type, region, cloud_partition }) => ({
      Type: securityHubTypeOf(type, rules),
      Id: idOf(type, uid, uid_alt),
      ...(cloud_partition !== undefined && { Partition: cloud_partition }),
      ...(region !== undefined && { Region: region }),
    })),
  };
}

/** Undefined if it has none, an unknown one, or two. */
function statusOf({ status, status_id }: z.infer<typeof compliance>['compliance']): string | undefined {
  const said = [status_id, status?.toLowerCase()].filter((one) => one !== undefined).map((one) => statuses.get(one));
  return new Set(said).size === 1 ? said[0] : undefined;
}

const dateOf = (time: number | undefined): string | undefined => (time === undefined ? undefined : new Date(time).toISOString());

/** The ARN, if one of the two ids is. */
function idOf(type: string, uid: string, other: string | undefined): string {
  if (type === 'AWS::::Account' && /^\d{12}$/.test(uid)) return `AWS::::Account:${uid}`;
  return other?.startsWith('arn:') ? other : uid || (other ?? '');
}

/** The name of a CloudFormation type in the AWS Security Finding Format. */
function securityHubTypeOf(type: string, rules: readonly Rule[]): string {
  const kind = rules.flatMap((rule) => toArray<ResourceKind>(rule.resource)).find((one) => one.type === type);
  return kind?.securityHubType ?? type.replaceAll(':', '');
}
