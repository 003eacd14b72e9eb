import { attributeRule } from './db-cluster/attribute';

export default attributeRule({
  id: 'rds-cluster-deletion-protected',
  title: 'RDS DB clusters have deletion protection enabled',
  why: 'A single mistaken call deletes a cluster and, without a final snapshot, all its data.',
  impact:
    'None for clients. Instances of the cluster can still be deleted. To delete the cluster, including with AWS CloudFormation or Terraform, disable deletion protection first.',
  severity: 'medium',
  risk: 'safe',
  detectedBy: {
    securityHub: ['RDS.7', 'Neptune.4', 'DocumentDB.5'],
    config: [
      'rds-cluster-deletion-protection-enabled',
      'neptune-cluster-deletion-protection-enabled',
      'docdb-cluster-deletion-protection-enabled',
    ],
  },
  attribute: 'DeletionProtection',
  none: () => undefined,
});
