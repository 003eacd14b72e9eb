import { attributeRule } from './db-instance/attribute';

export default attributeRule({
  id: 'rds-instance-tags-copied-to-snapshots',
  title: 'RDS DB instances copy their tags to snapshots',
  why: 'Access control, retention and cost allocation by tags apply to a snapshot only if it has the tags.',
  impact: 'New snapshots get the tags of the instance. Existing snapshots stay unchanged.',
  severity: 'low',
  risk: 'safe',
  detectedBy: { securityHub: ['RDS.17'], config: ['rds-instance-copy-tags-to-snapshots-enabled'] },
  attribute: 'CopyTagsToSnapshot',
  none: ({ DBClusterIdentifier }) =>
    DBClusterIdentifier === undefined
      ? undefined
      : {
          unfixable: `The instance is a member of the DB cluster ${DBClusterIdentifier}, and snapshots are taken of the cluster. Enable tag copying there.`,
          code: 'cluster-member',
        },
});
