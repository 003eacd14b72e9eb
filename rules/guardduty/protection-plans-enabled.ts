import { plansRule } from './detector/plans';

export default plansRule({
  id: 'guardduty-protection-plans-enabled',
  title: 'The protection plans of GuardDuty are on',
  why: 'Without them, GuardDuty does not look into clusters, functions, databases, buckets and volumes, and threats there go unseen.',
  impact:
    'None for workloads. GuardDuty bills each plan by what it looks at, most of them after 30 days; after a malware finding it copies volumes to scan them.',
  severity: 'high',
  risk: 'safe',
  demands: [
    { control: 'GuardDuty.5', config: 'guardduty-eks-protection-audit-enabled', name: 'EKS_AUDIT_LOGS' },
    { control: 'GuardDuty.6', config: 'guardduty-lambda-protection-enabled', name: 'LAMBDA_NETWORK_LOGS' },
    { control: 'GuardDuty.8', config: 'guardduty-malware-protection-enabled', name: 'EBS_MALWARE_PROTECTION' },
    { control: 'GuardDuty.9', config: 'guardduty-rds-protection-enabled', name: 'RDS_LOGIN_EVENTS' },
    { control: 'GuardDuty.10', config: 'guardduty-s3-protection-enabled', name: 'S3_DATA_EVENTS' },
  ],
});
