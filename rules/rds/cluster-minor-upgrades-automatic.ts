import { attributeRule } from './db-cluster/attribute';

export default attributeRule({
  id: 'rds-cluster-minor-upgrades-automatic',
  title: 'RDS DB clusters have automatic minor version upgrades enabled',
  why: 'Minor versions fix known vulnerabilities of the engine, which stay open until somebody installs them.',
  impact:
    'When AWS selects a newer minor version, the cluster is upgraded in its maintenance window and is unavailable for some minutes. In an Aurora cluster, each instance has to allow it too. A fix during that window can start the upgrade immediately.',
  severity: 'medium',
  risk: 'disruptive',
  detectedBy: { securityHub: ['RDS.35'], config: ['rds-cluster-auto-minor-version-upgrade-enable'] },
  attribute: 'AutoMinorVersionUpgrade',
  none: ({ Engine = '' }) =>
    ['docdb', 'neptune'].includes(Engine)
      ? { unfixable: `For ${Engine}, this is a setting of the instances, not of the cluster.`, code: 'not-supported' }
      : undefined,
});
