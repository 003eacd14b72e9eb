import { attributeRule } from './db-cluster/attribute';

export default attributeRule({
  id: 'rds-cluster-tags-copied-to-snapshots',
  title: 'RDS DB clusters copy their tags to snapshots',
  why: 'Access control, retention and cost allocation by tags apply to a snapshot only if it has the tags.',
  impact: 'New snapshots get the tags of the cluster. Existing snapshots stay unchanged.',
  severity: 'low',
  risk: 'safe',
  detectedBy: {
    securityHub: ['RDS.16', 'RDS.47', 'RDS.48', 'Neptune.8'],
    config: [
      'rds-cluster-copy-tags-to-snapshots-enabled',
      'rds-pgsql-cluster-copy-tags-to-snapshot-check',
      'rds-mysql-cluster-copy-tags-to-snapshot-check',
      'neptune-cluster-copy-tags-to-snapshot-enabled',
    ],
  },
  attribute: 'CopyTagsToSnapshot',
  none: ({ Engine }) =>
    Engine === 'docdb'
      ? { unfixable: 'Amazon DocumentDB cannot copy the tags of a cluster to its snapshots.', code: 'not-supported' }
      : undefined,
});
