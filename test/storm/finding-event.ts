import type { Reported } from './population';

export const productArn = (region: string): string => `arn:aws:securityhub:${region}::product/aws/securityhub`;

/** The event by which Security Hub reports findings of one account and Region. */
export function findingEvent(reported: readonly Reported[], now: number): object {
  const time = new Date(now).toISOString();
  const [first] = reported;
  const { account, region } = first?.place ?? { account: '', region: '' };
  return {
    version: '0',
    id: `${now}-${first?.id}`,
    'detail-type': 'Security Hub Findings - Imported',
    source: 'aws.securityhub',
    account,
    time: `${time.slice(0, 19)}Z`,
    region,
    resources: reported.map(({ id }) => `${productArn(region)}/${id}`),
    detail: { findings: reported.map((one) => findingIn(one, time)) },
  };
}

function findingIn({ id, arn, sort, misconfiguration: { control }, place: { account, region } }: Reported, time: string): object {
  return {
    SchemaVersion: '2018-10-08',
    Id: id,
    ProductArn: productArn(region),
    GeneratorId: `security-control/${control}`,
    AwsAccountId: account,
    Region: region,
    Types: ['Software and Configuration Checks/Industry and Regulatory Standards'],
    CreatedAt: time,
    UpdatedAt: time,
    FirstObservedAt: time,
    Title: control,
    Description: control,
    RecordState: 'ACTIVE',
    Workflow: { Status: 'NEW' },
    Compliance: { Status: 'FAILED', SecurityControlId: control },
    Resources: [{ Type: sort.type, Id: arn, Partition: 'aws', Region: region }],
  };
}

/** The resource that a message to a function is about, if it says so. */
export function resourceIn(event: unknown): string | undefined {
  // biome-ignore lint/suspicious/noExplicitAny: any message.
  const given = event as any;
  return given?.detail?.findings?.[0]?.Resources?.[0]?.Id ?? given?.finding?.resource?.reported?.arn;
}
