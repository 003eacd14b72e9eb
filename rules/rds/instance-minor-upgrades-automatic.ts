import { attributeRule } from './db-instance/attribute';
import { multiAzClusterOf } from './db-instance/multi-az-cluster';

export default attributeRule({
  id: 'rds-instance-minor-upgrades-automatic',
  title: 'RDS DB instances get minor versions of their engine by themselves',
  why: 'Minor versions mend known weaknesses of the engine, which stay open where nobody installs them.',
  impact:
    'When AWS has chosen a newer minor version, the instance is upgraded in its maintenance window, and is not available for some minutes. If the fix falls into that window, it happens at once.',
  severity: 'high',
  risk: 'disruptive',
  detectedBy: { securityHub: ['RDS.13'], config: ['rds-automatic-minor-version-upgrade-enabled'] },
  attribute: 'AutoMinorVersionUpgrade',
  none(instance) {
    const cluster = multiAzClusterOf(instance);
    if (cluster !== undefined)
      return `The instance is a member of the Multi-AZ DB cluster ${cluster}, whose members can't be changed: turn automatic minor version upgrades on for the cluster.`;
    if (instance.Engine?.startsWith('custom-'))
      return `AWS RDS Custom (${instance.Engine}) has no automatic minor version upgrades: its owner upgrades it.`;
    return undefined;
  },
});
