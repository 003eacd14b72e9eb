import { attributeRule } from './cluster/attribute';

export default attributeRule({
  id: 'redshift-cluster-encrypted',
  title: 'Redshift clusters are encrypted at rest',
  why: 'Data and snapshots that are not encrypted can be read by whoever gets at the storage below them.',
  impact:
    'Amazon Redshift moves the data to a new, encrypted cluster behind the same address. Until that is done, minutes to days by its size, the cluster can be read but not written. The key is the one that AWS manages for Redshift in the account; a key of your own is set by hand. Snapshots that are there already stay as they are. A rollback moves the data back in the same way.',
  severity: 'medium',
  risk: 'disruptive',
  detectedBy: { securityHub: ['Redshift.10'], config: ['redshift-cluster-kms-enabled'] },
  attribute: 'Encrypted',
  settle: 3 * 86_400,
});
