import { createHash } from 'node:crypto';
import { home, type ReportedResource } from './resources';

/** What a compliance finding says; only the control and the resource have no default. */
export interface ComplianceFinding {
  readonly control: string;
  readonly resource: ReportedResource;
  readonly partition?: string;
  readonly account?: string;
  readonly region?: string;
  readonly uuid?: string;
  readonly status?: 'Pass' | 'Warning' | 'Fail';
  /** `status_id`: 1 is New, 2 In Progress, 3 Suppressed. */
  readonly workflow?: number;
  readonly activity?: number;
  readonly comment?: string;
  readonly firstSeen?: string;
  readonly modified?: string;
}

const statusIds = { Pass: 1, Warning: 2, Fail: 3 } as const;

/** A finding in OCSF, as Security Hub writes it for a control of Security Hub CSPM: its `finding_info.uid` is the `Id` of that finding. */
export const complianceFinding = (finding: ComplianceFinding) => {
  const { control, resource, partition = home.partition, account = home.account, region = home.region } = finding;
  const { uuid = 'a1b2c3d4', status = 'Fail', workflow = 1, activity = 1, comment } = finding;
  const { firstSeen = '2026-03-01T09:30:00.123Z', modified = firstSeen } = finding;
  const id = `arn:${partition}:securityhub:${region}:${account}:security-control/${control}/finding/${uuid}`;
  return {
    activity_id: activity,
    activity_name: 'Create',
    category_name: 'Findings',
    category_uid: 2,
    class_name: 'Compliance Finding',
    class_uid: 2003,
    type_uid: 200301,
    severity: 'High',
    severity_id: 4,
    status_id: workflow,
    time: Date.parse(modified),
    ...(comment !== undefined && { comment }),
    cloud: { provider: 'AWS', region, account: { uid: account } },
    metadata: {
      uid: createHash('sha256').update(id).digest('hex'),
      version: '1.9.0',
      product: {
        name: 'Security Hub',
        vendor_name: 'AWS',
        uid: `arn:${partition}:securityhub:${region}::productv2/aws/securityhub`,
      },
    },
    finding_info: {
      uid: id,
      title: `A check of ${control}`,
      created_time_dt: firstSeen,
      first_seen_time_dt: firstSeen,
      last_seen_time_dt: modified,
      modified_time_dt: modified,
    },
    compliance: {
      control,
      status,
      status_id: statusIds[status],
      standards: ['standards/aws-foundational-security-best-practices/v/1.0.0'],
    },
    resources: [
      {
        type: resource.type,
        uid: resource.configId ?? resource.arn,
        uid_alt: resource.arn,
        cloud_partition: partition,
        region,
        owner: { account: { uid: account } },
      },
    ],
  };
};

/** `Findings Imported V2`: one new or updated finding. */
export const importedV2 = (
  finding: ReturnType<typeof complianceFinding>,
  delivery: { readonly account?: string; readonly region?: string } = {},
) => ({
  version: '0',
  id: '11112222-3333-4444-5555-666677778888',
  'detail-type': 'Findings Imported V2',
  source: 'aws.securityhub',
  account: delivery.account ?? finding.cloud.account.uid,
  region: delivery.region ?? finding.cloud.region,
  time: new Date(Date.parse(finding.finding_info.modified_time_dt) + 30_000).toISOString(),
  resources: [finding.metadata.uid],
  detail: { findings: [finding] },
});
