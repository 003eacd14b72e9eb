import { createHash } from 'node:crypto';
import { home, type ReportedResource } from './resources';

/** A standard of Security Hub, whose findings carry its name when control findings are not consolidated. */
export type Standard =
  | 'aws-foundational-security-best-practices/v/1.0.0'
  | 'nist-800-53/v/5.0.0'
  | 'service-managed-aws-control-tower/v/1.0.0'
  | 'cis-aws-foundations-benchmark/v/1.2.0'
  | 'cis-aws-foundations-benchmark/v/1.4.0'
  | 'pci-dss/v/3.2.1';

/** What a finding of a control says; only the control and the resources have no default. */
export interface ControlFinding {
  readonly control: string;
  readonly resource: ReportedResource | readonly ReportedResource[];
  readonly partition?: string;
  readonly account?: string;
  readonly region?: string;
  /** Consolidated control findings are on; true unless given. */
  readonly consolidated?: boolean;
  /** Of a finding that is not consolidated; AWS's own best practices unless given. */
  readonly standard?: Standard;
  /** The number that the standard gives to the control, as CIS and PCI do: `2.1.5`, `PCI.S3.1`. */
  readonly numberInStandard?: string;
  /** From before 2023, when findings named their control in the generator alone. */
  readonly withoutSecurityControlId?: boolean;
  /** By which it judged, by name. */
  readonly parameters?: Readonly<Record<string, readonly string[]>>;
  readonly status?: 'FAILED' | 'PASSED' | 'WARNING' | 'NOT_AVAILABLE';
  readonly previousStatus?: 'FAILED' | 'PASSED' | 'WARNING' | 'NOT_AVAILABLE';
  readonly workflow?: 'NEW' | 'NOTIFIED' | 'RESOLVED' | 'SUPPRESSED';
  readonly recordState?: 'ACTIVE' | 'ARCHIVED';
  readonly firstObservedAt?: string;
  readonly updatedAt?: string;
  /** The last part of its id; derived from the control and the resource unless given. */
  readonly uuid?: string;
}

/** Where and when EventBridge delivers the event; the place of the (first) finding unless given, which a delegated administrator's is not. */
export interface Delivery {
  readonly account?: string;
  readonly region?: string;
  readonly time?: string;
}

/** A finding in the AWS Security Finding Format, as Security Hub writes it for its own controls. */
export const controlFinding = (finding: ControlFinding) => {
  const { control, partition = home.partition, account = home.account, region = home.region } = finding;
  const { consolidated = true, standard = 'aws-foundational-security-best-practices/v/1.0.0' } = finding;
  const { status = 'FAILED', workflow = status === 'PASSED' ? 'RESOLVED' : 'NEW', recordState = 'ACTIVE' } = finding;
  const { firstObservedAt = '2026-03-01T09:30:00.123Z', updatedAt = firstObservedAt } = finding;
  const found = [finding.resource].flat() as readonly ReportedResource[];
  const number = finding.numberInStandard ?? (standard.startsWith('service-managed') ? `CT.${control}` : control);
  const origin = consolidated ? `security-control/${control}` : `subscription/${standard}/${number.replace(/^CT\./, '')}`;
  const uuid = finding.uuid ?? uuidOf(control, origin, account, region, ...found.map(({ arn }) => arn));
  const id = `arn:${partition}:securityhub:${region}:${account}:${origin}/finding/${uuid}`;
  const productArn = `arn:${partition}:securityhub:${region}::product/aws/securityhub`;
  const types = ['Software and Configuration Checks/Industry and Regulatory Standards'];
  const remediation = `https://docs.aws.amazon.com/console/securityhub/${control}/remediation`;
  return {
    SchemaVersion: '2018-10-08',
    Id: id,
    ProductArn: productArn,
    ProductName: 'Security Hub',
    CompanyName: 'AWS',
    Region: region,
    GeneratorId: consolidated ? `security-control/${control}` : generatorId(standard, number),
    AwsAccountId: account,
    AwsAccountName: 'payments',
    Types: types,
    FirstObservedAt: firstObservedAt,
    LastObservedAt: updatedAt,
    CreatedAt: firstObservedAt,
    UpdatedAt: updatedAt,
    ProcessedAt: updatedAt,
    Severity: { Label: 'HIGH', Normalized: 70, Original: 'HIGH' },
    Title: `A check of ${control}`,
    Description: `This control checks what ${control} stands for.`,
    Remediation: {
      Recommendation: {
        Text: 'For information on how to correct this issue, consult the Security Hub controls documentation.',
        Url: remediation,
      },
    },
    ProductFields: {
      ...(consolidated ? {} : standardFields(standard, number, partition, account, region)),
      'RelatedAWSResources:0/name': `securityhub-a-rule-${uuid.slice(0, 8)}`,
      'RelatedAWSResources:0/type': 'AWS::Config::ConfigRule',
      'aws/securityhub/ProductName': 'Security Hub',
      'aws/securityhub/CompanyName': 'AWS',
      'Resources:0/Id': found[0]?.arn ?? '',
      'aws/securityhub/FindingId': `${productArn}/${id}`,
      ...(finding.previousStatus ? { PreviousComplianceStatus: finding.previousStatus } : {}),
    } as Readonly<Record<string, string>>,
    Resources: found.map(({ type, arn, securityHubType: own }) => ({
      Type: own ?? securityHubType(type),
      Id: arn,
      Partition: partition,
      Region: region,
    })),
    Compliance: {
      ...(finding.parameters && {
        SecurityControlParameters: Object.entries(finding.parameters).map(([Name, Value]) => ({ Name, Value: [...Value] })),
      }),
      Status: status,
      ...(finding.withoutSecurityControlId ? {} : { SecurityControlId: control }),
      AssociatedStandards: [{ StandardsId: `standards/${standard}` }],
    },
    WorkflowState: 'NEW',
    Workflow: { Status: workflow },
    RecordState: recordState,
    FindingProviderFields: { Severity: { Label: 'HIGH', Original: 'HIGH' }, Types: types },
  };
};

