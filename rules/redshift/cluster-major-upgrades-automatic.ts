import { attributeRule } from './cluster/attribute';

export default attributeRule({
  id: 'redshift-cluster-major-upgrades-automatic',
  title: 'Redshift clusters get new major versions by themselves',
  why: 'New versions mend known weaknesses of the engine, which stay open where nobody installs them.',
  impact:
    'When a new major version is there, AWS installs it in the maintenance window of the cluster, which is not available for some minutes then.',
  severity: 'medium',
  risk: 'disruptive',
  detectedBy: { securityHub: ['Redshift.6'], config: ['redshift-cluster-maintenancesettings-check'] },
  attribute: 'AllowVersionUpgrade',
  settle: 600,
});
