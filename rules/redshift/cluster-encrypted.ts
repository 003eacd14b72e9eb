import { attributeRule } from './cluster/attribute';

export default attributeRule({
  id: 'redshift-cluster-encrypted',
  title: 'Redshift clusters are encrypted at rest',
  why: 'Anyone with access to the underlying storage can read unencrypted data and snapshots.',
  impact:
    'Amazon Redshift migrates the data to a new, encrypted cluster with the same endpoint. During the migration, minutes to days depending on size, the cluster is read-only. It uses the AWS managed key for Redshift; set a customer managed key manually. Existing snapshots stay unchanged. A rollback migrates the data back in the same way.',
  severity: 'medium',
  risk: 'disruptive',
  detectedBy: { securityHub: ['Redshift.10'], config: ['redshift-cluster-kms-enabled'] },
  detectorParameters: {
    'redshift-cluster-kms-enabled': { kmsKeyArns: { unmappable: 'The rule does not choose the key of a cluster.' } },
  },
  attribute: 'Encrypted',
  settle: 3 * 86_400,
});
