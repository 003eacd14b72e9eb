import * as z from 'zod';
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

const ocsf = z.object({
  cloud: z.object({ account: z.object({ uid: z.string() }), region: z.string() }),
  metadata: z.object({ uid: z.string().optional() }).optional(),
});

/** The event that Security Hub would send for a finding in OCSF, in the finding's own account and Region; or why it can't be one. */
export function eventOfOcsf(finding: object): object | { readonly problem: string } {
  const parsed = ocsf.safeParse(finding);
  if (!parsed.success)
    return { problem: `It is a finding of OCSF without a readable ${quote(parsed.error.issues[0]?.path.join('.') ?? '')}.` };
  const { cloud, metadata } = parsed.data;
  return {
    source: 'aws.securityhub',
    'detail-type': 'Findings Imported V2',
    account: cloud.account.uid,
    region: cloud.region,
    time: systemClock.now().toISOString(),
    resources: metadata?.uid === undefined ? [] : [metadata.uid],
    detail: { findings: [finding] },
  };
}
