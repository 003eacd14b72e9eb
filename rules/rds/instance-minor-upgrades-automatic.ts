import { attributeRule } from './db-instance/attribute';
import { multiAzClusterOf } from './db-instance/multi-az-cluster';

export default attributeRule({
  id: 'rds-instance-minor-upgrades-automatic',
  title: 'RDS DB instances have automatic minor version upgrades enabled',
  why: 'Minor versions fix known vulnerabilities of the engine, which stay open until somebody installs them.',
  impact:
    'When AWS selects a newer minor version, the instance is upgraded in its maintenance window and is unavailable for some minutes. A fix during that window starts the upgrade immediately.',
  severity: 'high',
  risk: 'disruptive',
  detectedBy: { securityHub: ['RDS.13'], config: ['rds-automatic-minor-version-upgrade-enabled'] },
  attribute: 'AutoMinorVersionUpgrade',
  none(instance) {
    const cluster = multiAzClusterOf(instance);
    if (cluster !== undefined)
      return {
        unfixable: `The instance is a member of the Multi-AZ DB cluster ${cluster}, whose members can't be modified. Enable automatic minor version upgrades on the cluster.`,
        code: 'cluster-member',
      };
    if (instance.Engine?.startsWith('custom-'))
      return {
        unfixable: `Amazon RDS Custom (${instance.Engine}) does not support automatic minor version upgrades. Upgrade it yourself.`,
        code: 'not-supported',
      };
    return undefined;
  },
});