/** `Security Hub Findings - Imported`: one new or updated finding. */
export const securityHubImported = (finding: ControlFinding, delivery: Delivery = {}) => importedEvent(controlFinding(finding), delivery);

/** The same, around a finding that was made (and perhaps spoilt) before. */
export const importedEvent = (finding: ReturnType<typeof controlFinding>, delivery: Delivery = {}) => ({
  ...envelope('Security Hub Findings - Imported', [finding], delivery),
  resources: [`${finding.ProductArn}/${finding.Id}`],
  detail: { findings: [finding] },
});

/** `Security Hub Findings - Custom Action`: a person chose these findings in the console, and our action. */
export const securityHubCustomAction = (
  findings: readonly ControlFinding[],
  delivery: Delivery & { readonly actionId?: string; readonly actionName?: string } = {},
) => {
  const made = findings.map(controlFinding);
  const { actionId = 'PostureFix', actionName = 'Fix' } = delivery;
  const event = envelope('Security Hub Findings - Custom Action', made, delivery);
  return {
    ...event,
    resources: [`arn:${findings[0]?.partition ?? home.partition}:securityhub:${event.region}:${event.account}:action/custom/${actionId}`],
    detail: { actionName, actionDescription: 'Puts right what the finding reports', findings: made },
  };
};

/** The name that Security Hub has for a CloudFormation type: `AwsEc2Vpc` for `AWS::EC2::VPC`. */
export const securityHubType = (type: string): string =>
  type
    .split('::')
    .map((word) => word.replace(/[A-Z]+(?=[A-Z][a-z]|\d|$)/g, (capitals) => capitals[0] + capitals.slice(1).toLowerCase()))
    .join('');

const envelope = (
  detailType: string,
  findings: readonly { AwsAccountId: string; Region: string; UpdatedAt: string }[],
  delivery: Delivery,
) => {
  const { AwsAccountId = home.account, Region = home.region, UpdatedAt = '2026-03-01T09:30:00.123Z' } = findings[0] ?? {};
  return {
    version: '0',
    id: uuidOf(detailType, AwsAccountId, Region, JSON.stringify(findings)),
    'detail-type': detailType,
    source: 'aws.securityhub',
    account: delivery.account ?? AwsAccountId,
    time: delivery.time ?? `${UpdatedAt.slice(0, 19)}Z`,
    region: delivery.region ?? Region,
  };
};

const generatorId = (standard: Standard, number: string): string => {
  const own = number.replace(/^CT\./, '');
  return standard === 'cis-aws-foundations-benchmark/v/1.2.0'
    ? `arn:aws:securityhub:::ruleset/${standard}/rule/${own}`
    : `${standard}/${own}`;
};

const standardFields = (standard: Standard, number: string, partition: string, account: string, region: string) => {
  const control = `arn:${partition}:securityhub:${region}:${account}:control/${standard}/${number.replace(/^CT\./, '')}`;
  const subscription = `arn:${partition}:securityhub:${region}:${account}:subscription/${standard}`;
  return standard === 'cis-aws-foundations-benchmark/v/1.2.0'
    ? {
        StandardsGuideArn: `arn:${partition}:securityhub:::ruleset/${standard}`,
        StandardsGuideSubscriptionArn: subscription,
        RuleId: number,
        StandardsControlArn: control,
      }
    : {
        StandardsArn: `arn:${partition}:securityhub:::standards/${standard}`,
        StandardsSubscriptionArn: subscription,
        ControlId: number,
        StandardsControlArn: control,
      };
};

const uuidOf = (...parts: readonly string[]): string => {
  const hash = createHash('sha256').update(parts.join('\n')).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};
