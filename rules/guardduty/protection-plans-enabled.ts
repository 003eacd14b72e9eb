import { plansRule } from './detector/plans';

export default plansRule({
  id: 'guardduty-protection-plans-enabled',
  title: 'GuardDuty protection plans are enabled',
  why: 'Without them, GuardDuty does not monitor clusters, functions, databases and buckets, and misses threats to them.',
  impact: 'None for workloads. GuardDuty charges for each plan by usage, for most of them after a 30-day trial.',
  severity: 'high',
  risk: 'safe',
  demands: [
    { control: 'GuardDuty.5', config: 'guardduty-eks-protection-audit-enabled', name: 'EKS_AUDIT_LOGS' },
    { control: 'GuardDuty.6', config: 'guardduty-lambda-protection-enabled', name: 'LAMBDA_NETWORK_LOGS' },
    { control: 'GuardDuty.9', config: 'guardduty-rds-protection-enabled', name: 'RDS_LOGIN_EVENTS' },
    { control: 'GuardDuty.10', config: 'guardduty-s3-protection-enabled', name: 'S3_DATA_EVENTS' },
  ],
});
