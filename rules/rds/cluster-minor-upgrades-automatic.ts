import { attributeRule } from './db-cluster/attribute';

export default attributeRule({
  id: 'rds-cluster-minor-upgrades-automatic',
  title: 'RDS DB clusters get minor versions of their engine by themselves',
  why: 'Minor versions mend known weaknesses of the engine, which stay open where nobody installs them.',
  impact:
    'When AWS has chosen a newer minor version, the cluster is upgraded in its maintenance window, and is not available for some minutes. In a cluster of Aurora, each instance has to allow it too. If the fix falls into that window, it can happen at once.',
  severity: 'medium',
  risk: 'disruptive',
  detectedBy: { securityHub: ['RDS.35'], config: ['rds-cluster-auto-minor-version-upgrade-enable'] },
  attribute: 'AutoMinorVersionUpgrade',
  none: ({ Engine = '' }) =>
    ['docdb', 'neptune'].includes(Engine) ? `Clusters of ${Engine} have no such setting, their instances do.` : undefined,
});
