import { attributeRule } from './db-instance/attribute';

export default attributeRule({
  id: 'rds-instance-tags-copied-to-snapshots',
  title: 'Snapshots of RDS DB instances carry the tags of their instance',
  why: 'What is decided by tags, who may use the data, how long it is kept, who pays for it, holds for a snapshot only if it has them.',
  impact: 'New snapshots have the tags of the instance. Those that are there already stay as they are.',
  severity: 'low',
  risk: 'safe',
  detectedBy: { securityHub: ['RDS.17'], config: ['rds-instance-copy-tags-to-snapshots-enabled'] },
  attribute: 'CopyTagsToSnapshot',
  none: ({ DBClusterIdentifier }) =>
    DBClusterIdentifier === undefined
      ? undefined
      : `The instance is a member of the DB cluster ${DBClusterIdentifier}, whose snapshots are of all its members: let the cluster copy its tags.`,
});
