import { ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { defineRule, notFound } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { multiAzClusterOf } from './db-instance/multi-az-cluster';
import { dbInstance } from './db-instance/resource';
import { hindrance, obstacleBy } from './status/obstacle';

/** For a public instance, what prevents a change: a `status` other than available, or its Multi-AZ DB `cluster`. */
type State = { readonly publiclyAccessible: boolean; readonly status?: string; readonly cluster?: string };

export default defineRule({
  id: 'rds-instance-not-public',
  title: 'RDS DB instances are not publicly accessible',
  why: 'With a public address, only passwords and security groups protect a database from the internet.',
  impact: 'Clients outside the VPC of the instance and its connected networks can no longer connect. Clients inside are not affected.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: dbInstance,
  property: 'PubliclyAccessible',
  detectedBy: { securityHub: ['RDS.2'], config: ['rds-instance-public-access-check'] },
  permissions: {
    inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
    change: { actions: ['rds:ModifyDBInstance'], on: instances },
  },
  clients: [RDSClient],
  commands: [ModifyDBInstanceCommand],
  settle: 1800,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const instance = await describeInstance(id, aws);
    if (!instance) return notFound;
    if (!instance.PubliclyAccessible) return { publiclyAccessible: false };
    const cluster = multiAzClusterOf(instance);
    return { publiclyAccessible: true, ...hindrance(instance.DBInstanceStatus), ...(cluster !== undefined && { cluster }) };
  },

  plan({ id }, { publiclyAccessible, status, cluster }) {
    if (!publiclyAccessible) return [];
    if (cluster !== undefined)
      return {
        unfixable: `The instance is a member of the Multi-AZ DB cluster ${cluster}, whose public access can be set only at creation. Restore it to a new cluster without public access.`,
        code: 'cluster-member',
      };
    if (status !== undefined) return obstacleBy('instance', status);
    return [{ do: access(id, false), undo: access(id, true) }];
  },

  list: (_, aws) => listInstances(aws),
});

// AWS applies it immediately. ApplyImmediately would also apply other changes that wait for the maintenance window.
const access = (DBInstanceIdentifier: string, PubliclyAccessible: boolean) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, PubliclyAccessible });
