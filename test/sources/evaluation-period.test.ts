import { loadRules } from '../../functions/catalogue/catalogue';
import { changeTriggered, evaluationPeriod } from '../../functions/sources/evaluation-period';

const detectors = loadRules().flatMap(({ rule }) => [...rule.detectedBy.securityHub, ...rule.detectedBy.config]);
const hour = 3_600_000;

// Of "List of AWS Config Managed Rules by Trigger Type" of AWS's documentation, those of rules here, and their controls.
const periodic = `
access-keys-rotated alb-http-to-https-redirection-check cloud-trail-cloud-watch-logs-enabled cloud-trail-encryption-enabled
cloud-trail-log-file-validation-enabled cmk-backing-key-rotation-enabled cw-loggroup-retention-period-check dynamodb-autoscaling-enabled
ebs-snapshot-public-restorable-check ec2-ebs-encryption-by-default ec2-stopped-instance eks-endpoint-no-public-access
elasticache-redis-cluster-automatic-backup-check guardduty-enabled-centralized iam-password-policy iam-user-unused-credentials-check
kms-cmk-not-scheduled-for-deletion s3-account-level-public-access-blocks-periodic secretsmanager-secret-periodic-rotation
secretsmanager-secret-unused ssm-document-not-public vpc-flow-logs-enabled
CloudTrail.4 EC2.1 EC2.6 EC2.7 IAM.3 KMS.4 S3.1 ELB.1
`;

it('is that of a change only for detectors of the catalogue', () => {
  expect([...changeTriggered].filter((name) => !detectors.includes(name))).toEqual([]);
  expect(changeTriggered.size).toBeGreaterThan(100);
});

it.each(periodic.trim().split(/\s+/))('of %s, which AWS evaluates periodically, is the longest that AWS documents', (name) => {
  expect(evaluationPeriod(name)).toBe(24 * hour);
});

it.each(['S3.8', 'EC2.2', 's3-bucket-versioning-enabled', 'restricted-ssh'])('of %s, which AWS evaluates at a change, is short', (name) => {
  expect(evaluationPeriod(name)).toBeLessThanOrEqual(hour);
});

it('of a detector of which nothing is known is the longest', () => {
  expect(evaluationPeriod('S3.999')).toBe(24 * hour);
});
