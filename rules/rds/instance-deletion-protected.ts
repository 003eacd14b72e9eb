import { attributeRule } from './db-instance/attribute';

const onlyReported = { irrelevant: 'It only limits which engines are reported.' };

export default attributeRule({
  id: 'rds-instance-deletion-protected',
  title: 'RDS DB instances have deletion protection enabled',
  why: 'A single mistaken call deletes an instance and, without a final snapshot, all its data.',
  impact: 'None for clients. To delete the instance, including with AWS CloudFormation or Terraform, disable deletion protection first.',
  severity: 'low',
  risk: 'safe',
  detectedBy: { securityHub: ['RDS.8'], config: ['rds-instance-deletion-protection-enabled'] },
  detectorParameters: {
    'RDS.8': { databaseEngines: onlyReported },
    'rds-instance-deletion-protection-enabled': { databaseEngines: onlyReported },
  },
  attribute: 'DeletionProtection',
  none: ({ DBClusterIdentifier }) =>
    DBClusterIdentifier === undefined
      ? undefined
      : {
          unfixable: `The instance is a member of the DB cluster ${DBClusterIdentifier}, and only the cluster has deletion protection. Enable it there.`,
          code: 'cluster-member',
        },
});
