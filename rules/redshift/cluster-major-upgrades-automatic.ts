import { attributeRule } from './cluster/attribute';

export default attributeRule({
  id: 'redshift-cluster-major-upgrades-automatic',
  title: 'Redshift clusters have automatic major version upgrades enabled',
  why: 'New versions fix known vulnerabilities of the engine, which stay open until somebody installs them.',
  impact:
    'When a new major version is available, AWS installs it in the maintenance window of the cluster, which is unavailable for some minutes.',
  severity: 'medium',
  risk: 'disruptive',
  detectedBy: { securityHub: ['Redshift.6'], config: ['redshift-cluster-maintenancesettings-check'] },
  attribute: 'AllowVersionUpgrade',
  settle: 600,
});
