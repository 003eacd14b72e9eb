import { attributeRule } from './cluster/attribute';

const upgrades = { unmappable: 'The rule enables automatic upgrades.', except: ['true'] };

export default attributeRule({
  id: 'redshift-cluster-major-upgrades-automatic',
  title: 'Redshift clusters have automatic major version upgrades enabled',
  why: 'New versions fix known vulnerabilities of the engine, which stay open until somebody installs them.',
  impact:
    'When a new major version is available, AWS installs it in the maintenance window of the cluster, which is unavailable for some minutes.',
  severity: 'medium',
  risk: 'disruptive',
  detectedBy: { securityHub: ['Redshift.6'], config: ['redshift-cluster-maintenancesettings-check'] },
  detectorParameters: {
    'Redshift.6': { allowVersionUpgrade: upgrades },
    'redshift-cluster-maintenancesettings-check': {
      allowVersionUpgrade: upgrades,
      preferredMaintenanceWindow: { unmappable: 'The rule does not choose the maintenance window.' },
      automatedSnapshotRetentionPeriod: {
        unmappable: 'The rule does not set the retention of snapshots; redshift-cluster-snapshots-automatic does.',
        // The default of the Config rule.
        except: ['1'],
      },
    },
  },
  attribute: 'AllowVersionUpgrade',
  settle: 600,
});
