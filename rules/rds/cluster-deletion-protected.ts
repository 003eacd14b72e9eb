import { attributeRule } from './db-cluster/attribute';

export default attributeRule({
  id: 'rds-cluster-deletion-protected',
  title: 'RDS DB clusters cannot be deleted by mistake',
  why: 'One wrong call deletes a cluster, and with it, if nobody asks for a last snapshot, all its data.',
  impact:
    'None for clients, and the instances of the cluster can still be deleted. Whoever deletes the cluster on purpose, also by AWS CloudFormation or Terraform, has to turn the protection off first.',
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
