import { createHash } from 'node:crypto';
import { home } from './resources';

/** What a rule of AWS Config found; only the rule and the resource have no default. */
export interface ComplianceChange {
  /** The name of the managed rule, such as `restricted-ssh`. */
  readonly rule: string;
  /** How the rule was deployed: by hand, by Security Hub, by a conformance pack, or to an organization. Plain unless given. */
  readonly form?: 'plain' | 'security-hub' | 'conformance-pack' | 'organization';
  readonly resourceType: string;
  readonly resourceId: string;
  readonly partition?: string;
  readonly account?: string;
  readonly region?: string;
  readonly compliance?: 'NON_COMPLIANT' | 'COMPLIANT' | 'NOT_APPLICABLE' | 'INSUFFICIENT_DATA';
  readonly before?: 'NON_COMPLIANT' | 'COMPLIANT' | 'NOT_APPLICABLE' | 'INSUFFICIENT_DATA';
  readonly recordedAt?: string;
  readonly time?: string;
}

/** `Config Rules Compliance Change`: one resource has changed its compliance with one Config rule. */
export const configComplianceChange = (change: ComplianceChange) => {
  const { rule, form = 'plain', resourceType, resourceId, compliance = 'NON_COMPLIANT', before = 'COMPLIANT' } = change;
  const { partition = home.partition, account = home.account, region = home.region, recordedAt = '2026-03-01T09:30:02.750Z' } = change;
  const hash = createHash('sha256').update(`${rule}/${account}/${region}`).digest('hex');
  const names = {
    plain: rule,
    'security-hub': `securityhub-${rule}-${hash.slice(0, 8)}`,
    'conformance-pack': `${rule}-conformance-pack-${hash.slice(0, 9)}`,
    organization: `OrgConfigRule-${rule}-${hash.slice(0, 8)}`,
  };
  const owners = {
    plain: '',
    'security-hub': 'aws-service-rule/securityhub.amazonaws.com/',
    'conformance-pack': 'aws-service-rule/config-conforms.amazonaws.com/',
    organization: 'aws-service-rule/config-multiaccountsetup.amazonaws.com/',
  };
  const result = (complianceType: string, at: string) => ({
    evaluationResultIdentifier: {
      evaluationResultQualifier: { configRuleName: names[form], resourceType, resourceId },
      orderingTimestamp: at,
    },
    complianceType,
    resultRecordedTime: at,
    configRuleInvokedTime: at,
  });
  return {
    version: '0',
    id: `${hash.slice(0, 8)}-77fe-4518-a4fc-${createHash('sha256').update(`${resourceType}/${resourceId}`).digest('hex').slice(0, 12)}`,
    'detail-type': 'Config Rules Compliance Change',
    source: 'aws.config',
    account,
    time: change.time ?? `${recordedAt.slice(0, 19)}Z`,
    region,
    resources: [] as readonly string[],
    detail: {
      resourceId,
      awsRegion: region,
      awsAccountId: account,
      configRuleName: names[form],
      recordVersion: '1.0',
      configRuleARN: `arn:${partition}:config:${region}:${account}:config-rule/${owners[form]}config-rule-${hash.slice(0, 6)}`,
      messageType: 'ComplianceChangeNotification',
      newEvaluationResult: result(compliance, recordedAt),
      oldEvaluationResult: result(before, '2026-02-28T21:12:44.019Z'),
      notificationCreationTime: recordedAt,
      resourceType,
    },
  };
};
