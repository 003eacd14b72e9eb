import { attributeRule } from './db-instance/attribute';

export default attributeRule({
  id: 'rds-instance-deletion-protected',
  title: 'RDS DB instances cannot be deleted by mistake',
  why: 'One wrong call deletes a database, and with it, if nobody asks for a last snapshot, all its data.',
  impact:
    'None for clients. Whoever deletes the instance on purpose, also by AWS CloudFormation or Terraform, has to turn the protection off first.',
  severity: 'low',
  risk: 'safe',
  detectedBy: { securityHub: ['RDS.8'], config: ['rds-instance-deletion-protection-enabled'] },
  attribute: 'DeletionProtection',
  none: ({ DBClusterIdentifier }) =>
    DBClusterIdentifier === undefined
      ? undefined
      : `The instance is a member of the DB cluster ${DBClusterIdentifier}, which alone can be protected: turn its deletion protection on.`,
});
