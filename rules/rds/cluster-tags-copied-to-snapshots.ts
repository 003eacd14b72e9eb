import { attributeRule } from './db-cluster/attribute';

export default attributeRule({
  id: 'rds-cluster-tags-copied-to-snapshots',
  title: 'Snapshots of RDS DB clusters carry the tags of their cluster',
  why: 'What is decided by tags, who may use the data, how long it is kept, who pays for it, holds for a snapshot only if it has them.',
  impact: 'New snapshots have the tags of the cluster. Those that are there already stay as they are.',
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
  none: ({ Engine }) => (Engine === 'docdb' ? 'Amazon DocumentDB cannot copy the tags of a cluster to its snapshots.' : undefined),
});
